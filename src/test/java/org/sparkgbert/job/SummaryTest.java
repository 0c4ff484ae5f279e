package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.embed.ExecutorUse;
import org.sparkgbert.lake.RunManifest;
import org.sparkgbert.settings.Settings;

class SummaryTest {
  @TempDir private Path folder;

  @Test
  void aPersonReadsItInAFewLines() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    summary("").print(new Console(new PrintStream(out, true, StandardCharsets.UTF_8), System.err));
    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "Table     s3a://lake/größe (3 files, 4.50 GB)",
            "Model     gBERT, revision 7",
            "          Deutsch.",
            "Bundle    sha256 abc",
            "Rows      1,234,567: failed 1, ok 1,234,566",
            "Resumed   12,288 rows taken over from an interrupted run",
            "Work      1,000,000 distinct texts, 30,000,000 tokens, 12.5 % padding",
            "Time      1 min 40 s, 12,346 rows/s, 300,000 tokens/s",
            "Task time reading 1.0 s, tokenizing 2.0 s, encoding 5 min 0 s, writing 4.0 s",
            "Executor  1 on node-a: cuda:0, sessions: 1",
            "Executor  2 on node-b: cpu, 4 threads per run, sessions: 2 (Cannot use CUDA: none)");
  }

  @Test
  void aWarningComesLast() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    summary("Not atomic.")
        .print(new Console(new PrintStream(out, true, StandardCharsets.UTF_8), System.err));
    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .last()
        .isEqualTo("Warning   Not atomic.");
  }

  @Test
  void aProgramReadsEveryValueAsJson() throws IOException {
    Path file = folder.resolve("a/b/summary.json");
    report(file);
    JsonNode json = JsonMapper.builder().build().readTree(file.toFile());
    assertThat(json.fieldNames())
        .toIterable()
        .containsExactly(
            "output",
            "run_id",
            "started",
            "finished",
            "input",
            "model",
            "revision",
            "bundle_checksum",
            "description",
            "rows",
            "rows_by_status",
            "taken_over",
            "distinct_texts",
            "tokens",
            "padding_share",
            "seconds",
            "rows_per_second",
            "tokens_per_second",
            "first_batch_at",
            "last_row_at",
            "task_seconds",
            "executors",
            "files",
            "bytes",
            "warning");
    assertThat(json.get("output").asText()).isEqualTo("s3a://lake/größe");
    assertThat(json.get("run_id").asText()).isEqualTo("run-1");
    assertThat(json.get("input").toString())
        .isEqualTo(
            "{\"paths\":[\"s3a://***@lake/in\"],\"format\":\"parquet\",\"where\":\"id > 3\"}");
    assertThat(json.get("rows_by_status").toString()).isEqualTo("{\"failed\":1,\"ok\":1234566}");
    assertThat(json.get("task_seconds").toString())
        .isEqualTo(
            "{\"reading\":1.0,\"tokenizing\":2.0,\"batching\":50.0,\"running\":150.0,"
                + "\"copying\":100.0,\"writing\":4.0}");
    assertThat(json.get("first_batch_at").asText()).isEqualTo("2026-11-23T10:00:00.250Z");
    assertThat(json.get("executors").get(1).toString())
        .isEqualTo(
            "{\"executor\":\"2\",\"host\":\"node-b\",\"device\":\"cpu, 4 threads per run\","
                + "\"note\":\"Cannot use CUDA: none\",\"sessions\":2}");
  }

  @Test
  void aFileThatCannotBeWrittenIsNamed() throws IOException {
    Path blocked = Files.writeString(folder.resolve("file"), "").resolve("summary.json");
    assertThatThrownBy(() -> report(blocked))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageStartingWith("Cannot write summary %s: ".formatted(blocked));
  }

  private static void report(Path file) {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    summary("")
        .report(
            new Job.Invocation(
                Settings.NONE.with(JobOptions.SUMMARY_JSON, Optional.of(file)),
                List.of(),
                new Console(nowhere, nowhere)));
  }

  private static Summary summary(String warning) {
    return new Summary(
        "s3a://lake/größe",
        "run-1",
        "2026-11-23T10:00:00Z",
        "2026-11-23T10:01:31Z",
        new RunManifest.Input(List.of("s3a://user:geheim@lake/in"), "parquet", "id > 3"),
        "gBERT",
        "7",
        "abc",
        "Deutsch.",
        1_234_567,
        new TreeMap<>(Map.of("ok", 1_234_566L, "failed", 1L)),
        12_288,
        1_000_000,
        30_000_000,
        0.125,
        100,
        12_345.67,
        300_000,
        "2026-11-23T10:00:00.250Z",
        "2026-11-23T10:01:30.500Z",
        new Summary.TaskSeconds(1, 2, 50, 150, 100, 4),
        List.of(
            new ExecutorUse("1", "node-a", "cuda:0", "", 1),
            new ExecutorUse("2", "node-b", "cpu, 4 threads per run", "Cannot use CUDA: none", 2)),
        3,
        4_500_000_000L,
        warning);
  }
}
