package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.TestSpark;

/** The command that a crontab runs each day. */
class EnrichJobTest {
  @TempDir private Path folder;

  private JobRun enrich(String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "enrich", "--id-column", "id", "--device", "cpu", "--model", GermanCorpus.TINY));
    words.addAll(List.of(more));
    return JobRun.of(words.toArray(String[]::new));
  }

  private void corpus(int rows) {
    TestSpark.session()
        .range(rows)
        .selectExpr("id", "concat('Der Text Nummer ', id, '.') text")
        .write()
        .mode("overwrite")
        .parquet(folder.resolve("in").toString());
  }

  private JobRun daily(String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "--input",
                folder.resolve("in").toString(),
                "--output",
                folder.resolve("out").toString(),
                "--summary-json",
                folder.resolve("summary.json").toString()));
    words.addAll(List.of(more));
    return enrich(words.toArray(String[]::new));
  }

  @Test
  void theSameCommandRunsEachDay() throws IOException {
    corpus(10);
    assertThat(daily("--dry-run").output())
        .contains("out, dry run: nothing is written")
        .contains("0 reused, 10 to encode: 10 distinct texts")
        .contains("no rate of an earlier run");
    assertThat(daily().output()).contains("10 added").contains("(10 rows, ");
    corpus(12);
    assertThat(daily("--dry-run").output()).contains("2 to encode").contains("of encoding");
    assertThat(daily().output())
        .contains("2 added, 0 changed, 0 refreshed, 10 unchanged, 0 removed");
    assertThat(daily().output()).contains("out, not written");
    JsonNode summary =
        JsonMapper.builder().build().readTree(folder.resolve("summary.json").toFile());
    assertThat(summary.get("run_id").asText()).isNotBlank();
    assertThat(summary.get("counts").get("unchanged").asInt()).isEqualTo(12);
    assertThat(summary.get("published").asBoolean()).isFalse();
  }

  @Test
  void oneFormIsAskedFor() {
    assertRefused(enrich(), "give --input and --output");
    assertRefused(enrich("--input", "in"), "give --input and --output");
    assertRefused(enrich("--table", "t", "--input", "in"), "--table does not apply with --input");
    assertRefused(
        enrich("--table", "t", "--vanished", "keep"), "--vanished does not apply with --table");
    assertRefused(
        enrich("--input", "in", "--output", "out", "--since-snapshot"),
        "--since-snapshot requires --table");
  }

  private static void assertRefused(JobRun run, String reason) {
    assertThat(run.code()).isEqualTo(Main.WRONG_USAGE);
    assertThat(String.join("\n", run.err())).contains(reason);
  }
}
