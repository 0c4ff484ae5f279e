package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.TestSpark;
import org.sparkgbert.lake.EmbeddingProvenance;

/** Tables whose vectors have a byte per element, from job to job. */
class Int8TablesTest {
  @TempDir private static Path shared;
  private static Path floats;
  private static Path bytes;

  @TempDir private Path folder;

  @BeforeAll
  static void embedTwice() throws IOException {
    floats = FormTables.embedded(shared, "floats", 0);
    bytes = FormTables.embedded(shared, "bytes", 0, "--output-precision=int8");
  }

  private FormTables tables() {
    return new FormTables(bytes, floats, folder);
  }

  private JobRun run(String command) {
    return tables().run(command);
  }

  private JobRun succeeded(String command) {
    return tables().succeeded(command);
  }

  @Test
  void theTableHasBytesAndAScaleAndSaysSo() throws IOException {
    Dataset<Row> table = FormTables.read(bytes);
    assertThat(table.columns())
        .containsExactly(
            "id",
            "text",
            "embedding",
            "embedding_scale",
            "embedding_status",
            "embedding_tokens",
            "embedding_error");
    assertThat(table.schema().apply("embedding").dataType().simpleString())
        .isEqualTo("array<tinyint>");
    assertThat(table.schema().apply("embedding_scale").dataType().simpleString())
        .isEqualTo("float");
    EmbeddingProvenance made =
        EmbeddingProvenance.of(table.schema().apply("embedding")).orElseThrow();
    assertThat(made.outputPrecision()).isEqualTo("int8");
    assertThat(made.fingerprint())
        .isEqualTo(
            EmbeddingProvenance.of(FormTables.read(floats).schema().apply("embedding"))
                .orElseThrow()
                .fingerprint());
    assertThat(Files.readString(bytes.resolve("_embedding_run.json")))
        .contains("\"output_precision\" : \"int8\"");
    Row worst =
        table
            .select("id", "embedding", "embedding_scale")
            .join(FormTables.read(floats).selectExpr("id", "embedding AS vector"), "id")
            .selectExpr(
                "max(array_max(transform(zip_with(embedding, vector,"
                    + " (b, v) -> abs(b * embedding_scale - v)), d -> d / embedding_scale)))",
                "count_if((embedding IS NULL) != (vector IS NULL))",
                "max(array_max(transform(embedding, b -> abs(int(b)))))")
            .head();
    assertThat(((Number) worst.get(0)).doubleValue()).isLessThan(0.5001);
    assertThat(worst.getLong(1)).isZero();
    assertThat(worst.getInt(2)).isEqualTo(127);
  }

  @Test
  void aCheckReadsThemAndFindsWhatIsWrong() {
    assertThat(succeeded("check %s").out())
        .last()
        .asString()
        .contains("is valid: %d rows in ".formatted(FormTables.ROWS));
  }

  @Test
  void aSearchFindsWhatItFindsInFloats() {
    String search =
        "search --input=%s --model=%s --device=cpu --query-column=text --queries=%s/../in"
            + " --top-k=3 --keep-columns=text --output=%s";
    for (Path table : List.of(bytes, floats)) {
      succeeded(
          search.formatted(
              table, TinyModels.tiny(), floats, folder.resolve(table.getParent().getFileName())));
    }
    Dataset<Row> ofBytes = FormTables.read(folder.resolve("bytes"));
    Dataset<Row> ofFloats = FormTables.read(folder.resolve("floats"));
    assertThat(ofBytes.count()).isEqualTo(ofFloats.count()).isEqualTo(3 * (FormTables.ROWS - 1));
    Row worst =
        ofBytes
            .join(
                ofFloats.withColumnRenamed("score", "of_floats"),
                scala.jdk.javaapi.CollectionConverters.asScala(List.of("query_id", "rank")).toSeq())
            .selectExpr("max(abs(score - of_floats))")
            .head();
    assertThat(worst.getDouble(0)).isLessThan(0.01);
    JobRun byVectors = run("search --input=%1$s --queries=%1$s --top-k=1 --output=%3$s/by_vectors");
    assertThat(byVectors.code()).as(byVectors.err().toString()).isZero();
    assertThat(FormTables.read(folder.resolve("by_vectors")).where("query_id = id").count())
        .isEqualTo(FormTables.ROWS - 1);
  }

