package org.sparkgbert.embed;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.spark.ml.functions;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.stat.Summarizer;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.lake.BinaryVectors;
import org.sparkgbert.lake.EmbeddingColumns;
import org.sparkgbert.lake.FinishedFiles;
import org.sparkgbert.lake.OutputPrecision;
import org.sparkgbert.lake.UnpublishedFiles;

/**
 * A sample of a corpus whose mean stands for that of all: distinct texts in the order of a hash, so
 * that the same corpus has the same sample. Its vectors are written beside the table before any
 * others are encoded, so that none is encoded twice, whatever becomes of the run.
 *
 * @param files its texts and vectors
 * @param vectors the same, read; empty if no text has a vector
 */
record MeanSample(FinishedFiles files, Optional<FinishedVectors> vectors) {
  /** Texts of a sample. The mean of so many is off by a hundredth of the standard deviation. */
  static final int SIZE = 10_000;

  /**
   * Encodes a sample.
   *
   * @param encoding how
   * @param known vectors that need not be encoded
   * @param left where it is kept
   */
  static MeanSample encode(
      Encoding encoding, Optional<FinishedVectors> known, UnpublishedFiles left) {
    EmbedSettings settings = encoding.settings();
    int tasks = encoding.tasks();
    Dataset<Row> texts = texts(encoding.corpus().rows(), settings.textColumn()).repartition(tasks);
    Dataset<Row> embedded = encoding.floats(texts, tasks, known, encoding.sampleTally());
    FinishedFiles files =
        EncodedRows.during(
            texts.sparkSession(),
            encoding.stages().progress(),
            OptionalLong.empty(),
            encoding.sampleTally(),
            () -> left.keep(renamed(embedded, settings)));
    return new MeanSample(
        files,
        FinishedVectors.of(
            texts.sparkSession(),
            files,
            new FinishedVectors.Wanted(
                encoding.embedder().fingerprint(texts.sparkSession()),
                OutputPrecision.FLOAT32,
                null,
                true)));
  }

  private static Dataset<Row> texts(Dataset<Row> corpus, String textColumn) {
    Column text = ColumnNames.column(textColumn);
    return corpus
        .select(text)
        .where(text.isNotNull())
        .distinct()
        .orderBy(org.apache.spark.sql.functions.xxhash64(text), text)
        .limit(SIZE);
  }

  /** Under other names, so that nobody takes its files for those of a table. */
  private static Dataset<Row> renamed(Dataset<Row> embedded, EmbedSettings settings) {
    EmbeddingColumns others = new EmbeddingColumns(settings.columns().prefix() + "_of_sample");
    List<String> names =
        Stream.concat(Stream.of(settings.textColumn()), settings.columns().names().stream())
            .toList();
    List<String> renamed =
        Stream.concat(Stream.of(settings.textColumn()), others.names().stream()).toList();
    StructType schema = embedded.schema();
    Column[] columns = new Column[names.size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] =
          ColumnNames.column(names.get(i))
              .as(renamed.get(i), schema.apply(names.get(i)).metadata());
    }
    return embedded.select(columns);
  }

  /** What users should know of the mean of so few vectors; empty for two or more. */
  Optional<String> note() {
    long found = vectors.map(some -> some.rows().limit(2).count()).orElse(0L);
    if (found == 0) {
      return Optional.of(
          "Mean: no text of the corpus has a vector, so bits are about 0, as with --binary-mean zero");
    }
    return found == 1
        ? Optional.of(
            "Mean: only one text of the corpus has a vector, which is the mean itself, so its bits say nothing; embed more texts, or give --binary-mean zero")
        : Optional.empty();
  }

  /** The mean of its vectors; zeros if it has none. */
  List<Double> mean(int dimension) {
    return BinaryVectors.mean(
        vectors
            .map(FinishedVectors::rows)
            .filter(rows -> !rows.isEmpty())
            .map(
                rows ->
                    rows.select(
                            Summarizer.mean(
                                functions.array_to_vector(ColumnNames.column("embedding"))))
                        .head()
                        .<Vector>getAs(0)
                        .toArray())
            .orElseGet(() -> new double[dimension]));
  }
}
