package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scores compared with gold scores, and what is written of it. */
class StsEvaluationTest {
  private static final String HEADER =
      "epoch,steps,cosine_pearson,cosine_spearman,manhattan_pearson,manhattan_spearman";

  @TempDir private static Path shared;
  private static JobRun run;

  @TempDir private Path folder;

  /** 30 pairs, of which one has no gold score, one no number and one no sentence. */
  @BeforeAll
  static void evaluate() {
    PairTables.query(
        shared,
        "SELECT id, IF(id = 5, NULL, concat('Der Zug ', id, ' fährt nach Köln.')) AS sentence1,"
            + " concat_ws(' ', 'Der Zug', id * 7 % 30, repeat('fährt ', CAST(id % 4 AS INT)))"
            + " AS sentence2,"
            + " IF(id = 3, NULL, IF(id = 9, double('NaN'), id * 13 % 6 / 5D)) AS gold,"
            + " 'drei' AS words, 2.5D AS same, CAST(NULL AS DOUBLE) AS none,"
            + " CAST(id % 5 AS STRING) AS texts, array(1) AS list FROM range(30)");
    run = JobRun.sts(shared, "--gold-column=gold", "--similarity=cosine,manhattan");
    assertThat(run.code()).as(String.join("\n", run.err())).isEqualTo(Main.SUCCEEDED);
  }

  @Test
  void figuresAreThoseOfTheWrittenScores() throws IOException {
    List<Double> gold = new ArrayList<>();
    List<Double> cosine = new ArrayList<>();
    List<Double> nearness = new ArrayList<>();
    for (Row row : PairTables.read(shared).collectAsList()) {
      Double number = row.getAs("gold");
      if (number != null && !number.isNaN() && row.getAs("cosine_similarity") != null) {
        gold.add(number);
        cosine.add((double) row.<Float>getAs("cosine_similarity"));
        nearness.add(-(double) row.<Float>getAs("manhattan_distance"));
      }
    }
    JsonNode result = PairTables.json(shared.resolve("out_evaluation/evaluation.json"));
    assertThat(result.get("pairs").asInt()).isEqualTo(27).isEqualTo(gold.size());
    assertThat(result.get("pairs_skipped").asInt()).isEqualTo(3);
    assertAgreement(result.at("/agreement/cosine"), gold, cosine);
    assertAgreement(result.at("/agreement/manhattan"), gold, nearness);
  }

  private static void assertAgreement(JsonNode found, List<Double> gold, List<Double> scores) {
    double pearson = found.get("pearson").asDouble();
    double spearman = found.get("spearman").asDouble();
    assertThat(pearson).isCloseTo(pearson(gold, scores), within(1e-12)).isNotZero();
    assertThat(spearman).isCloseTo(pearson(ranks(gold), ranks(scores)), within(1e-12)).isNotZero();
    assertThat(found.get("spearman_low").asDouble()).isLessThan(spearman);
    assertThat(found.get("spearman_high").asDouble()).isGreaterThan(spearman);
  }

  private static double pearson(List<Double> x, List<Double> y) {
    double meanX = x.stream().mapToDouble(value -> value).average().orElseThrow();
    double meanY = y.stream().mapToDouble(value -> value).average().orElseThrow();
    double xy = 0;
    double xx = 0;
    double yy = 0;
    for (int i = 0; i < x.size(); i++) {
      double dx = x.get(i) - meanX;
      double dy = y.get(i) - meanY;
      xy += dx * dy;
      xx += dx * dx;
      yy += dy * dy;
    }
    return xy / Math.sqrt(xx * yy);
  }

  /** Twice the average rank of each value: lower ones count two, equal ones one. */
  private static List<Double> ranks(List<Double> values) {
    return values.stream()
        .map(value -> values.stream().mapToDouble(other -> 1 + value.compareTo(other)).sum())
        .toList();
  }

  @Test
  void theResultSaysWhatWasCompared() throws IOException {
    Path directory = shared.resolve("out_evaluation");
    JsonNode result = PairTables.json(directory.resolve("evaluation.json"));
    JsonNode manifest = PairTables.json(shared.resolve("out/_embedding_run.json"));
    assertThat(result.get("run_id")).isEqualTo(manifest.get("run_id"));
    assertThat(result.get("table").asText()).isEqualTo(shared.resolve("out").toString());
    assertThat(result.get("gold_column").asText()).isEqualTo("gold");
    assertThat(result.at("/embeddings/model").asText()).isEqualTo("tiny-bert");
    assertThat(result.get("resamples").asInt()).isEqualTo(1000);
    assertThat(result.get("published").size()).isPositive();
    assertThat(Files.readString(directory.resolve("report.html")))
        .startsWith("<!doctype html>")
        .contains("tiny-bert")
        .doesNotContain("Published figures");
    assertThat(run.output())
        .contains("Pairs     27 with gold scores, 3 without")
        .containsPattern("cosine    Spearman -?0\\.\\d{4} \\(95 % -?0\\.\\d{4} to ")
        .endsWith("Report    " + directory.resolve("report.html"));
    assertThat(PairTables.check(shared)).contains("is valid: 30 rows");
  }

