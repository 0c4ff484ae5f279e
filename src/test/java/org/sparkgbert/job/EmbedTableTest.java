package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.TestSpark;
import org.sparkgbert.files.Checksums;

/** How the table lies on disk, what it replaces, and what the run says of it. */
class EmbedTableTest {
  private static final int ROWS = 40;

  @TempDir private Path folder;

  @BeforeEach
  void writeCorpus() {
    List<String> texts = IntStream.range(0, ROWS).mapToObj(i -> "Der Zug " + i + " fährt").toList();
    TestSpark.texts(texts, 1).selectExpr("id", "id % 3 AS day", "text").write().parquet(path("in"));
  }

  @Test
  void aTableIsPartitionedByColumns() throws IOException {
    embed("--partition-by", "day");
    assertThat(names(folder.resolve("out")))
        .containsExactlyInAnyOrder("_embedding_run.json", "_SUCCESS", "day=0", "day=1", "day=2");
    assertThat(read().where("day = 2").count()).isEqualTo(ROWS / 3);
    assertThat(read().count()).isEqualTo(ROWS);
  }

  @Test
  void aTableHasAsManyFilesAsWanted() throws IOException {
    embed("--files=1", "--partitions=4");
    assertThat(dataFiles()).hasSize(1);
    embed("--files=3", "--mode=overwrite");
    assertThat(dataFiles()).hasSize(3);
  }

  @Test
  void aPartitionedTableHasOneFileAPartitionWhenFilesAreCounted() throws IOException {
    embed("--partition-by=day", "--files=2", "--partitions=4");
    assertThat(dataFiles()).hasSize(3);
  }

  @Test
  void theSizeOfFilesDecidesTheirCount() throws IOException {
    embed("--target-file-size=2k");
    int small = dataFiles().size();
    embed("--target-file-size=1g", "--mode=overwrite");
    assertThat(dataFiles()).hasSize(1);
    assertThat(small).isBetween(3, 6);
  }

  @Test
  void rowsStayInOrderWhenPartitionsAreKept() {
    embed("--partitions=keep");
    assertThat(read().select("id").collectAsList())
        .extracting(row -> row.getInt(0))
        .containsExactlyElementsOf(IntStream.range(0, ROWS).boxed().toList());
  }

  @Test
  void theCountOfTasksChangesNoVector() {
    embed("--partitions=1", "--window-rows=7", "--token-budget=40");
    List<Row> first = read().orderBy("id").select("embedding").collectAsList();
    embed("--partitions=5", "--dedupe=false", "--mode=overwrite");
    List<Row> second = read().orderBy("id").select("embedding").collectAsList();
    for (int row = 0; row < ROWS; row++) {
      List<Float> expected = first.get(row).getList(0);
      List<Float> found = second.get(row).getList(0);
      for (int i = 0; i < expected.size(); i++) {
        assertThat(Math.abs(found.get(i) - expected.get(i))).isLessThan(1e-5f);
      }
    }
  }

  @Test
  void overwritingReplacesTheWholeTable() throws IOException {
    embed("--partition-by=day");
    embed("--mode=overwrite", "--where=id < 5", "--files=1");
    assertThat(read().count()).isEqualTo(5);
    assertThat(names(folder.resolve("out"))).doesNotContain("day=0").hasSize(3);
    assertThat(names(folder)).containsExactlyInAnyOrder(".out.publish", "in", "out");
  }

  @Test
  void aTableDoesNotTakeThePlaceOfItsInput() throws IOException {
    for (String input : List.of(path("in"), path("i*"), path("in/../in"))) {
      JobRun run =
          JobRun.embed(
              folder,
              "--input=" + input,
              "--output=" + path("in"),
              "--mode=overwrite",
              "--where=id < 5",
              "--keep-columns=id");
      assertThat(run.code()).isEqualTo(Main.WRONG_USAGE);
      assertThat(run.err().get(run.err().size() - 1))
          .startsWith(
              "spark-gbert: Cannot write table: %s is the input file:".formatted(path("in")))
          .endsWith("; choose another output");
    }
    assertThat(TestSpark.session().read().parquet(path("in")).count()).isEqualTo(ROWS);
    assertThat(names(folder)).containsExactly("in");
  }