  @Test
  void bytesThatAreKeptStayAsTheyAre() {
    String kept = " --keep-columns=embedding,embedding_scale --input=%1$s --top-k=2";
    succeeded("search --queries=%1$s --output=%3$s/found" + kept);
    succeeded("sts --all-pairs --output=%3$s/partners" + kept);
    succeeded(
        "cluster --k=2 --keep-columns=id,embedding,embedding_scale --input=%1$s --output=%3$s/clusters");
    Dataset<Row> stored =
        FormTables.read(bytes).selectExpr("id", "hash(embedding, embedding_scale) AS h");
    for (String table : List.of("found", "partners", "clusters/assignments")) {
      Dataset<Row> rows = FormTables.read(folder.resolve(table));
      assertThat(rows.schema().apply("embedding").dataType().simpleString())
          .isEqualTo("array<tinyint>");
      assertThat(rows.count())
          .isEqualTo(table.startsWith("clusters") ? FormTables.ROWS : 2L * (FormTables.ROWS - 1));
      assertThat(
              rows.selectExpr("id", "hash(embedding, embedding_scale) AS h")
                  .join(stored, List.of("id", "h").toArray(String[]::new), "left_anti")
                  .count())
          .isZero();
      assertThat(String.join(" ", rows.columns())).doesNotContain("spark_gbert");
    }
    assertThat(
            EmbeddingProvenance.of(
                    FormTables.read(folder.resolve("found")).schema().apply("embedding"))
                .orElseThrow()
                .outputPrecision())
        .isEqualTo("int8");
  }

  @Test
  void pairsPartnersAndClustersAreThoseOfFloats() {
    TestSpark.session()
        .sql("SELECT 1L AS id1, 2L AS id2 UNION ALL SELECT 3L, 9L")
        .write()
        .parquet(folder.resolve("links").toString());
    succeeded("sts --input=%3$s/links --embeddings=%1$s --embeddings2=%2$s --output=%3$s/scored");
    assertThat(run("check %3$s/scored").code()).isZero();
    succeeded("sts --input=%3$s/links --embeddings=%2$s --output=%3$s/exact");
    List<Row> scored = FormTables.read(folder.resolve("scored")).orderBy("id1").collectAsList();
    List<Row> exact = FormTables.read(folder.resolve("exact")).orderBy("id1").collectAsList();
    for (int i = 0; i < 2; i++) {
      assertThat(scored.get(i).<Float>getAs("cosine_similarity"))
          .isCloseTo(exact.get(i).<Float>getAs("cosine_similarity"), within(0.01f));
    }
    succeeded("sts --all-pairs --id-column=id --input=%1$s --top-k=2 --output=%3$s/partners");
    assertThat(FormTables.read(folder.resolve("partners")).count())
        .isEqualTo(2 * (FormTables.ROWS - 1));
    succeeded("cluster --input=%1$s --k=2 --output=%3$s/clusters");
  }

  @Test
  void filesOfBothPrecisionsAreRefused() throws IOException {
    TableFiles.copy(bytes, folder.resolve("both/part=1"));
    TableFiles.copy(floats, folder.resolve("both/part=2"));
    assertThat(run("cluster --input=%3$s/both --k=2 --output=%3$s/result").err())
        .singleElement()
        .asString()
        .matches(
            "spark-gbert: Cannot read column 'embedding': it is array<(tinyint|float)> in the file"
                + " file:.* and array<(tinyint|float)> in file:.*; write all files with one type,"
                + " or read them apart");
  }

  @Test
  void whereFloatsAreNeededBytesAreRefusedByName() throws IOException {
    tables().assertThatFloatsAreDemanded("array<tinyint>", "int8");
  }

  @Test
  void formatsWithoutBytesAreRefused() {
    assertThat(JobRun.embed(folder, "--output-precision=int8", "--output-format=iceberg").err())
        .containsExactly(
            "spark-gbert: Cannot run: --output-precision int8 is written to Parquet only, found"
                + " --output-format iceberg");
  }

  @Test
  void bytesOfAnotherToolAreRefused() {
    FormTables.read(bytes)
        .selectExpr("id", "text", "transform(embedding, b -> b) AS embedding")
        .write()
        .parquet(folder.resolve("foreign").toString());
    assertThat(run("cluster --input=%3$s/foreign --k=2 --output=%3$s/result").err())
        .singleElement()
        .asString()
        .startsWith(
            "spark-gbert: Cannot cluster by column 'embedding': it is array<tinyint>, and there is"
                + " no float column 'embedding_scale'");
  }
}