  @Test
  void aSecondRunAddsALine() throws IOException {
    Path directory = folder.resolve("more");
    PairTables.query(
        folder,
        "SELECT 'Zug ' || id AS sentence1, 'Zug ' || id * 7 AS sentence2, id AS gold FROM range(9)");
    String[] options = {
      "--similarity=cosine,manhattan",
      "--gold-column=gold",
      "--resamples=0",
      "--evaluation=" + directory
    };
    PairTables.scored(folder, options);
    Path csv = directory.resolve("similarity_evaluation_results.csv");
    List<String> once = Files.readAllLines(csv);
    assertThat(once).hasSize(2).first().isEqualTo(HEADER);
    JsonNode cosine = PairTables.json(directory.resolve("evaluation.json")).at("/agreement/cosine");
    assertThat(once.get(1))
        .startsWith("-1,-1,%s,%s,".formatted(cosine.get("pearson"), cosine.get("spearman")));
    assertThat(cosine.get("spearman_low").isNull()).isTrue();
    List<String> again = new ArrayList<>(List.of(options));
    again.add("--mode=overwrite");
    PairTables.scored(folder, again.toArray(String[]::new));
    assertThat(Files.readAllLines(csv)).containsExactly(once.get(0), once.get(1), once.get(1));
    again.set(0, "--similarity=dot");
    PairTables.assertRefused(
        JobRun.sts(folder, again.toArray(String[]::new)),
        "Cannot add to %s: its columns must be epoch,steps,dot_pearson,dot_spearman, found %s;"
                .formatted(csv, HEADER)
            + " choose another directory");
    assertThat(PairTables.read(folder).columns()).contains("manhattan_distance");
    assertThat(PairTables.names(directory))
        .containsExactly("evaluation.json", "report.html", "similarity_evaluation_results.csv");
  }

  @Test
  void pairsOfIdsAndGoldScoresInTextAreEvaluatedToo() throws IOException {
    TableOnDisk.embed(folder, 6);
    Files.move(folder.resolve("out"), folder.resolve("vectors"));
    Files.delete(folder.resolve("in/_SUCCESS"));
    Path pairs = folder.resolve("pairs.csv");
    Files.writeString(pairs, "id1,id2,gold\n1,2,0.5\n3,4,1e-1\n0,5, 3 \n2,9,4\n4,1,\n");
    JobRun ids =
        JobRun.sts(
            folder,
            "--input=" + pairs,
            "--format=csv",
            "--read-option=header=true",
            "--read-option=inferSchema=true",
            "--embeddings=" + folder.resolve("vectors"),
            "--gold-column=gold",
            "--drop-embeddings");
    assertThat(ids.code()).as(String.join("\n", ids.err())).isEqualTo(Main.SUCCEEDED);
    assertThat(ids.output()).contains("Pairs     3 with gold scores, 2 without");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          score | Cannot evaluate column 'score': there is no such column, found [id, sentence1, sentence2, gold, words, same, none, texts, list]
          words | Cannot evaluate: column words must hold numbers, found 'drei'
          list  | Cannot evaluate: column list must hold numbers, found type array<int>
          same  | Cannot evaluate: all 30 gold scores are 2.5; a correlation needs at least two different ones
          none  | Cannot evaluate: column none must hold numbers, found none
          """)
  void goldScoresThatCannotBeComparedAreSaidBeforeWorkIsSpent(String column, String message)
      throws IOException {
    Files.createSymbolicLink(folder.resolve("in"), shared.resolve("in"));
    PairTables.assertRefused(JobRun.sts(folder, "--gold-column=" + column), message);
    assertThat(PairTables.names(folder)).containsExactly("in");
  }

  @Test
  void aFileIsNoDirectoryForAnEvaluation() throws IOException {
    Files.createSymbolicLink(folder.resolve("in"), shared.resolve("in"));
    Path file = Files.writeString(folder.resolve("out_evaluation"), "mine");
    PairTables.assertRefused(
        JobRun.sts(folder, "--gold-column=texts"),
        "Cannot write an evaluation: it needs a directory, found the file " + file);
    assertThat(file).hasContent("mine");
    assertThat(PairTables.names(folder)).containsExactly("in", "out_evaluation");
  }
}
