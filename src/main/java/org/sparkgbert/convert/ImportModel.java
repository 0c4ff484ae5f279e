package org.sparkgbert.convert;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.sparkgbert.action.Progress;
import org.sparkgbert.convert.ImportRequest.Origin;
import org.sparkgbert.convert.hub.HubClient;
import org.sparkgbert.convert.hub.HubReference;
import org.sparkgbert.convert.hub.HubSettings;
import org.sparkgbert.model.Bundle;

/**
 * Makes a bundle from a checkpoint, on the Hub or in a directory, or from an ONNX file.
 *
 * <pre>{@code
 * Settings settings =
 *     Settings.NONE
 *         .with(ImportOptions.SOURCE, "owner/name")
 *         .with(ImportOptions.OUTPUT, Optional.of(Path.of("models/name")));
 * Bundle bundle = new ImportModel(ImportSettings.of(settings)).run(Progress.NONE);
 * }</pre>
 *
 * @param settings what to do
 * @param hub how to reach the Hub; used only if the model comes from there
 */
public record ImportModel(ImportSettings settings, Supplier<HubSettings> hub) {
  /** Uses the Hub as the environment variables of this process say. */
  public ImportModel(ImportSettings settings) {
    this(settings, () -> HubSettings.fromEnvironment(System.getenv()));
  }

  /**
   * Runs the action.
   *
   * @param progress is told how many bytes were downloaded
   * @return the bundle, opened and verified
   * @throws IllegalArgumentException if the source does not exist, a file is missing, damaged or
   *     requires something that is not supported, or if the output exists and is not a bundle
   * @throws java.io.UncheckedIOException if a file cannot be read or written
   */
  public Bundle run(Progress progress) {
    Origin origin = origin(progress);
    progress.begin("convert model");
    try {
      return ModelImporter.run(
          new ImportRequest(origin, settings.output(), settings.precision(), settings.overrides()));
    } finally {
      progress.end();
    }
  }

  private Origin origin(Progress progress) {
    Path path = Path.of(settings.source());
    if (Files.exists(path)) {
      String name = path.toAbsolutePath().normalize().getFileName().toString();
      return new Origin(path, name.replaceFirst("\\.onnx$", ""), name, "local", "");
    }
    HubReference reference =
        HubReference.parse(settings.source())
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "Cannot import model: there is no file '%s', and it is not a Hub id"
                            .formatted(settings.source())));
    HubClient.Snapshot snapshot = download(reference, progress);
    return new Origin(
        snapshot.directory(),
        reference.name(),
        reference.id(),
        snapshot.commit(),
        snapshot.card().licence().orElse(""));
  }

  private HubClient.Snapshot download(HubReference reference, Progress progress) {
    HubClient client = new HubClient(hub.get());
    progress.begin("download model");
    try {
      return client.download(reference, new DownloadStage(progress));
    } finally {
      progress.end();
    }
  }
}
