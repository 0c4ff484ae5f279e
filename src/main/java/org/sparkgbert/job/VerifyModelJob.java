package org.sparkgbert.job;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.sparkgbert.convert.ModelVerification;
import org.sparkgbert.convert.Reference;
import org.sparkgbert.model.Bundle;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Verifies a bundle: its integrity, and its embeddings against themselves and a reference. */
@Command(
    name = "verify-model",
    description =
        "Verify a bundle: checksums, embeddings of German sentences, and agreement with a"
            + " reference.",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true)
final class VerifyModelJob implements Callable<Integer> {
  private static final int BUILT_IN = 48;
  private static final int SHOWN = 5;

  private final Console console;

  @Parameters(paramLabel = "BUNDLE", description = "Directory of the bundle.")
  private Path directory;

  @Option(
      names = "--reference",
      paramLabel = "FILE",
      description = "JSON lines of text and embedding, as sentence-transformers gives them.")
  private Path reference;

  @Option(
      names = "--threads",
      defaultValue = "0",
      paramLabel = "N",
      description = "Threads of a run, 0 for all cores (default: ${DEFAULT-VALUE}).")
  private int threads;

  @Option(names = "--verbose", description = "Show stack traces.")
  boolean verbose;

  VerifyModelJob(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Bundle bundle = Bundle.open(directory);
    console.print("Bundle %s is whole: sha256 %s".formatted(bundle, bundle.checksum()));
    int used = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    List<String> texts = SampleCorpus.texts().stream().limit(BUILT_IN).toList();
    boolean holds =
        report("alone against in a batch", ModelVerification.alone(bundle, texts, used));
    if (reference != null) {
      List<Reference> references = Reference.read(reference);
      holds &= report("against the reference", ModelVerification.against(bundle, references, used));
    }
    console.print(holds ? "The bundle holds." : "The bundle does not hold.");
    return holds ? Main.SUCCEEDED : Main.FAILED;
  }

  private boolean report(String what, ModelVerification.Result result) {
    console.print(
        String.format(
            Locale.ROOT,
            "%d sentences %s: largest difference %.2g (at most %.2g), smallest cosine %.7f (at"
                + " least %.5f), other token ids in %d",
            result.comparisons().size(),
            what,
            result.largestDifference(),
            result.tolerance(),
            result.smallestCosine(),
            result.leastCosine(),
            result.differingTokens()));
    if (!result.holds()) {
      for (ModelVerification.Comparison worst :
          result.comparisons().subList(0, Math.min(SHOWN, result.comparisons().size()))) {
        console.print(
            String.format(
                Locale.ROOT,
                "  %.2g, cosine %.7f%s: %s",
                worst.difference(),
                worst.cosine(),
                worst.tokensDiffer() ? ", other token ids" : "",
                worst.text().replaceAll("\\s+", " ")));
      }
    }
    return result.holds();
  }
}
