package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.TestSpark;
import org.sparkgbert.job.PairTables.Pair;
import org.sparkgbert.vector.Similarity;

/** What stands in a table of sentence pairs: rows, statuses, vectors, scores, provenance. */
class StsJobTest {
  private static final String HELLO = "Guten Morgen";
  private static final String DOG = "Der Hund bellt.";
  private static final String CAT = "Die Katze schläft.";
  private static final String LONG = "Wort ".repeat(200).strip();

  private static final Pair[] PAIRS = {
    new Pair(HELLO, DOG),
    new Pair(DOG, HELLO),
    new Pair(HELLO, DOG),
    new Pair(CAT, CAT),
    new Pair(null, HELLO),
    new Pair(null, null),
    new Pair("", DOG),
    new Pair(LONG, HELLO),
    new Pair(" \t", null),
    new Pair(LONG, null)
  };

  private static final List<Similarity> SCORED =
      List.of(Similarity.COSINE, Similarity.DOT, Similarity.EUCLIDEAN, Similarity.MANHATTAN);

  @TempDir private static Path shared;
  private static Dataset<Row> table;

  @TempDir private Path folder;

  @BeforeAll
  static void score() {
    PairTables.write(shared, PAIRS);
    table =
        PairTables.scored(
            shared,
            "--similarity=cosine,dot,euclidean,manhattan",
            "--summary-json=" + shared.resolve("summary.json"));
  }

  @Test
  void theInputsColumnsStandBeforeThoseOfEitherSideAndTheScores() {
    assertThat(table.schema().toDDL())
        .isEqualTo(
            "id INT,sentence1 STRING,sentence2 STRING,"
                + "embedding1 ARRAY<FLOAT>,embedding1_status STRING,embedding1_tokens INT,"
                + "embedding1_error STRING,"
                + "embedding2 ARRAY<FLOAT>,embedding2_status STRING,embedding2_tokens INT,"
                + "embedding2_error STRING,"
                + "cosine_similarity FLOAT,dot_product FLOAT,euclidean_distance FLOAT,"
                + "manhattan_distance FLOAT,similarity_status STRING");
  }

  @Test
  void eachPairStandsOnceWithItsOwnSentences() {
    List<Row> rows = table.orderBy("id").collectAsList();
    assertThat(rows).hasSize(PAIRS.length);
    for (int i = 0; i < PAIRS.length; i++) {
      assertThat(rows.get(i).<Integer>getAs("id")).isEqualTo(i);
      assertThat(rows.get(i).<String>getAs("sentence1")).isEqualTo(PAIRS[i].first());
      assertThat(rows.get(i).<String>getAs("sentence2")).isEqualTo(PAIRS[i].second());
    }
  }

  @Test
  void theWorseSideMakesTheStatus() {
    assertThat(PairTables.column(table, "embedding1_status"))
        .containsExactly(
            "ok", "ok", "ok", "ok", "empty", "empty", "empty", "truncated", "empty", "truncated");
    assertThat(PairTables.column(table, "embedding2_status"))
        .containsExactly("ok", "ok", "ok", "ok", "ok", "empty", "ok", "ok", "empty", "empty");
    assertThat(PairTables.column(table, "similarity_status"))
        .containsExactly(
            "ok", "ok", "ok", "ok", "empty", "empty", "empty", "truncated", "empty", "empty");
  }

  @Test
  void vectorsAreThoseOfTheSentences() {
    Map<String, List<Float>> vectors = PairTables.vectors(HELLO, DOG, CAT, LONG);
    for (Row row : table.collectAsList()) {
      for (String side : List.of("1", "2")) {
        List<Float> found = PairTables.vector(row, "embedding" + side);
        List<Float> expected = vectors.get(row.<String>getAs("sentence" + side));
        assertThat(found == null).isEqualTo(expected == null);
        for (int i = 0; found != null && i < found.size(); i++) {
          assertThat(found.get(i)).isCloseTo(expected.get(i), within(1e-5F));
        }
      }
    }
  }

  @Test
  void scoresAreTheMeasuresOfTheVectorsAndNullWithoutOne() {
    int scored = 0;
    for (Row row : table.collectAsList()) {
      List<Float> first = PairTables.vector(row, "embedding1");
      List<Float> second = PairTables.vector(row, "embedding2");
      for (Similarity similarity : SCORED) {
        Float score = row.getAs(similarity.column());
        if (first == null || second == null) {
          assertThat(score).isNull();
        } else {
          assertThat((double) score)
              .isCloseTo(PairTables.measure(similarity, first, second), within(1e-5));
          scored++;
        }
      }
    }
    assertThat(scored).isEqualTo(5 * SCORED.size());
  }

