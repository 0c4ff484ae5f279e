package org.sparkgbert.convert;

import java.util.function.Supplier;
import org.sparkgbert.action.Progress;
import org.sparkgbert.convert.ImportRequest.Origin;
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
   *     requires something that is not supported, or if the output exists and must not be
   *     overwritten
   * @throws java.io.UncheckedIOException if a file cannot be read or written
   */
  public Bundle run(Progress progress) {
    ModelImporter.requireFree(settings.output(), settings.mode());
    Origin origin = new ModelSource(settings.source(), hub).find(progress);
    progress.begin("convert model");
    try {
      return ModelImporter.run(
          new ImportRequest(
              origin,
              settings.output(),
              settings.precision(),
              settings.int8Attention(),
              settings.overrides()),
          settings.mode());
    } finally {
      progress.end();
    }
  }
}
