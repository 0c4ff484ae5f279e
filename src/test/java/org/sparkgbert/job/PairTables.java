package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.TestSpark;
import org.sparkgbert.embed.SentenceEmbedder;
import org.sparkgbert.onnx.DeviceChoice;
import org.sparkgbert.onnx.DeviceOptions;
import org.sparkgbert.vector.Similarity;

/** Tables of pairs, and what must be true of their scores. */
final class PairTables {
  private static final StructType SENTENCES =
      new StructType()
          .add("id", DataTypes.IntegerType)
          .add("sentence1", DataTypes.StringType)
          .add("sentence2", DataTypes.StringType);

  private PairTables() {}

  /** A pair of sentences, either may be null. */
  record Pair(String first, String second) {}

  /** Writes pairs, numbered from 0, as {@code in} of a folder. */
  static void write(Path folder, Pair... pairs) {
    List<Row> rows = new ArrayList<>();
    for (Pair pair : pairs) {
      rows.add(RowFactory.create(rows.size(), pair.first, pair.second));
    }
    TestSpark.session()
        .createDataFrame(rows, SENTENCES)
        .repartition(2)
        .write()
        .parquet(folder.resolve("in").toString());
  }

  /** Writes what a query finds as {@code in} of a folder. */
  static void query(Path folder, String sql) {
    TestSpark.session().sql(sql).write().parquet(folder.resolve("in").toString());
  }

  /** Scores {@code in} of a folder, which must succeed. */
  static Dataset<Row> scored(Path folder, String... options) {
    JobRun run = JobRun.sts(folder, options);
    assertThat(run.code()).as(String.join("\n", run.err())).isEqualTo(Main.SUCCEEDED);
    return read(folder);
  }

  /** {@code out} of a folder. */
  static Dataset<Row> read(Path folder) {
    return TestSpark.session().read().parquet(folder.resolve("out").toString());
  }

  /** What a check of {@code out} of a folder prints. */
  static String check(Path folder) {
    return JobRun.of("check", folder.resolve("out").toString()).output();
  }

  /** The values of a column, by id. */
  static List<Object> column(Dataset<Row> table, String name) {
    return table.orderBy("id").select("`" + name + "`").collectAsList().stream()
        .map(row -> row.get(0))
        .toList();
  }

  /** A vector of a row, or null. */
  static List<Float> vector(Row row, String column) {
    int index = row.fieldIndex(column);
    return row.isNullAt(index) ? null : row.getList(index);
  }

  /** Embeddings of texts by the tiny model, by text. */
  static Map<String, List<Float>> vectors(String... texts) {
    Map<String, List<Float>> vectors = new HashMap<>();
    new SentenceEmbedder()
        .setModel(TinyModels.tiny().toString())
        .set(DeviceOptions.DEVICE, DeviceChoice.CPU)
        .transform(TestSpark.texts(List.of(texts), 1))
        .collectAsList()
        .forEach(row -> vectors.put(row.getAs("text"), vector(row, "embedding")));
    return vectors;
  }

  /** The measure of two vectors. */
  static double measure(Similarity similarity, List<Float> x, List<Float> y) {
    return similarity.of(floats(x), floats(y)).orElseThrow();
  }

  private static float[] floats(List<Float> vector) {
    float[] floats = new float[vector.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = vector.get(i);
    }
    return floats;
  }

  /** A file of JSON. */
  static JsonNode json(Path file) throws IOException {
    return JsonMapper.builder().build().readTree(file.toFile());
  }

  /** What a folder shows, hidden things too, but for Hadoop's checksum files. */
  static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.endsWith(".crc"))
          .sorted()
          .toList();
    }
  }

  /** Requires that a run was refused in one line, and that the folder is as it was. */
  static void assertRefused(JobRun run, String message) {
    assertThat(run.err()).containsExactly("spark-gbert: " + message);
    assertThat(run.out()).isEmpty();
    assertThat(run.code()).isEqualTo(Main.WRONG_USAGE);
  }
}
