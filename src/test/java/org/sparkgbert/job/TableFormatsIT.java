package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.TestSpark;

/** Tables of the formats that publish in one step on object stores, with the real libraries. */
@Tag("long")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class TableFormatsIT {
  private static final long ROWS = 40;

  @TempDir private Path scratch;

  private Shell shell;
  private String corpus;

  @BeforeEach
  void writeCorpus() throws IOException {
    shell = Shell.in(scratch);
    corpus = GermanCorpus.write(scratch.resolve("corpus"), ROWS, 1);
  }

  @Test
  void icebergKeepsTheRunInItsSnapshot() throws IOException, URISyntaxException {
    Path warehouse = scratch.resolve("warehouse");
    List<String> spark =
        List.of(
            "--jars",
            jarOf("org/apache/iceberg/spark/SparkCatalog.class"),
            "--conf",
            "spark.sql.catalog.lake=org.apache.iceberg.spark.SparkCatalog",
            "--conf",
            "spark.sql.catalog.lake.type=hadoop",
            "--conf",
            "spark.sql.catalog.lake.warehouse=" + warehouse);
    embed(spark, "lake.db.texts", "iceberg", "error").succeeded();
    Path table = warehouse.resolve("db/texts");
    assertThat(count(table.resolve("data"))).isEqualTo(ROWS);
    assertThat(contents(table.resolve("metadata"), "v1.metadata.json"))
        .contains("spark-gbert-run-id")
        .contains("bundle_checksum");
    embed(spark, "lake.db.texts", "iceberg", "error")
        .refusedWith("Cannot write table: lake.db.texts exists");
    embed(spark, "lake.db.texts", "iceberg", "overwrite").succeeded();
    List<String> check = new ArrayList<>(List.of("--master", "local[1]"));
    check.addAll(spark);
    check.addAll(List.of("--", "lake.db.texts"));
    assertThat(shell.run("jobs/check.sh", check.toArray(String[]::new)).succeeded().out())
        .contains("Table lake.db.texts is valid: 40 rows, ");
  }

  @Test
  void deltaKeepsTheRunInItsLog() throws IOException, URISyntaxException {
    List<String> spark =
        List.of(
            "--jars",
            jarOf("io/delta/sql/DeltaSparkSessionExtension.class")
                + ","
                + jarOf("io/delta/storage/LogStore.class"),
            "--conf",
            "spark.sql.extensions=io.delta.sql.DeltaSparkSessionExtension",
            "--conf",
            "spark.sql.catalog.spark_catalog=org.apache.spark.sql.delta.catalog.DeltaCatalog");
    Path table = scratch.resolve("table");
    embed(spark, table.toString(), "delta", "error").succeeded();
    assertThat(count(table)).isEqualTo(ROWS);
    assertThat(contents(table.resolve("_delta_log"), ".json"))
        .contains("bundle_checksum")
        .contains("run_id");
  }

  private RunningCommand.Outcome embed(List<String> spark, String table, String format, String mode)
      throws IOException {
    List<String> options = new ArrayList<>(List.of("--master", "local[1]"));
    options.addAll(spark);
    options.addAll(List.of("--", "--input", corpus, "--output", table, "--output-format", format));
    options.addAll(List.of("--mode", mode, "--model", GermanCorpus.TINY));
    return shell.run("jobs/embed.sh", options.toArray(String[]::new));
  }

  private static long count(Path data) {
    return TestSpark.session().read().parquet(data.toString()).count();
  }

  private static String contents(Path directory, String ending) throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(path -> path.toString().endsWith(ending)).toList()) {
        all.append(Files.readString(file));
      }
    }
    return all.toString();
  }

  /** Found by a file inside, since loading a class of it would need all that it needs. */
  static String jarOf(String resource) throws URISyntaxException {
    String url = TableFormatsIT.class.getClassLoader().getResource(resource).toString();
    String jar = url.substring("jar:".length(), url.indexOf("!/"));
    return Path.of(new URI(jar)).toString();
  }
}