  @Test
  void eachDistinctSentenceIsEncodedOnce() throws IOException {
    JsonNode summary = PairTables.json(shared.resolve("summary.json"));
    assertThat(summary.get("distinct_texts").asInt())
        .as("null and two that are blank do not count")
        .isEqualTo(4);
    assertThat(summary.get("rows").asInt()).isEqualTo(PAIRS.length);
    assertThat(summary.get("model").asText()).isEqualTo("tiny-bert");
    assertThat(summary.get("rows_by_status").toString())
        .isEqualTo("{\"empty\":5,\"ok\":4,\"truncated\":1}");
  }

  @Test
  void theManifestSaysWhatMadeVectorsAndScores() throws IOException {
    JsonNode manifest = PairTables.json(shared.resolve("out/_embedding_run.json"));
    assertThat(manifest.get("embeddings").at("/embedding1/text_column").asText())
        .isEqualTo("sentence1");
    assertThat(manifest.get("embeddings").at("/embedding2/text_column").asText())
        .isEqualTo("sentence2");
    assertThat(manifest.get("derived").properties()).hasSize(4);
    assertThat(manifest.at("/derived/dot_product/embeddings/0/model").asText())
        .isEqualTo("tiny-bert");
    assertThat(manifest.at("/rows_by_status/similarity_status/empty").asInt()).isEqualTo(5);
    assertThat(PairTables.check(shared))
        .endsWith("is valid: 10 rows in 2 files, 10 rows encoded again");
  }

  @Test
  void aChangedScoreOrStatusIsFoundByACheck() throws IOException {
    TableOnDisk written = TableOnDisk.copy(shared, folder.resolve("copy"));
    TableOnDisk changed =
        written.rewritten(
            folder.resolve("out"),
            written
                .rows()
                .selectExpr(
                    "* EXCEPT (dot_product, euclidean_distance, manhattan_distance)",
                    "dot_product + IF(id = 3, 0.01f, 0f) AS dot_product",
                    "IF(id = 1, NULL, euclidean_distance) AS euclidean_distance",
                    "IF(id = 5, float('NaN'), manhattan_distance) AS manhattan_distance"));
    assertThat(JobRun.of("check", changed.toString()).out())
        .containsExactly(
            "column dot_product: 1 row whose score is not that of their embeddings",
            "column euclidean_distance: 1 row whose score is not that of their embeddings",
            "column manhattan_distance: 1 row with a value that is not finite",
            "column manhattan_distance: 1 row whose score is not that of their embeddings",
            "Table %s has 4 findings".formatted(changed));
  }

  @Test
  void aTableWithoutItsScoresIsFoundByACheck() throws IOException {
    TableOnDisk written = TableOnDisk.copy(shared, folder.resolve("copy"));
    TableOnDisk changed =
        written.rewritten(folder.resolve("out"), written.rows().drop("dot_product"));
    assertThat(JobRun.of("check", changed.toString()).out())
        .contains("column dot_product: missing");
  }

  @Test
  void vectorsMayBeLeftOutAndStatusesStay() {
    PairTables.write(folder, PAIRS);
    Dataset<Row> scores = PairTables.scored(folder, "--drop-embeddings");
    assertThat(scores.columns())
        .contains("embedding1_status", "embedding2_tokens", "cosine_similarity")
        .doesNotContain("embedding1", "embedding2", "dot_product");
    assertThat(PairTables.column(scores, "cosine_similarity"))
        .isEqualTo(PairTables.column(table, "cosine_similarity"));
    assertThat(PairTables.check(folder)).contains("is valid: 10 rows");
  }

  @Test
  void oneColumnMayBeBothSides() {
    PairTables.write(folder, PAIRS);
    Dataset<Row> scores = PairTables.scored(folder, "--sentence2-column=sentence1");
    assertThat(scores.count()).isEqualTo(PAIRS.length);
    for (Row row : scores.collectAsList()) {
      Float score = row.getAs("cosine_similarity");
      if (row.getAs("similarity_status").equals("empty")) {
        assertThat(score).isNull();
      } else {
        assertThat(score).isCloseTo(1F, within(1e-6F));
      }
    }
    assertThat(PairTables.check(folder)).contains("is valid");
  }

