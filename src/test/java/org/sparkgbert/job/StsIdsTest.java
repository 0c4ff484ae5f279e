package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.Metadata;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.TestSpark;
import org.sparkgbert.vector.Similarity;

/** Pairs of ids whose embeddings lie in tables. */
class StsIdsTest {
  private static final int ROWS = 6;

  @TempDir private static Path shared;
  private static String embeddings;

  @TempDir private Path folder;

  @BeforeAll
  static void embed() {
    TableOnDisk.embed(shared, ROWS);
    embeddings = shared.resolve("out").toString();
  }

  private void pairs(String values) {
    PairTables.query(
        folder, "SELECT * FROM VALUES " + values + " AS t(id, id1, id2) ORDER BY rand(1)");
  }

  @Test
  void eachPairGetsTheEmbeddingsOfItsIds() throws IOException {
    pairs(
        "(0, 3L, 1), (1, 1L, 3), (2, 3L, 1), (3, 2L, 2), (4, 9L, 0), (5, NULL, NULL), (6, 4L, -1)");
    Dataset<Row> table =
        PairTables.scored(
            folder,
            "--embeddings=" + embeddings,
            "--summary-json=" + folder.resolve("summary.json"));
    assertThat(PairTables.column(table, "id")).containsExactly(0, 1, 2, 3, 4, 5, 6);
    assertThat(PairTables.column(table, "similarity_status"))
        .containsExactly("ok", "ok", "ok", "ok", "missing", "missing", "missing");
    assertThat(PairTables.column(table, "embedding2_status"))
        .containsExactly("ok", "ok", "ok", "ok", "ok", "missing", "missing");
    assertScores(table);
    assertThat(PairTables.json(folder.resolve("summary.json")).get("distinct_texts").asInt())
        .isZero();
    assertThat(PairTables.check(folder)).endsWith("7 rows in 1 file, 0 rows encoded again");
  }

  private static void assertScores(Dataset<Row> table) {
    Map<Long, List<Float>> vectors = new HashMap<>();
    for (Row row : TestSpark.session().read().parquet(embeddings).collectAsList()) {
      vectors.put((long) row.<Integer>getAs("id"), PairTables.vector(row, "embedding"));
    }
    for (Row row : table.collectAsList()) {
      Long id1 = row.getAs("id1");
      Integer id2 = row.getAs("id2");
      List<Float> first = vectors.get(id1);
      List<Float> second = id2 == null ? null : vectors.get((long) id2);
      assertThat(PairTables.vector(row, "embedding1")).isEqualTo(first);
      assertThat(PairTables.vector(row, "embedding2")).isEqualTo(second);
      Float score = row.getAs("cosine_similarity");
      if (first == null || second == null) {
        assertThat(score).isNull();
      } else {
        assertThat((double) score)
            .isCloseTo(PairTables.measure(Similarity.COSINE, first, second), within(1e-6));
      }
    }
  }

