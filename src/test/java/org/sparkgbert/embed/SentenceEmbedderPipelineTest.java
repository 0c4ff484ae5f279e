package org.sparkgbert.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.clustering.KMeans;
import org.apache.spark.ml.clustering.KMeansModel;
import org.apache.spark.ml.feature.SQLTransformer;
import org.apache.spark.ml.functions;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.TestSpark;
import org.sparkgbert.embed.TinyBert.Golden;

class SentenceEmbedderPipelineTest {
  private final SparkSession spark = TestSpark.session();

  @TempDir Path folder;

  /** With a null in front, which has no vector. */
  private static List<String> texts() {
    List<String> texts =
        new ArrayList<>(TinyBert.golden().stream().map(Golden::text).limit(20).toList());
    texts.add(0, null);
    return texts;
  }

  private static Pipeline pipeline() {
    return new Pipeline()
        .setStages(
            new PipelineStage[] {
              TinyBert.embedder(),
              new SQLTransformer()
                  .setStatement("SELECT * FROM __THIS__ WHERE embedding_status = 'ok'"),
              new KMeans().setFeaturesCol("embedding").setK(3).setSeed(7).setMaxIter(3)
            });
  }

  @Test
  void itStandsBeforeKMeansInAPipeline() {
    Dataset<Row> texts = TestSpark.texts(texts(), 2);
    PipelineModel model = pipeline().fit(texts);
    KMeansModel clusters = (KMeansModel) model.stages()[2];
    assertThat(clusters.clusterCenters()).extracting(Vector::size).containsOnly(32);
    List<Row> rows = model.transform(texts).collectAsList();
    assertThat(rows).hasSize(20);
    assertThat(rows.stream().map(row -> row.<Integer>getAs("prediction")).distinct()).hasSize(3);
  }

  @Test
  void aPipelineWithItIsSavedAndLoaded() throws IOException {
    Dataset<Row> texts = TestSpark.texts(texts(), 2);
    PipelineModel model = pipeline().fit(texts);
    String path = folder.resolve("pipeline").toString();
    model.write().save(path);
    assertThat(PipelineModel.load(path).transform(texts).collectAsList())
        .isEqualTo(model.transform(texts).collectAsList());
  }

  @Test
  void embeddingsFromParquetBecomeVectorsOfMLlib() {
    String table = folder.resolve("table").toString();
    TinyBert.embedder().transform(TestSpark.texts(texts(), 2)).write().parquet(table);
    Dataset<Row> read = spark.read().parquet(table).where("embedding IS NOT NULL");
    Dataset<Row> vectors = read.withColumn("v", functions.array_to_vector(read.col("embedding")));
    KMeansModel clusters =
        new KMeans().setFeaturesCol("v").setK(2).setSeed(7).setMaxIter(2).fit(vectors);
    assertThat(clusters.clusterCenters()).hasSize(2);
  }

  @Test
  void aStreamGetsTheSameEmbeddingsAsABatch() throws Exception {
    SentenceEmbedder embedder = TinyBert.embedder();
    Dataset<Row> texts = TestSpark.texts(texts(), 3);
    String input = folder.resolve("input").toString();
    texts.write().parquet(input);
    Dataset<Row> stream = spark.readStream().schema(TestSpark.ID_AND_TEXT).parquet(input);
    embedder
        .transform(stream)
        .writeStream()
        .format("memory")
        .queryName("embedded_stream")
        .trigger(Trigger.AvailableNow())
        .start()
        .awaitTermination();
    List<Row> streamed = spark.table("embedded_stream").orderBy("id").collectAsList();
    List<Row> expected = embedder.transform(texts).orderBy("id").collectAsList();
    assertThat(streamed).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      requireAlike(streamed.get(i), expected.get(i));
    }
  }

  /** Equal but for the rounding of floats: a stream may divide rows into other batches. */
  private static void requireAlike(Row found, Row expected) {
    int index = expected.fieldIndex("embedding");
    for (int column = 0; column < expected.length(); column++) {
      if (column != index || expected.isNullAt(column)) {
        assertThat(found.get(column)).isEqualTo(expected.get(column));
      } else {
        List<Float> wanted = expected.getList(column);
        List<Float> got = found.getList(column);
        assertThat(got).hasSameSizeAs(wanted);
        for (int i = 0; i < wanted.size(); i++) {
          assertThat(got.get(i)).isCloseTo(wanted.get(i), within(1e-5f));
        }
      }
    }
  }

  @Test
  void batchesOfAStreamAreEmbeddedOneByOne() throws Exception {
    ConcurrentHashMap<Long, List<Row>> batches = new ConcurrentHashMap<>();
    VoidFunction2<Dataset<Row>, Long> keep =
        (rows, batch) -> batches.put(batch, TinyBert.embedder().transform(rows).collectAsList());
    Path input = Files.createDirectory(folder.resolve("input"));
    Files.writeString(input.resolve("a.json"), "{\"id\": 0, \"text\": \"Guten Morgen\"}\n");
    Files.writeString(input.resolve("b.json"), "{\"id\": 1, \"text\": null}\n");
    spark
        .readStream()
        .schema(TestSpark.ID_AND_TEXT)
        .option("maxFilesPerTrigger", 1)
        .json(input.toString())
        .writeStream()
        .option("checkpointLocation", folder.resolve("checkpoint").toString())
        .foreachBatch(keep)
        .trigger(Trigger.AvailableNow())
        .start()
        .awaitTermination();
    assertThat(batches).hasSize(2);
    assertThat(
            batches.values().stream()
                .flatMap(List::stream)
                .collect(Collectors.toMap(row -> row.getInt(0), row -> row.getString(3))))
        .containsEntry(0, "ok")
        .containsEntry(1, "empty");
  }
}