  @Test
  void anyNamesWillAndColumnsOfOtherRunsAreCarriedAlong() throws IOException {
    TableOnDisk.embed(folder, 3);
    Files.move(folder.resolve("in"), folder.resolve("texts"));
    Path corpus = folder.resolve("corpus");
    Files.move(folder.resolve("out"), corpus);
    TestSpark.session()
        .read()
        .parquet(corpus.toString())
        .selectExpr("id", "text AS `a.b`", "concat(text, '!') AS `der Satz``2`", "embedding")
        .write()
        .parquet(folder.resolve("in").toString());
    Dataset<Row> scores =
        PairTables.scored(
            folder,
            "--sentence1-column=a.b",
            "--sentence2-column=der Satz`2",
            "--partition-by=similarity_status");
    assertThat(scores.columns()).startsWith("id", "a.b", "der Satz`2", "embedding", "embedding1");
    assertThat(PairTables.check(folder)).contains("is valid: 3 rows");
  }

  @Test
  void csvIsReadAsRfc4180HasItWithAndWithoutAHeader() throws IOException {
    String lines =
        "Der Hund bellt.,\r\n"
            + "\"Er sagte \"\"Moin\"\", dann ging er\",\"zwei\nZeilen, ein Feld\"\r\n";
    Files.writeString(folder.resolve("in"), lines);
    Dataset<Row> plain =
        PairTables.scored(
            folder, "--format=csv", "--sentence1-column=_c0", "--sentence2-column=_c1");
    Files.writeString(folder.resolve("in"), "sentence1,sentence2\r\n" + lines);
    List<Row> expected = plain.orderBy("similarity_status").collectAsList();
    List<Row> withHeader =
        PairTables.scored(
                folder, "--format", "csv", "--read-option=header=true", "--mode=overwrite")
            .orderBy("similarity_status")
            .collectAsList();
    assertThat(withHeader).hasSize(2).isEqualTo(expected);
    assertThat(withHeader.get(1).getString(0)).isEqualTo("Er sagte \"Moin\", dann ging er");
    assertThat(withHeader.get(1).getString(1)).isEqualTo("zwei\nZeilen, ein Feld");
    assertThat(withHeader.get(0).<String>getAs("similarity_status")).isEqualTo("empty");
  }

  @Test
  void failedSentencesAreCountedAndTooManyLeaveNothing() throws IOException {
    String model = TinyModels.failingOnPoison(folder.resolve("model")).toString();
    Path lake = Files.createDirectory(folder.resolve("lake"));
    PairTables.write(lake, new Pair(HELLO, "§ 1"), new Pair(DOG, CAT), new Pair("§ 2", null));
    JobRun refused = JobRun.sts(lake, "--model=" + model, "--max-failed=0.1");
    assertThat(refused.code()).isEqualTo(Main.FAILED);
    assertThat(refused.err())
        .last()
        .asString()
        .startsWith("spark-gbert: Cannot write table: 1 of 3 rows failed, more than 10 %");
    assertThat(PairTables.names(lake)).containsExactly("in");
    Dataset<Row> scores = PairTables.scored(lake, "--model=" + model, "--max-failed=0.5");
    assertThat(PairTables.column(scores, "similarity_status"))
        .containsExactly("failed", "ok", "failed");
    assertThat(PairTables.column(scores, "cosine_similarity").get(0)).isNull();
    assertThat(PairTables.check(lake)).contains("is valid: 3 rows");
  }

  @Test
  void aTableThatIsThereStaysUnlessItMayBeOverwritten() throws IOException {
    PairTables.write(folder, new Pair(DOG, CAT));
    Path out = Files.createDirectory(folder.resolve("out"));
    Files.writeString(out.resolve("part-0.parquet"), "old");
    PairTables.assertRefused(
        JobRun.sts(folder),
        "Cannot write table: %s exists; choose another output or --mode overwrite".formatted(out));
    assertThat(out.resolve("part-0.parquet")).hasContent("old");
    assertThat(PairTables.scored(folder, "--mode=overwrite").count()).isOne();
    assertThat(PairTables.names(folder)).containsExactly(".out.publish", "in", "out");
  }
}