  @Test
  void theSummaryTellsWhatTheRunDid() throws IOException {
    TestSpark.texts(List.of("Guten Morgen", "", "Guten Morgen", "Wort ".repeat(200)), 1)
        .write()
        .parquet(path("few"));
    Path file = folder.resolve("new/summary.json");
    JobRun run =
        embed("--input=" + path("few"), "--partitions=1", "--files=1", "--summary-json=" + file);
    JsonNode json = JsonMapper.builder().build().readTree(file.toFile());
    assertThat(json.get("output").asText()).isEqualTo(path("out"));
    assertThat(json.get("model").asText()).isEqualTo("tiny-bert");
    assertThat(json.get("revision").asText()).isEqualTo("1");
    assertThat(json.get("bundle_checksum").asText())
        .isEqualTo(Checksums.sha256(TinyModels.tiny().resolve("bundle.json")));
    assertThat(json.get("rows").asLong()).isEqualTo(4);
    assertThat(json.get("rows_by_status").toString())
        .isEqualTo("{\"empty\":1,\"ok\":2,\"truncated\":1}");
    assertThat(json.get("distinct_texts").asLong()).isEqualTo(2);
    int morning = read().where("id = 0").select("embedding_tokens").first().getInt(0);
    assertThat(json.get("tokens").asLong()).as("the cut text has 128").isEqualTo(morning + 128);
    assertThat(json.get("padding_share").asDouble()).isBetween(0.0, 1.0);
    assertThat(json.get("seconds").asDouble()).isPositive();
    assertThat(json.get("rows_per_second").asDouble() * json.get("seconds").asDouble())
        .isBetween(3.99, 4.01);
    for (String step :
        List.of("reading", "tokenizing", "batching", "running", "copying", "writing")) {
      assertThat(json.get("task_seconds").get(step).asDouble()).as(step).isPositive();
    }
    assertThat(Instant.parse(json.get("first_batch_at").asText()))
        .isBetween(Instant.parse(json.get("last_row_at").asText()).minusSeconds(60), Instant.now());
    assertThat(json.get("executors")).hasSize(1);
    assertThat(json.get("executors").get(0).get("device").asText()).startsWith("cpu, 1 thread");
    assertThat(json.get("executors").get(0).get("sessions").asInt()).isPositive();
    assertThat(json.get("files").asInt()).isEqualTo(1);
    assertThat(json.get("bytes").asLong()).isEqualTo(Files.size(dataFiles().get(0)));
    assertThat(run.output())
        .contains("Rows      4: empty 1, ok 2, truncated 1")
        .contains("Random weights, for tests only.")
        .contains(json.get("bundle_checksum").asText());
  }

  @Test
  void theDefaultOfADeviceSaysWhatItFellBackTo() {
    JobRun run = embed("--device=auto");
    assertThat(run.output())
        .containsPattern(
            "Executor +driver on .*: (cuda:\\d|cpu, 1 thread per run, .*\\(Cannot use)");
  }

  @Test
  void nothingButNotesOfProgressGoesToStandardError() {
    assertThat(embed().err()).allMatch(line -> line.startsWith("Model tiny-bert (revision 1, "));
  }

  private JobRun embed(String... options) {
    JobRun run = JobRun.embed(folder, options);
    assertThat(run.code()).as(String.join("\n", run.err())).isEqualTo(Main.SUCCEEDED);
    return run;
  }

  private Dataset<Row> read() {
    return TestSpark.session().read().parquet(path("out"));
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private List<Path> dataFiles() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("out"))) {
      return files.filter(file -> file.toString().endsWith(".parquet")).toList();
    }
  }

  /** Names in a directory, without Hadoop's checksum files. */
  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.endsWith(".crc"))
          .toList();
    }
  }
}
