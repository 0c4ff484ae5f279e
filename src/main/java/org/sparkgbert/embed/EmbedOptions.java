package org.sparkgbert.embed;

import java.util.List;
import org.sparkgbert.corpus.InputOptions;
import org.sparkgbert.lake.OutputOptions;
import org.sparkgbert.lake.OutputPrecision;
import org.sparkgbert.lake.Partitioning;
import org.sparkgbert.settings.Setting;

/** Settings of {@link EmbedCorpus}; {@link EmbedSettings#of} reads them. */
public final class EmbedOptions {
  /** Column with the text. */
  public static final Setting<String> TEXT_COLUMN =
      Setting.text("text-column", "text")
          .notBlank()
          .label("NAME")
          .meaning("Column with the text, a string.");

  /** Columns that are kept. */
  public static final Setting<List<String>> KEEP_COLUMNS =
      Setting.names("keep-columns")
          .meaning("Columns of the corpus that the table keeps; all if none is named.");

  /** Column for the embedding. */
  public static final Setting<String> EMBEDDING_COLUMN =
      Setting.text("embedding-column", "embedding")
          .notBlank()
          .label("NAME")
          .meaning(
              "Column for the embedding, and prefix of the columns _status, _tokens and _error.");

  /** Type of an element. */
  public static final Setting<OutputPrecision> OUTPUT_PRECISION =
      Setting.choice("output-precision", OutputPrecision.FLOAT32)
          .meaning(
              "Elements of an embedding: float32; int8 for a byte each, with one scale per vector in"
                  + " the column _scale; or binary for a bit each, set above the corpus mean.");

  /** What bits are about. */
  public static final Setting<BinaryMean> BINARY_MEAN =
      Setting.choice("binary-mean", BinaryMean.CORPUS)
          .meaning(
              "With --output-precision binary, what bits are set above: corpus, the mean of the"
                  + " corpus; or zero, as in sentence-transformers' ubinary.");

  /** Columns of the corpus and of the table. */
  public static final List<Setting<?>> COLUMNS =
      List.of(TEXT_COLUMN, KEEP_COLUMNS, EMBEDDING_COLUMN);

  /** How texts are encoded: tasks, model, and the share that may fail. */
  public static final List<Setting<?>> ENCODING =
      Setting.all(
          List.of(Partitioning.PARTITIONS), EmbedderOptions.ALL, List.of(OutputOptions.MAX_FAILED));

  /** All settings of the action. */
  public static final List<Setting<?>> ALL =
      Setting.all(
          InputOptions.ALL,
          COLUMNS,
          List.of(OUTPUT_PRECISION, BINARY_MEAN),
          OutputOptions.TABLE,
          ENCODING);

  private EmbedOptions() {}
}
