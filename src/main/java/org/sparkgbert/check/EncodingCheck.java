package org.sparkgbert.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.embed.EmbedderOptions;
import org.sparkgbert.embed.ModelReference;
import org.sparkgbert.embed.SentenceEmbedder;
import org.sparkgbert.encode.EncoderOptions;
import org.sparkgbert.lake.EmbeddingColumns;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.lake.OutputPrecision;
import org.sparkgbert.model.BundleManifest;
import org.sparkgbert.settings.Settings;
import org.sparkgbert.tokenize.TextOptions;

/** Encodes a sample of a table's texts again and compares. */
final class EncodingCheck {
  /**
   * Maximum difference of elements that count as equal, relative to the vector's largest element:
   * another batch or processor rounds differently.
   */
  private static final double TOLERANCE = 1e-4;

  /** The same for elements that were rounded to a byte: half a step of the scale. */
  private static final double TOLERANCE_OF_BYTES = 0.5 / 127 + TOLERANCE;

  private static final String AGAIN = "spark_gbert_again";

  private EncodingCheck() {}

  /**
   * One line for each sampled row whose embedding differs.
   *
   * @param model where the bundle is
   * @param size number of rows to sample
   */
  static List<String> findings(
      Dataset<Row> rows,
      EmbeddingColumns columns,
      EmbeddingProvenance made,
      String model,
      int size) {
    Dataset<Row> sample =
        rows.where(ColumnNames.column(columns.embedding()).isNotNull())
            .select(
                ColumnNames.column(made.textColumn()).as("text"),
                ColumnNames.column(columns.embedding()).as("expected"))
            .orderBy(functions.xxhash64(functions.col("text")))
            .limit(size);
    Settings encoding =
        Settings.NONE
            .with(EmbedderOptions.MODEL, model)
            .parse(TextOptions.NORMALIZE_UNICODE, List.of(made.normalizeUnicode()))
            .with(TextOptions.MAX_CHARACTERS, made.maxCharacters())
            .with(EncoderOptions.MAX_SEQ_LENGTH, made.maxSeqLength())
            .parse(TextOptions.LONG_TEXT, List.of(made.longText()));
    BundleManifest manifest = ModelReference.of(encoding).open().manifest();
    SentenceEmbedder embedder =
        SentenceEmbedder.of(made.withForm(manifest, encoding)).setOutputCol(AGAIN);
    EmbeddingProvenance now =
        EmbeddingProvenance.of(embedder.transformSchema(sample.schema()).apply(AGAIN))
            .orElseThrow();
    Optional<String> otherModel = made.withMean(null).difference("the table", now, model);
    if (otherModel.isPresent()) {
      return List.of(
          "column %s: cannot be encoded again, %s"
              .formatted(columns.embedding(), otherModel.get()));
    }
    List<String> findings = new ArrayList<>();
    for (Row row : embedder.transform(sample).collectAsList()) {
      double difference =
          made.elements() == OutputPrecision.BINARY
              ? ofSigns(row.getList(1), row.getList(2), made.mean())
              : difference(row.getList(1), row.getList(2));
      double tolerance = made.elements() == OutputPrecision.INT8 ? TOLERANCE_OF_BYTES : TOLERANCE;
      if (!(difference <= tolerance)) {
        findings.add(
            "column %s: encoded again, it differs by %.2g for the text '%s'"
                .formatted(columns.embedding(), difference, start(row.getString(0))));
      }
    }
    return findings;
  }

  private static double difference(List<Float> expected, List<Float> found) {
    if (found == null || found.size() != expected.size()) {
      return Double.NaN;
    }
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < expected.size(); i++) {
      largest = Math.max(largest, Math.abs(expected.get(i)));
      difference = Math.max(difference, Math.abs(expected.get(i) - found.get(i)));
    }
    return difference / largest;
  }

  /** How far elements are on the other side of their mean than their bits say. */
  private static double ofSigns(List<Float> signs, List<Float> found, List<Double> mean) {
    if (found == null || found.size() != signs.size()) {
      return Double.NaN;
    }
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < signs.size(); i++) {
      largest = Math.max(largest, Math.abs(found.get(i)));
      difference = Math.max(difference, -signs.get(i) * (found.get(i) - mean.get(i)));
    }
    return difference / largest;
  }

  private static String start(String text) {
    String line = text.replaceAll("\\s+", " ");
    return line.length() <= 40 ? line : line.substring(0, 40) + "…";
  }
}