  @Test
  void oneColumnMayBeBothSidesWithoutVectors() {
    pairs("(0, 3L, 1), (1, 1L, 3)");
    Dataset<Row> table =
        PairTables.scored(
            folder, "--embeddings=" + embeddings, "--id2-column=id1", "--drop-embeddings");
    assertThat(table.columns()).doesNotContain("embedding1", "embedding2");
    assertThat(PairTables.column(table, "cosine_similarity"))
        .allSatisfy(score -> assertThat((Float) score).isCloseTo(1F, within(1e-6F)));
    assertThat(PairTables.check(folder)).contains("is valid: 2 rows");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "max_seq_length (128 and 64) --max-seq-length=64",
        "long_text (cut and chunks) --long-text=chunks",
        "normalize_unicode (nfc and none) --normalize-unicode=none",
        "max_characters (65536 and 99) --max-characters=99",
        "normalize (false and true) --normalize",
        "normalize (false and true), dimension (32 and 16) --dimensions=16"
      })
  void settingsThatChangeVectorsMustBeTheSame(String difference) throws IOException {
    int option = difference.indexOf("--");
    Path other = Files.createDirectory(folder.resolve("other"));
    Files.createSymbolicLink(other.resolve("in"), shared.resolve("in"));
    assertThat(JobRun.embed(other, difference.substring(option)).code()).isZero();
    pairs("(0, 3L, 1), (1, 1L, 7)");
    String[] options = {"--embeddings=" + embeddings, "--embeddings2=" + other.resolve("out")};
    JobRun refused = JobRun.sts(folder, options);
    assertThat(refused.err())
        .containsExactly(
            "spark-gbert: Cannot compare embeddings: %s and %s are of the same model, tiny-bert, with different settings: %s"
                .formatted(
                    embeddings, other.resolve("out"), difference.substring(0, option).trim()));
    assertThat(refused.code()).isEqualTo(Main.WRONG_USAGE);
  }

  @Test
  void modelsMustBeTheSameUnlessTheyMayDiffer() throws IOException {
    Path other = Files.createDirectory(folder.resolve("other"));
    Files.createSymbolicLink(other.resolve("in"), shared.resolve("in"));
    Path model = TinyModels.named(folder.resolve("model"), "tiny-other");
    assertThat(JobRun.embed(other, "--model=" + model).code()).isEqualTo(Main.SUCCEEDED);
    pairs("(0, 3L, 1), (1, 1L, 7)");
    String[] options = {"--embeddings=" + embeddings, "--embeddings2=" + other.resolve("out")};
    JobRun refused = JobRun.sts(folder, options);
    assertThat(refused.err())
        .singleElement()
        .asString()
        .matches(
            "spark-gbert: Cannot compare embeddings: \\Q%s\\E was made by".formatted(embeddings)
                + " tiny-bert \\(identity [0-9a-f]{12}\\), found tiny-other \\(identity [0-9a-f]{12}\\)"
                + " in \\Q%s\\E".formatted(other.resolve("out")));
    assertThat(refused.code()).isEqualTo(Main.WRONG_USAGE);
    Dataset<Row> mixed = PairTables.scored(folder, options[0], options[1], "--allow-mixed-models");
    assertThat(PairTables.column(mixed, "similarity_status")).containsExactly("ok", "missing");
    JsonNode manifest = PairTables.json(folder.resolve("out/_embedding_run.json"));
    assertThat(manifest.at("/embeddings/embedding2/model").asText()).isEqualTo("tiny-other");
    assertThat(manifest.at("/derived/cosine_similarity/embeddings").size()).isEqualTo(2);
    assertThat(PairTables.check(folder)).contains("is valid: 2 rows");
  }

  @Test
  void dimensionsMustBeTheSameEvenIfModelsMayDiffer() throws IOException {
    TableOnDisk table = TableOnDisk.copy(shared, folder.resolve("copy"));
    Dataset<Row> rows = table.rows();
    String metadata = rows.schema().apply("embedding").metadata().json();
    Path shorter = folder.resolve("shorter");
    rows.withColumn("embedding", functions.expr("slice(embedding, 1, 8)"))
        .withMetadata(
            "embedding", Metadata.fromJson(metadata.replace("\"dimension\":32", "\"dimension\":8")))
        .write()
        .parquet(shorter.toString());
    Files.copy(table.path().resolve("_embedding_run.json"), shorter.resolve("_embedding_run.json"));
    pairs("(0, 3L, 1)");
    PairTables.assertRefused(
        JobRun.sts(
            folder,
            "--embeddings=" + embeddings,
            "--embeddings2=" + shorter,
            "--allow-mixed-models"),
        "Cannot compare embeddings: those of %s have 32 dimensions, found 8 in %s"
            .formatted(embeddings, shorter));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --id1-column=x          | Cannot look up column 'x': there is no such column, found [id, id1, id2, name]
          --id2-column=name       | Cannot look up column 'name': it is string, found int in column 'id' of TABLE
          --id-column=nr          | Cannot look up column 'nr': there is no such column, found [id, text, embedding, embedding_status, embedding_tokens, embedding_error]
          --embedding-column=v    | Cannot look up column 'v': there is no such column, found [id, text, embedding, embedding_status, embedding_tokens, embedding_error]
          --embedding-column=text | Cannot look up column 'text_status': there is no such column, found [id, text, embedding, embedding_status, embedding_tokens, embedding_error]
          --embeddings2=NONE      | Cannot read table NONE: there is no such directory, and no table of that name
          --embeddings2=CORPUS    | Cannot read table CORPUS: it has no _embedding_run.json, so spark-gbert did not write it
          --partition-by=x        | Cannot partition by column 'x': there is no such column, found [id, id1, id2, name, embedding1, embedding1_status, embedding1_tokens, embedding1_error, embedding2, embedding2_status, embedding2_tokens, embedding2_error, cosine_similarity, similarity_status]
          """)
  void whatDoesNotFitTheTablesIsSaid(String option, String message) throws IOException {
    PairTables.query(folder, "SELECT 0 AS id, 1L AS id1, 2 AS id2, 'a' AS name");
    JobRun run = JobRun.sts(folder, "--embeddings=" + embeddings, named(option));
    PairTables.assertRefused(run, named(message));
    assertThat(PairTables.names(folder)).containsExactly("in");
  }

  private static String named(String text) {
    return text.replace("TABLE", embeddings)
        .replace("NONE", shared.resolve("none").toString())
        .replace("CORPUS", shared.resolve("in").toString());
  }

  @Test
  void idsOfATableMustBeUnique() throws IOException {
    Path corpus = Files.createDirectory(folder.resolve("corpus"));
    PairTables.query(
        corpus, "SELECT * FROM VALUES (5, 'a'), (4, 'b'), (5, 'c'), (NULL, 'd') AS t(id, text)");
    assertThat(JobRun.embed(corpus).code()).isEqualTo(Main.SUCCEEDED);
    pairs("(0, 3L, 1)");
    PairTables.assertRefused(
        JobRun.sts(folder, "--embeddings=" + corpus.resolve("out")),
        "Cannot look up embeddings in %s: ids must be unique, found id = 5 in 2 rows"
            .formatted(corpus.resolve("out")));
    assertThat(PairTables.names(folder)).containsExactly("corpus", "in");
  }
}
