package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The embed job on executors that are processes of their own: how models reach them. */
@Tag("long")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class ClusterIT {
  private static final long ROWS = 60;

  @TempDir private static Path scratch;

  private static StandaloneCluster cluster;
  private static String corpus;

  @BeforeAll
  static void startCluster() throws IOException {
    cluster = StandaloneCluster.start(scratch);
    corpus = GermanCorpus.write(scratch.resolve("corpus"), ROWS, 2);
  }

  @AfterAll
  static void stopCluster() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void theDefaultModelTravelsToExecutors() throws IOException {
    String table = embed(List.of("--num-executors", "2", "--executor-cores", "1"), "default");
    String checked = Shell.in(scratch).run("jobs/check.sh", table).succeeded().out();
    assertThat(checked).contains("is valid: 60 rows").contains("32 rows encoded again");
  }

  @Test
  void aModelBehindAnUriIsCopiedOncePerNode() throws IOException {
    Path cache = scratch.resolve("cache");
    String uri = Path.of(GermanCorpus.TINY).toUri().toString();
    String table = embed(List.of(), uri, "--model-cache", cache.toString());
    GermanCorpus.assertEmbedded(table, ROWS);
    try (Stream<Path> copies = Files.list(cache).filter(Files::isDirectory)) {
      assertThat(copies).singleElement().asString().contains("bundle-").doesNotContain(".part");
    }
  }

  @Test
  void aModelTravelsAsAnArchive() throws IOException {
    Path zip = zip(Path.of(GermanCorpus.TINY), scratch.resolve("tiny.zip"));
    String table = embed(List.of("--archives", zip + "#tiny"), "tiny");
    GermanCorpus.assertEmbedded(table, ROWS);
  }

  /** Embeds the corpus on the cluster; what encoded must have been executors, one session each. */
  private static String embed(List<String> sparkOptions, String model, String... options)
      throws IOException {
    Path table = Files.createTempDirectory(scratch, "tables").resolve("table");
    Path summary = scratch.resolve("summary.json");
    List<String> command = new ArrayList<>(List.of("--master", cluster.url()));
    command.addAll(List.of("--executor-memory", "768m"));
    command.addAll(sparkOptions);
    command.addAll(List.of("--", "--input", corpus, "--output", table.toString()));
    command.addAll(List.of("--model", model, "--summary-json", summary.toString()));
    command.addAll(List.of(options));
    Shell.in(scratch).run("jobs/embed.sh", command.toArray(String[]::new)).succeeded();
    JsonNode executors = JsonMapper.builder().build().readTree(summary.toFile()).get("executors");
    assertThat(executors).isNotEmpty();
    for (JsonNode executor : executors) {
      assertThat(executor.get("executor").asText()).isNotEqualTo("driver");
      assertThat(executor.get("sessions").asInt()).isEqualTo(1);
    }
    return table.toString();
  }

  private static Path zip(Path directory, Path zip) throws IOException {
    try (Stream<Path> files = Files.list(directory);
        ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      for (Path file : files.toList()) {
        out.putNextEntry(new ZipEntry(file.getFileName().toString()));
        Files.copy(file, out);
      }
    }
    return zip;
  }
}
