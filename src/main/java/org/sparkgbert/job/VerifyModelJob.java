package org.sparkgbert.job;

import java.util.List;
import java.util.Locale;
import org.sparkgbert.action.Amount;
import org.sparkgbert.convert.ModelVerification;
import org.sparkgbert.convert.Verification;
import org.sparkgbert.convert.VerifyModel;
import org.sparkgbert.convert.VerifyOptions;
import org.sparkgbert.convert.VerifySettings;
import org.sparkgbert.settings.SettingGroup;

/** Verifies a bundle: its integrity, and its embeddings against themselves and a reference. */
final class VerifyModelJob implements Job {
  private static final int SHOWN = 5;

  @Override
  public String name() {
    return "verify-model";
  }

  @Override
  public String description() {
    return "Verify a bundle: checksums, embeddings of German sentences, and agreement with a"
        + " reference.";
  }

  @Override
  public List<SettingGroup> groups() {
    return List.of(
        new SettingGroup("Bundle", VerifyOptions.ALL),
        new SettingGroup("Run", List.of(JobOptions.VERBOSE)));
  }

  @Override
  public String example() {
    return "models/e5-small";
  }

  @Override
  public boolean usesSpark() {
    return false;
  }

  @Override
  public int run(Invocation invocation) {
    VerifySettings settings = VerifySettings.of(invocation.settings());
    try (TerminalProgress progress = new TerminalProgress(invocation.console())) {
      Verification found = new VerifyModel(settings).run(progress);
      print(found, invocation.console());
      return found.holds() ? Main.SUCCEEDED : Main.FAILED;
    }
  }

  private static void print(Verification found, Console console) {
    console.print(
        "Bundle %s is intact: sha256 %s".formatted(found.bundle(), found.bundle().checksum()));
    print("alone and in a batch", found.alone(), console);
    found.reference().ifPresent(result -> print("compared with the reference", result, console));
    if (found.blank() > 0) {
      console.print(
          "left out of the reference: %d blank, which have no embedding here"
              .formatted(found.blank()));
    }
    console.print(found.holds() ? "Verification passed." : "Verification failed.");
  }

  private static void print(String what, ModelVerification.Result result, Console console) {
    console.print(
        String.format(
            Locale.ROOT,
            "%s %s: largest difference %.2g (at most %.2g), smallest cosine %.7f (at"
                + " least %.5f), token ids differ in %d",
            Amount.of(result.comparisons().size(), "sentence"),
            what,
            result.largestDifference(),
            result.tolerance(),
            result.smallestCosine(),
            result.leastCosine(),
            result.differingTokens()));
    if (!result.holds()) {
      result.comparisons().stream().limit(SHOWN).forEach(worst -> print(worst, console));
    }
  }

  private static void print(ModelVerification.Comparison worst, Console console) {
    console.print(
        String.format(
            Locale.ROOT,
            "  %.2g, cosine %.7f%s: %s",
            worst.difference(),
            worst.cosine(),
            worst.tokensDiffer() ? ", token ids differ" : "",
            worst.text().replaceAll("\\s+", " ")));
  }
}
