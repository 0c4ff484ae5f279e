package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkgbert.FullSize;
import org.sparkgbert.TestSpark;

/** The default model on German sentence pairs, through the sts job, from CSV as it ships. */
@Tag("long")
class DefaultModelIT {
  private static Path stsb;

  @TempDir private Path folder;

  @BeforeAll
  static void findInputs() {
    stsb = FullSize.require(FullSize.STSB);
  }

  @ParameterizedTest
  @CsvSource({"test, 1379, 0.7892", "dev, 1500, 0.8448"})
  void scoresOnGermanSentencePairs(String split, int pairs, double expected) throws IOException {
    String table = folder.resolve("scores").toString();
    JobRun run =
        JobRun.of(
            "sts",
            "--input",
            stsb.resolve(split + ".csv").toString(),
            "--format",
            "csv",
            "--sentence1-column",
            "_c0",
            "--sentence2-column",
            "_c1",
            "--gold-column",
            "_c2",
            "--output",
            table);
    assertThat(run.code()).as(String.join("\n", run.err())).isEqualTo(Main.SUCCEEDED);

    JsonNode evaluation =
        JsonMapper.builder()
            .build()
            .readTree(folder.resolve("scores_evaluation/evaluation.json").toFile());
    double found = evaluation.at("/agreement/cosine/spearman").asDouble();
    System.out.printf("The default model on STSb-de %s: %.4f%n", split, found);
    assertThat(evaluation.get("pairs").asInt()).isEqualTo(pairs);
    assertThat(found).isCloseTo(expected, within(2e-3));
    assertThat(found).isCloseTo(correlation(table), within(1e-9));
    boolean isRanked =
        Files.readString(folder.resolve("scores_evaluation/report.html"))
            .contains("Published figures of known models");
    assertThat(isRanked)
        .as("figures are published for the test set")
        .isEqualTo(split.equals("test"));
  }

  /** Of the scores that were written, by another library. */
  private static double correlation(String table) {
    List<Row> rows =
        TestSpark.session()
            .read()
            .parquet(table)
            .selectExpr("double(_c2)", "double(cosine_similarity)")
            .collectAsList();
    return new SpearmansCorrelation()
        .correlation(
            rows.stream().mapToDouble(row -> row.getDouble(0)).toArray(),
            rows.stream().mapToDouble(row -> row.getDouble(1)).toArray());
  }
}
