package org.sparkgbert.job;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.TestSpark;
import org.sparkgbert.lake.EmbeddingProvenance;

/** A table of texts on three topics whose embeddings lie far apart, and of texts that are hard. */
final class ClusterTable {
  static final String SCRIPT = "</script><script>alert('Regen')</script><!-- <script>";
  static final int TOPIC_ROWS = 10;

  /** Rows with hostile texts, which have an embedding nevertheless. */
  static final int HOSTILE_ROWS = 6;

  /** Rows whose embedding is null, zero, and not a number. */
  static final int UNUSABLE_ROWS = 3;

  static final int ROWS = 3 * TOPIC_ROWS + HOSTILE_ROWS + UNUSABLE_ROWS;

  private static final int DIMENSION = 32;
  private static final List<String> TOPICS = List.of("sport", "wetter", "backen");

  private static final List<String> TEXTS =
      List.of(
          "Der Stürmer schoss ein Tor, und der Trainer jubelte.",
          "Morgen bringen dunkle Wolken Regen und Gewitter.",
          "Der Teig geht auf, und der Kuchen kommt in den Ofen.");

  private static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.IntegerType, false)
          .add("text", DataTypes.StringType)
          .add("topic", DataTypes.StringType)
          .add("embedding", DataTypes.createArrayType(DataTypes.FloatType));

  private ClusterTable() {}

  /** Writes it, with embeddings that are said to be of a model. */
  static void write(Path directory, EmbeddingProvenance made) {
    write(rows(), made.toMetadata(), directory);
  }

  /** Writes rows that have so many distinct embeddings, in turn. */
  static void writeDistinct(Path directory, int distinct, int rows) {
    List<Row> all =
        IntStream.range(0, rows)
            .mapToObj(id -> row(id, id % distinct, vector(id % distinct, 1, new Random(0))))
            .toList();
    write(all, Metadata.empty(), directory);
  }

  private static void write(List<Row> rows, Metadata made, Path directory) {
    // Bytes of an unpaired surrogate, as foreign writers leave them.
    String text =
        "CASE WHEN text = 'surrogate' THEN CAST(X'68616C6220EDA0BD2076' AS STRING) ELSE text END";
    Dataset<Row> table =
        TestSpark.session()
            .createDataFrame(rows, SCHEMA)
            .withColumn("text", functions.expr(text))
            .withMetadata("embedding", made);
    table.repartition(2).write().parquet(directory.toString());
  }

  private static List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    Random random = new Random(20261123);
    for (int id = 0; id < 3 * TOPIC_ROWS; id++) {
      rows.add(row(id, id % 3, vector(id % 3, 1 + id, random)));
    }
    String[] hostile = {
      SCRIPT, "Regen \0 und \u2028 Wolken", "surrogate", "", null, "Regen ".repeat(40_000)
    };
    for (String text : hostile) {
      rows.add(RowFactory.create(rows.size(), text, "wetter", vector(1, 1, random)));
    }
    float[] notANumber = new float[DIMENSION];
    notANumber[3] = Float.NaN;
    for (float[] unusable : new float[][] {null, new float[DIMENSION], notANumber}) {
      rows.add(RowFactory.create(rows.size(), TEXTS.get(0), "sport", unusable));
    }
    return rows;
  }

  private static Row row(int id, int topic, float[] vector) {
    return RowFactory.create(id, TEXTS.get(topic % 3), TOPICS.get(topic % 3), vector);
  }

  /** Near an axis; its length counts for nothing. */
  private static float[] vector(int axis, float length, Random random) {
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = length * ((i == axis ? 1 : 0) + 0.02f * random.nextFloat());
    }
    return vector;
  }
}
