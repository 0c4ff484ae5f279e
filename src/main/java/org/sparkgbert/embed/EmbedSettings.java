package org.sparkgbert.embed;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.sparkgbert.corpus.CorpusSource;
import org.sparkgbert.lake.EmbeddingColumns;
import org.sparkgbert.lake.OutputOptions;
import org.sparkgbert.lake.OutputPrecision;
import org.sparkgbert.lake.Partitioning;
import org.sparkgbert.lake.TableTarget;
import org.sparkgbert.settings.Labels;
import org.sparkgbert.settings.Settings;

/**
 * What {@link EmbedCorpus} should do.
 *
 * @param corpus what is read
 * @param textColumn column with the text
 * @param keepColumns columns of the corpus that the table keeps; all if none is named
 * @param columns columns that are added
 * @param precision how elements of embeddings are stored
 * @param mean what bits are about, if they are bits
 * @param table the table to write
 * @param partitioning tasks and files
 * @param encoding the model and how it encodes, as {@link EmbedderOptions} declares it
 */
public record EmbedSettings(
    CorpusSource corpus,
    String textColumn,
    List<String> keepColumns,
    EmbeddingColumns columns,
    OutputPrecision precision,
    BinaryMean mean,
    TableTarget table,
    Partitioning partitioning,
    Settings encoding) {
  /**
   * @throws IllegalArgumentException if a value is out of range
   */
  public EmbedSettings {
    Objects.requireNonNull(corpus, "corpus");
    EmbedOptions.TEXT_COLUMN.require(textColumn);
    keepColumns = List.copyOf(keepColumns);
    Objects.requireNonNull(columns, "columns");
    Objects.requireNonNull(precision, "precision");
    Objects.requireNonNull(mean, "mean");
    Objects.requireNonNull(table, "table");
    if (precision != OutputPrecision.FLOAT32 && !table.isParquet()) {
      throw new IllegalArgumentException(
          "Cannot run: %s %s is written to Parquet only, found %s %s"
              .formatted(
                  EmbedOptions.OUTPUT_PRECISION.option(),
                  Labels.of(precision),
                  OutputOptions.OUTPUT_FORMAT.option(),
                  table.format()));
    }
    if (mean == BinaryMean.ZERO && precision != OutputPrecision.BINARY) {
      throw new IllegalArgumentException(
          "Cannot run: %s %s requires %s %s, found %s"
              .formatted(
                  EmbedOptions.BINARY_MEAN.option(),
                  Labels.of(mean),
                  EmbedOptions.OUTPUT_PRECISION.option(),
                  Labels.of(OutputPrecision.BINARY),
                  Labels.of(precision)));
    }
    Objects.requireNonNull(partitioning, "partitioning");
    Objects.requireNonNull(encoding, "encoding");
  }

  /**
   * Parses settings by their names, as on a command line but without dashes.
   *
   * @throws IllegalArgumentException if a name is unknown, or a text is not a value in range
   */
  public static EmbedSettings of(Map<String, String> texts) {
    return of(Settings.parse(texts, EmbedOptions.ALL));
  }

  /**
   * Reads the settings of {@link EmbedOptions}.
   *
   * @throws IllegalArgumentException if a required one is missing, or two exclude each other
   */
  public static EmbedSettings of(Settings settings) {
    settings.requireApplicable(EmbedOptions.ALL);
    return new EmbedSettings(
        CorpusSource.of(settings),
        settings.get(EmbedOptions.TEXT_COLUMN),
        settings.get(EmbedOptions.KEEP_COLUMNS),
        new EmbeddingColumns(settings.get(EmbedOptions.EMBEDDING_COLUMN)),
        settings.get(EmbedOptions.OUTPUT_PRECISION),
        settings.get(EmbedOptions.BINARY_MEAN),
        TableTarget.of(settings),
        Partitioning.of(settings),
        settings);
  }

  /** Where the model is. */
  public ModelReference model() {
    return ModelReference.of(encoding);
  }
}
