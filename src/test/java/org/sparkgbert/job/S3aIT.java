package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.util.VersionInfo;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.job.RunningCommand.Outcome;

/**
 * Jobs over S3A, against an S3-compatible server on this machine that {@code .ci/s3-server}
 * prepares; Spark fetches the library as the README says.
 */
@Tag("long")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class S3aIT {
  private static final Path SERVER = Shell.CHECKOUT.resolve("target/s3-server/bin/moto_server");
  private static final long ROWS = 60;
  private static final String NOT_ATOMIC = "A rename on s3a is not atomic";

  @TempDir private static Path scratch;

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static Process server;
  private static String endpoint;
  private static String corpus;

  @BeforeAll
  static void startServer() throws Exception {
    boolean isThere = Files.isExecutable(SERVER);
    if (!isThere) {
      System.out.println("Skipped S3aIT: there is no " + SERVER + "; run .ci/s3-server first");
    }
    assumeTrue(isThere, "no S3 server");
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    endpoint = "http://127.0.0.1:" + port;
    server =
        new ProcessBuilder(SERVER.toString(), "-H", "127.0.0.1", "-p", Integer.toString(port))
            .redirectErrorStream(true)
            .redirectOutput(scratch.resolve("server.log").toFile())
            .start();
    Poll.until(S3aIT::answers, () -> "the S3 server does not answer at " + endpoint);
    assertThat(send("PUT", "/lake").statusCode()).isEqualTo(200);
    corpus = GermanCorpus.write(scratch.resolve("corpus"), ROWS, 1);
  }

  @AfterAll
  static void stopServer() {
    if (server != null) {
      server.destroyForcibly();
    }
  }

  private static boolean answers() {
    try {
      return send("GET", "/").statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private static HttpResponse<String> send(String method, String path) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(endpoint + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();
    try {
      return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static List<String> objects(String prefix) throws IOException {
    return send("GET", "/lake?list-type=2&prefix=" + prefix)
        .body()
        .lines()
        .flatMap(line -> List.of(line.split("<Key>", -1)).stream().skip(1))
        .map(key -> key.replaceAll("<.*", ""))
        .toList();
  }

  @Test
  void tablesAreEmbeddedCheckedAndScoredWhereTheyLie() throws IOException {
    assertThat(embed(corpus, "s3a://lake/articles").out()).contains("Rows      60: ", NOT_ATOMIC);
    Outcome again =
        run(
            "jobs/embed.sh",
            List.of(),
            "--input=s3a://lake/articles",
            "--output=s3a://lake/again",
            "--embedding-column=e2",
            "--model=" + GermanCorpus.TINY);
    assertThat(again.out()).contains("Rows      60: ", NOT_ATOMIC);
    assertThat(run("jobs/check.sh", List.of(), "s3a://lake/again").out())
        .contains("Table s3a://lake/again is valid: 60 rows");
    Outcome pairs =
        run(
            "jobs/sts.sh",
            List.of(),
            "--all-pairs",
            "--top-k=2",
            "--input=s3a://lake/articles",
            "--output=s3a://lake/pairs");
    assertThat(pairs.out()).contains("Rows      120", NOT_ATOMIC);
    assertThat(run("jobs/check.sh", List.of(), "s3a://lake/pairs").out())
        .contains("Table s3a://lake/pairs is valid: 120 rows");
    assertThat(objects("")).as("nothing else is left").noneMatch(key -> key.contains(".publish"));
  }

  @Test
  void icebergPublishesThereInOneStep() throws Exception {
    List<String> iceberg =
        List.of(
            "--jars",
            TableFormatsIT.jarOf("org/apache/iceberg/spark/SparkCatalog.class"),
            "--conf",
            "spark.sql.catalog.lake=org.apache.iceberg.spark.SparkCatalog",
            "--conf",
            "spark.sql.catalog.lake.type=hadoop",
            "--conf",
            "spark.sql.catalog.lake.warehouse=s3a://lake/warehouse");
    Outcome embedded =
        run(
            "jobs/embed.sh",
            iceberg,
            "--input=" + corpus,
            "--output=lake.db.texts",
            "--output-format=iceberg",
            "--model=" + GermanCorpus.TINY);
    assertThat(embedded.out()).contains("Rows      60: ").doesNotContain(NOT_ATOMIC);
    Outcome pairs =
        run(
            "jobs/sts.sh",
            iceberg,
            "--all-pairs",
            "--top-k=2",
            "--input=lake.db.texts",
            "--format=iceberg",
            "--output=lake.db.pairs",
            "--output-format=iceberg");
    assertThat(pairs.out()).contains("Rows      120").doesNotContain(NOT_ATOMIC);
    assertThat(objects("warehouse/db/pairs/metadata/"))
        .anyMatch(key -> key.endsWith(".metadata.json"));
  }

  private static Outcome embed(String input, String output) throws IOException {
    return run(
        "jobs/embed.sh",
        List.of(),
        "--input=" + input,
        "--output=" + output,
        "--model=" + GermanCorpus.TINY);
  }

  private static Outcome run(String launcher, List<String> spark, String... job)
      throws IOException {
    List<String> options =
        new ArrayList<>(
            List.of(
                "--master",
                "local[2]",
                "--packages",
                "org.apache.hadoop:hadoop-aws:" + VersionInfo.getVersion()));
    for (String setting :
        List.of(
            "endpoint=" + endpoint,
            "endpoint.region=eu-central-1",
            "path.style.access=true",
            "access.key=key",
            "secret.key=geheim")) {
      options.addAll(List.of("--conf", "spark.hadoop.fs.s3a." + setting));
    }
    options.addAll(spark);
    options.add("--");
    options.addAll(List.of(job));
    Outcome outcome = Shell.in(scratch).run(launcher, options.toArray(String[]::new)).succeeded();
    assertThat(outcome.out() + outcome.err()).doesNotContain("geheim");
    return outcome;
  }
}
