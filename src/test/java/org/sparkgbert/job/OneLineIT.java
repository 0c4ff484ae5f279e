package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.util.VersionInfo;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.TestSpark;
import org.sparkgbert.job.RunningCommand.Outcome;

/** Whatever fails in a job of its own process, its user reads one line, with the reason in it. */
@Tag("long")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class OneLineIT {
  private static final long ROWS = 20;

  @TempDir private Path scratch;

  private Shell shell;

  @BeforeEach
  void openShell() throws IOException {
    shell = Shell.in(scratch);
  }

  @Test
  void aFailureInATaskIsOneLineWithItsReasonAndExitCode1() throws IOException {
    Path corpus = Files.createDirectory(scratch.resolve("in"));
    Files.copy(Path.of("src/test/resources/parquet/split.parquet"), corpus.resolve("a.parquet"));
    Outcome outcome = embedIn1Core(corpus, "--dedupe=true");
    assertThat(outcome.code()).isEqualTo(Main.FAILED);
    assertThat(outcome.errorLines())
        .singleElement()
        .asString()
        .startsWith("spark-gbert: Cannot run: [FAILED_READ_FILE.NO_HINT] ")
        .contains("a.parquet: Unsupported encoding: BYTE_STREAM_SPLIT; ", "VectorizedReader=false");
  }

  @Test
  void aDirectoryNameThatIsTooLongIsOneLine() throws IOException {
    Path corpus = scratch.resolve("in");
    TestSpark.texts(List.of("Guten Morgen"), 1)
        .withColumn("day", functions.lit("x".repeat(300)))
        .write()
        .parquet(corpus.toString());
    Outcome outcome = embedIn1Core(corpus, "--partition-by=day");
    assertThat(outcome.code()).isEqualTo(Main.FAILED);
    assertThat(outcome.errorLines())
        .singleElement()
        .asString()
        .startsWith("spark-gbert: Cannot write: the name day=xxx")
        .contains("has 304 bytes, and file systems take at most 255");
  }

  @Test
  void aConditionOf3000ParenthesesIsOneLine() throws IOException {
    String corpus = GermanCorpus.write(scratch.resolve("in"), ROWS, 1);
    Outcome outcome =
        embedIn1Core(
            Path.of(corpus), "--where=" + "(".repeat(3_000) + "id > 3" + ")".repeat(3_000));
    assertThat(outcome.code()).isEqualTo(Main.WRONG_USAGE);
    assertThat(outcome.errorLines())
        .singleElement()
        .asString()
        .startsWith("spark-gbert: Cannot filter corpus by '((((")
        .endsWith("it is nested too deep")
        .hasSizeLessThan(300);
  }

  @Test
  void aSignalIsOneLineAndLeavesNoTable() throws IOException {
    String corpus = GermanCorpus.write(scratch.resolve("in"), 20_000, 4);
    Path table = scratch.resolve("table");
    try (RunningCommand job =
        shell.start(
            "jobs/embed.sh",
            "--input",
            corpus,
            "--output",
            table.toString(),
            "--max-failed",
            "0")) {
      Poll.until(() -> job.output().contains("Model "), job::output);
      RunningCommand.signal("INT", job.pid());
      Outcome outcome = job.await();
      assertThat(outcome.code()).isEqualTo(128 + 2);
      assertThat(outcome.errorLines())
          .singleElement()
          .asString()
          .startsWith("spark-gbert: Cannot finish: the run was stopped by a signal");
    }
    assertThat(table).doesNotExist();
  }

  @Test
  void aLibraryThatSparkLacksIsNamedWithItsVersion() throws IOException {
    shell
        .run("jobs/embed.sh", "--input", "s3a://u:geheim@lake/a", "--output", "s3a://lake/b")
        .refusedWith(
            "Cannot open the file system of s3a://***@lake/a: Spark comes without the library of this file system; put --packages org.apache.hadoop:hadoop-aws:%s -- before the job's options"
                .formatted(VersionInfo.getVersion()));
  }

  private Outcome embedIn1Core(Path corpus, String option) throws IOException {
    return shell.run(
        "jobs/embed.sh",
        "--master",
        "local[1]",
        "--",
        "--input",
        corpus.toString(),
        "--output",
        scratch.resolve("out").toString(),
        "--model",
        GermanCorpus.TINY,
        option);
  }

  @Test
  void aFullDiskIsSaid() throws IOException {
    String corpus = GermanCorpus.write(scratch.resolve("in"), 400, 1);
    Path small = Files.createDirectory(scratch.resolve("small"));
    Outcome outcome =
        onMachine(
            "mount -t tmpfs -o size=40k tmpfs '%s'".formatted(small),
            "jobs/embed.sh --master 'local[1]' -- --input '%s' --output '%s/out' --model '%s'"
                .formatted(corpus, small, GermanCorpus.TINY));
    assertThat(outcome.code()).as(outcome.err()).isEqualTo(Main.FAILED);
    assertThat(outcome.errorLines())
        .singleElement()
        .asString()
        .startsWith("spark-gbert: Cannot ")
        .endsWith(": No space left on device");
  }

  @Test
  void aTemporaryDirectoryThatExecutesNothingIsSaid() throws IOException {
    Path noexec = Files.createDirectory(scratch.resolve("noexec"));
    String mount = "mount -t tmpfs -o noexec tmpfs '%s'".formatted(noexec);
    onMachine(
            mount,
            "jobs/embed.sh --driver-java-options '-Djava.io.tmpdir=%s' -- --input in --output out"
                .formatted(noexec))
        .refusedWith("temporary directory %s, which is mounted noexec; choose".formatted(noexec));
    onMachine(
            mount,
            "JAVA_OPTS='-Djava.io.tmpdir=%s' jobs/verify-model.sh '%s'"
                .formatted(noexec, GermanCorpus.TINY))
        .refusedWith("temporary directory %s, which is mounted noexec; choose".formatted(noexec));
  }

  @Test
  void aHostWhoseNameLeadsNowhereRunsLocalJobs() throws IOException {
    String corpus = GermanCorpus.write(scratch.resolve("in"), ROWS, 1);
    Outcome outcome =
        onMachine(
            "hostname no-such-host-here && unset SPARK_LOCAL_IP",
            "jobs/embed.sh --master 'local[1]' -- --input '%s' --output '%s' --model '%s'"
                .formatted(corpus, scratch.resolve("out"), GermanCorpus.TINY));
    assertThat(outcome.succeeded().out()).contains("Rows      20: ");
  }

  @Test
  void aUserWithoutANameIsSaid() throws IOException {
    Outcome name =
        shell.run(List.of("sh", "-c", "! getent passwd 54321 && setpriv --reuid 54321 true"));
    assume(name.code() == 0, "setpriv cannot change the user here");
    Outcome outcome =
        shell.run(
            List.of(
                "setpriv",
                "--reuid",
                "54321",
                "bash",
                "-c",
                ". jobs/_submit.sh; require_user_and_host local"));
    outcome.refusedWith("Hadoop needs the name of the user, and user id 54321 has none here");
  }

  /** Runs a command where another one has changed mounts or names, which nobody else sees. */
  private Outcome onMachine(String change, String command) throws IOException {
    List<String> namespace = List.of("unshare", "--map-root-user", "--mount", "--uts", "sh", "-c");
    Outcome possible = shell.run(join(namespace, change));
    assume(possible.code() == 0, "this user may not change mounts or names");
    return shell.run(join(namespace, change + " && exec env " + command));
  }

  private static List<String> join(List<String> words, String last) {
    return Stream.concat(words.stream(), Stream.of(last)).toList();
  }

  private static void assume(boolean holds, String reason) {
    if (!holds) {
      System.out.println("Skipped: " + reason);
    }
    assumeTrue(holds, reason);
  }
}
