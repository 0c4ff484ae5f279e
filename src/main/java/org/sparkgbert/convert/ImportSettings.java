package org.sparkgbert.convert;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.sparkgbert.convert.ImportRequest.Overrides;
import org.sparkgbert.convert.graph.ElementType;
import org.sparkgbert.lake.WriteMode;
import org.sparkgbert.settings.Settings;

/**
 * What {@link ImportModel} should do.
 *
 * @param source a Hub id such as {@code owner/name} or {@code owner/name@revision}, a checkpoint's
 *     directory, or an ONNX file
 * @param output directory of the bundle
 * @param mode what happens if it exists; only a bundle is ever overwritten
 * @param precision how matrices are stored
 * @param int8Attention of a bundle in int8, whether its attention is so where much is lost
 * @param overrides what takes precedence over the model's own files
 */
public record ImportSettings(
    String source,
    Path output,
    WriteMode mode,
    ElementType precision,
    Int8Attention int8Attention,
    Overrides overrides) {
  /**
   * Checks that nothing is null.
   *
   * @throws IllegalArgumentException if attention should always be int8 in another precision
   */
  public ImportSettings {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(output, "output");
    Objects.requireNonNull(mode, "mode");
    Objects.requireNonNull(precision, "precision");
    Objects.requireNonNull(int8Attention, "int8Attention");
    Objects.requireNonNull(overrides, "overrides");
    int8Attention.requireFor(precision);
  }

  /**
   * Reads the settings of {@link ImportOptions}.
   *
   * @throws IllegalArgumentException if source or output is not given, or a setting does not apply
   *     beside the others
   */
  public static ImportSettings of(Settings settings) {
    settings.requireApplicable(ImportOptions.ALL);
    String source = settings.get(ImportOptions.SOURCE);
    Optional<Path> output = settings.get(ImportOptions.OUTPUT);
    if (source.isEmpty() || output.isEmpty()) {
      throw new IllegalArgumentException("Cannot import model: give a SOURCE and an --output");
    }
    return new ImportSettings(
        source,
        output.get(),
        settings.get(ImportOptions.MODE),
        settings.get(ImportOptions.PRECISION),
        settings.get(ImportOptions.INT8_ATTENTION),
        new Overrides(
            settings.get(ImportOptions.PROMPT),
            settings.get(ImportOptions.MAX_SEQ_LENGTH),
            settings.get(ImportOptions.TOKENIZER),
            settings.get(ImportOptions.POOLING),
            settings.get(ImportOptions.NORMALIZE)));
  }
}
