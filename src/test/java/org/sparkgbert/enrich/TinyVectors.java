package org.sparkgbert.enrich;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.action.Progress;
import org.sparkgbert.embed.EmbedCorpus;
import org.sparkgbert.embed.EmbedSettings;
import org.sparkgbert.embed.EmbedderOptions;
import org.sparkgbert.embed.TinyBert;
import org.sparkgbert.encode.EncoderOptions;
import org.sparkgbert.onnx.DeviceChoice;
import org.sparkgbert.onnx.DeviceOptions;
import org.sparkgbert.settings.Settings;

/** Vectors of the tiny model, as a run encodes, stages and looks them up. */
final class TinyVectors {
  private static final StructType TEXTS = new StructType().add("text", DataTypes.StringType);

  private TinyVectors() {}

  /** The tiny model, with its own limits. */
  static RunModel model(SparkSession spark) {
    return model(spark, TinyBert.directory(), 0);
  }

  /** A model on the CPU. */
  static RunModel model(SparkSession spark, Path bundle, int maxSeqLength) {
    Settings settings =
        Settings.NONE
            .with(EmbedderOptions.MODEL, bundle.toString())
            .with(EncoderOptions.MAX_SEQ_LENGTH, maxSeqLength)
            .with(DeviceOptions.DEVICE, DeviceChoice.CPU);
    return RunModel.open(spark, settings, "text");
  }

  /** Different texts. */
  static List<String> texts(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> "Der Text Nummer %d handelt von Haus %d.".formatted(i, i % 7))
        .toList();
  }

  /** A column {@code text}. */
  static Dataset<Row> rows(SparkSession spark, List<String> texts) {
    return spark.createDataFrame(texts.stream().map(RowFactory::create).toList(), TEXTS);
  }

  /** The vectors of texts by their keys, already encoded, as {@link VectorRows} has them. */
  static Dataset<Row> encoded(SparkSession spark, RunModel model, List<String> texts) {
    Dataset<Row> wanted =
        rows(spark, texts).withColumn(VectorRows.KEY, model.keys().of(col("text")));
    Dataset<Row> encoded =
        model
            .embedder()
            .setInputCol("text")
            .setOutputCol(VectorRows.COLUMNS.prefix())
            .transform(wanted)
            .drop("text");
    return spark.createDataFrame(encoded.collectAsList(), VectorRows.SCHEMA.asNullable());
  }

  /** What is known of texts: their vectors, each as often as it is known. */
  static Map<String, List<List<Float>>> lookUp(
      SparkSession spark, RunModel model, List<String> texts, Dataset<Row> known) {
    Map<String, List<List<Float>>> found = new HashMap<>();
    rows(spark, texts)
        .withColumn("wanted", model.keys().of(col("text")))
        .join(known, col("wanted").equalTo(col(VectorRows.KEY)))
        .select("text", VectorRows.COLUMNS.embedding())
        .collectAsList()
        .forEach(
            row ->
                found
                    .computeIfAbsent(row.getString(0), text -> new ArrayList<>())
                    .add(row.getList(1)));
    return found;
  }

  /** The same of vectors that are known once. */
  static Map<String, List<Float>> once(
      SparkSession spark, RunModel model, List<String> texts, Dataset<Row> known) {
    Map<String, List<Float>> found = new HashMap<>();
    lookUp(spark, model, texts, known)
        .forEach(
            (text, vectors) -> {
              if (vectors.size() != 1) {
                throw new AssertionError("%d vectors of '%s'".formatted(vectors.size(), text));
              }
              found.put(text, vectors.get(0));
            });
    return found;
  }

  /** Requires the same texts with the same vectors, but for the rounding of other batches. */
  static void assertNear(Map<String, List<Float>> found, Map<String, List<Float>> expected) {
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    found.forEach(
        (text, vector) -> {
          for (int i = 0; i < vector.size(); i++) {
            assertThat(vector.get(i)).as(text).isCloseTo(expected.get(text).get(i), within(1e-6f));
          }
        });
  }

  /** A failure of a text that has a key. */
  static Dataset<Row> failed(SparkSession spark, RunModel model, String text) {
    return rows(spark, List.of(text))
        .select(
            model.keys().of(col("text")).as(VectorRows.KEY),
            lit(null).cast("array<float>").as(VectorRows.COLUMNS.embedding()),
            lit("failed").as(VectorRows.COLUMNS.status()),
            lit(0).as(VectorRows.COLUMNS.tokens()),
            lit("broken").as(VectorRows.COLUMNS.error()));
  }

  /** Embeds texts, numbered, into a table. */
  static void embed(
      SparkSession spark, Path folder, String output, List<String> texts, String... more) {
    Path corpus = folder.resolve("corpus of " + Path.of(output).getFileName());
    rows(spark, texts)
        .selectExpr("monotonically_increasing_id() AS id", "text")
        .write()
        .mode("overwrite")
        .parquet(corpus.toString());
    Map<String, String> settings =
        new HashMap<>(
            Map.of(
                "input",
                corpus.toString(),
                "output",
                output,
                "model",
                TinyBert.directory().toString(),
                "device",
                "cpu"));
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    new EmbedCorpus(EmbedSettings.of(settings)).run(spark, Progress.NONE);
  }
}
