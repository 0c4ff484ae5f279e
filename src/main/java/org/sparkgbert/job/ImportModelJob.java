package org.sparkgbert.job;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.sparkgbert.convert.ImportRequest;
import org.sparkgbert.convert.ImportRequest.Origin;
import org.sparkgbert.convert.ImportRequest.Overrides;
import org.sparkgbert.convert.ModelImporter;
import org.sparkgbert.convert.graph.ElementType;
import org.sparkgbert.convert.graph.Pooling;
import org.sparkgbert.convert.hub.HubClient;
import org.sparkgbert.convert.hub.HubReference;
import org.sparkgbert.convert.hub.HubSettings;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.model.BundleManifest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a bundle of a checkpoint, from the Hub or a directory, or of an ONNX file. */
@Command(
    name = "import-model",
    description = "Make a model bundle of a checkpoint or an ONNX file.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true)
final class ImportModelJob implements Callable<Integer> {
  private final Console console;
  private final Map<String, String> environment;

  @Parameters(
      paramLabel = "SOURCE",
      arity = "0..1",
      description = "Hub id OWNER/NAME[@REVISION], a checkpoint's directory, or an ONNX file.")
  private String source;

  @Option(names = "--output", paramLabel = "DIR", description = "Directory of the bundle.")
  private Path output;

  @Option(
      names = "--precision",
      defaultValue = "float32",
      description = "float32, int8 for CPUs, or float16 for GPUs (default: ${DEFAULT-VALUE}).")
  private ElementType precision;

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      description = "Text put before each sentence, in place of the model's default prompt.")
  private String prompt;

  @Option(
      names = "--max-seq-length",
      paramLabel = "N",
      description = "Tokens of a text that are read, at most what the model can.")
  private Integer maxSeqLength;

  @Option(
      names = "--tokenizer",
      paramLabel = "FILE",
      description = "tokenizer.json of an ONNX file, if it does not lie beside it.")
  private Path tokenizer;

  @Option(
      names = "--pooling",
      split = ",",
      description = "Of an ONNX file: mean, cls, max, mean_sqrt_len, or several (default: mean).")
  private List<Pooling> pooling = new ArrayList<>();

  @Option(names = "--normalize", description = "Of an ONNX file: embeddings get unit length.")
  private boolean normalize;

  @Option(names = "--list", description = "List known German models, and end.")
  private boolean list;

  @Option(names = "--verbose", description = "Show stack traces.")
  boolean verbose;

  ImportModelJob(Console console) {
    this(console, System.getenv());
  }

  ImportModelJob(Console console, Map<String, String> environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    if (list) {
      console.print(
          "%-62s %9s  %-7s  %-13s  %s"
              .formatted("model", "dimension", "pooling", "licence", "STSb-de test, Spearman"));
      KnownModel.ALL.forEach(model -> console.print(model.toLine()));
      return Main.SUCCEEDED;
    }
    if (source == null || output == null) {
      throw new IllegalArgumentException("Cannot import model: give a SOURCE and an --output");
    }
    Overrides overrides =
        new Overrides(
            Optional.ofNullable(prompt),
            Optional.ofNullable(maxSeqLength),
            Optional.ofNullable(tokenizer),
            pooling,
            normalize);
    Bundle bundle = ModelImporter.run(new ImportRequest(origin(), output, precision, overrides));
    report(bundle);
    return Main.SUCCEEDED;
  }

  private Origin origin() {
    Path path = Path.of(source);
    if (Files.exists(path)) {
      String name = path.toAbsolutePath().normalize().getFileName().toString();
      return new Origin(path, name.replaceFirst("\\.onnx$", ""), name, "local", "");
    }
    HubReference reference =
        HubReference.parse(source)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "Cannot import model: there is no file '%s', and it is no Hub id"
                            .formatted(source)));
    HubClient hub = new HubClient(HubSettings.fromEnvironment(environment));
    DownloadProgress progress = new DownloadProgress(console);
    HubClient.Snapshot snapshot = hub.download(reference, progress);
    progress.end();
    return new Origin(
        snapshot.directory(),
        reference.name(),
        reference.id(),
        snapshot.commit(),
        snapshot.card().licence().orElse(""));
  }

  private void report(Bundle bundle) {
    BundleManifest model = bundle.manifest();
    console.print("Bundle     " + output);
    console.print("Model      %s, revision %s".formatted(model.name(), model.revision()));
    console.print(
        "Encoder    %s, %d layers, hidden size %d, %s"
            .formatted(
                model.architecture().family(),
                model.architecture().layers(),
                model.architecture().hiddenSize(),
                model.precision()));
    console.print(
        "Embedding  %d dimensions, %s pooling%s, at most %d tokens%s"
            .formatted(
                model.dimension(),
                model.pooling(),
                model.normalize() ? ", unit length" : "",
                model.maxSeqLength(),
                model.prompt().isEmpty() ? "" : ", prompt '" + model.prompt() + "'"));
    String licence = model.licence() == null ? "" : model.licence();
    console.print(
        "Licence    " + (licence.isEmpty() ? "none declared: ask the model's authors" : licence));
    model.notes().forEach(note -> console.print("Note       " + note));
    console.print("Checksum   sha256 " + bundle.checksum());
  }
}
