package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.TestSpark;
import org.sparkgbert.action.Progress;
import org.sparkgbert.check.CheckSettings;
import org.sparkgbert.check.CheckTable;
import org.sparkgbert.job.RunningCommand.Outcome;

/** What users type. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class LaunchersIT {
  private static final long ROWS = 20;

  @TempDir private Path scratch;

  private Shell shell;

  @BeforeEach
  void openShell() throws IOException {
    shell = Shell.in(scratch);
  }

  @Test
  void helpIsShownAndIsNoError() throws IOException {
    Outcome help = shell.run("jobs/embed.sh", "--help").succeeded();
    assertThat(help.out()).startsWith("Usage: jobs/embed.sh ").contains("--text-column=NAME");
  }

  @Test
  void clustersAndAnswersAreOneCommandAwayFromEmbeddings() throws IOException {
    GermanCorpus.write(scratch.resolve("corpus"), ROWS, 1);
    shell
        .cd(scratch)
        .run(
            Shell.CHECKOUT + "/jobs/embed.sh",
            "--input",
            "corpus",
            "--output",
            "embeddings",
            "--model",
            GermanCorpus.TINY)
        .succeeded();
    Outcome clustered =
        shell
            .cd(scratch)
            .run(
                Shell.CHECKOUT + "/jobs/cluster.sh",
                "--input",
                "embeddings",
                "--output",
                "clusters",
                "--k",
                "2",
                "--restarts",
                "1")
            .succeeded();
    assertThat(clustered.err()).as("the log is quiet").doesNotContain(" WARN ", "ERROR");
    assertThat(clustered.out()).startsWith("Clusters  2: ").endsWith("clusters/report.html\n");
    assertThat(
            shell.cd(scratch).run(Shell.CHECKOUT + "/jobs/check.sh", "clusters").succeeded().out())
        .contains("clusters is valid");
    Outcome answered =
        shell
            .cd(scratch)
            .run(
                Shell.CHECKOUT + "/jobs/search.sh",
                "--input",
                "embeddings",
                "--query",
                "Der Zug 7 nach Köln fährt heute später.",
                "--top-k",
                "2",
                "--model",
                GermanCorpus.TINY)
            .succeeded();
    assertThat(answered.err()).as("the log is quiet").doesNotContain(" WARN ", "ERROR");
    assertThat(answered.out())
        .startsWith("Der Zug 7 nach Köln fährt heute später.\n   1  1.0000  7  Der Zug 7 nach Köln")
        .contains("Compared  with 20 rows, exact, in ");
  }

  @Test
  void wrongUsageIsOneLineAndExitCode2() throws IOException {
    shell.run("jobs/embed.sh").refusedWith("Cannot run: Missing required options");
    shell
        .run("jobs/embed.sh", "--input", "a", "--output", "b", "--fils", "3")
        .refusedWith("unknown option --fils, did you mean --files?");
    shell
        .run("jobs/check.sh", "--master", "local[1]", "--", scratch + "/none")
        .refusedWith("Cannot read table %s/none: there is no such directory".formatted(scratch));
    shell
        .run("jobs/quickstart.sh", "--fast")
        .refusedWith("quickstart takes only Maven's -D and -P options, found --fast");
    shell
        .with("JAVA_HOME", scratch + "/no-java")
        .run("jobs/embed.sh", "--help")
        .refusedWith(
            "Cannot run: it needs Java 17, found no %s/no-java/bin/java".formatted(scratch));
  }

  @Test
  void sparkOptionsReachSparkUnchangedAndSettingsComeFromAFile() throws IOException {
    String corpus = GermanCorpus.write(scratch.resolve("corpus"), ROWS, 1);
    Path events = Files.createDirectory(scratch.resolve("events"));
    Path settings = scratch.resolve("embed.properties");
    Files.writeString(settings, "model=%s\nfiles=3\npartitions=2\n".formatted(GermanCorpus.TINY));
    String table = scratch.resolve("table").toString();
    shell
        .run(
            "jobs/embed.sh",
            "--conf",
            "spark.master=local[1]",
            "--conf",
            "spark.sql.shuffle.partitions=3",
            "--conf",
            "spark.app.name=Artikel  der Nacht *",
            "--conf",
            "spark.eventLog.enabled=true",
            "--conf",
            "spark.eventLog.compress=false",
            "--conf",
            "spark.eventLog.dir=" + events.toUri(),
            "--driver-memory",
            "700m",
            "--",
            "--config",
            settings.toString(),
            "--input",
            corpus,
            "--output",
            table,
            "--files",
            "1")
        .succeeded();
    assertThat(contents(events))
        .contains("\"spark.master\":\"local[1]\"")
        .contains("\"spark.sql.shuffle.partitions\":\"3\"")
        .contains("\"spark.app.name\":\"Artikel  der Nacht *\"")
        .contains("\"spark.driver.memory\":\"700m\"");
    GermanCorpus.assertEmbedded(table, ROWS);
    assertThat(Path.of(table).toFile().list((directory, name) -> name.endsWith(".parquet")))
        .as("files: the command line takes precedence over the file")
        .hasSize(1);
  }

  /** The names are in the script alone, since the tests' own JVM may not know UTF-8 names. */
  @Test
  void anyDirectoryAnyNameAndAnyLocaleWill() throws IOException {
    GermanCorpus.write(scratch.resolve("corpus"), ROWS, 1);
    Files.createSymbolicLink(scratch.resolve("embed"), Shell.CHECKOUT.resolve("jobs/embed.sh"));
    Files.createSymbolicLink(scratch.resolve("check"), Shell.CHECKOUT.resolve("jobs/check.sh"));
    Path script = scratch.resolve("user.sh");
    Files.writeString(
        script,
        """
        set -e
        mkdir 'Bücher & Körbe' && cd 'Bücher & Körbe' && mv ../corpus 'Körbe voll'
        ../embed --input 'Körbe voll' --output 'Äpfel neu' --model "$1"
        ../check 'Äpfel neu'
        ls
        rm ../embed ../check
        """);
    Outcome outcome =
        shell
            .cd(scratch)
            .with("LC_ALL", "C")
            .run(List.of("bash", script.toString(), GermanCorpus.TINY))
            .succeeded();
    assertThat(outcome.out())
        .contains("Table     Äpfel neu (")
        .contains("Table Äpfel neu is valid: 20 rows")
        .endsWith("Körbe voll\nÄpfel neu\n");
  }

  @Test
  void pairsInACsvFileAreScoredAndEvaluated() throws IOException {
    Path pairs = scratch.resolve("pairs.csv");
    Files.writeString(
        pairs,
        """
        "Er sagte ""Moin"", dann ging er",Er ging.,2.5
        Der Hund bellt.,Ein Hund bellt.,5
        Der Hund bellt.,Die Aktien fallen.,0
        """);
    String table = scratch.resolve("scored").toString();
    Outcome outcome =
        shell
            .run(
                "jobs/sts.sh",
                "--conf",
                "spark.master=local[1]",
                "--",
                "--input",
                pairs.toString(),
                "--format",
                "csv",
                "--sentence1-column=_c0",
                "--sentence2-column=_c1",
                "--gold-column=_c2",
                "--resamples=0",
                "--model",
                GermanCorpus.TINY,
                "--output",
                table)
            .succeeded();
    assertThat(outcome.out())
        .contains("Rows      3: ok 3", "cosine    Spearman ", "Pairs     3 with gold scores");
    assertThat(Path.of(table + "_evaluation", "report.html")).isRegularFile();
    assertThat(
            new CheckTable(new CheckSettings(table, "", 3))
                .run(TestSpark.session(), Progress.NONE)
                .lines())
        .isEmpty();
  }

  @Test
  void theSparkOfSparkHomeIsUsed() throws IOException {
    SparkJars.link();
    Path home = scratch.resolve("spark home");
    Path submit = Files.createDirectories(home.resolve("bin")).resolve("spark-submit");
    Files.writeString(
        submit,
        """
        #!/usr/bin/env bash
        printf '%s\\n' "$@" >"$SPARK_HOME/arguments"
        exec java -cp "$JARS/*" org.apache.spark.deploy.SparkSubmit "$@"
        """);
    Files.setPosixFilePermissions(submit, PosixFilePermissions.fromString("rwxr-xr-x"));
    Outcome help =
        shell
            .with("SPARK_HOME", home.toString())
            .with("JARS", SparkJars.HOME + "/jars")
            .run("jobs/check.sh", "--conf", "spark.app.name=a b", "--", "--help")
            .succeeded();
    assertThat(help.out()).startsWith("Usage: jobs/check.sh ");
    assertThat(Files.readAllLines(home.resolve("arguments")))
        .contains("--class", "org.sparkgbert.job.Main", "spark.app.name=a b", "--jars")
        .doesNotContain("--master")
        .endsWith("check", "--help");
  }

  @Test
  void anUnbuiltCheckoutSaysWhatToDo() throws IOException {
    Path jobs = launchersIn("unbuilt").resolve("jobs");
    shell
        .run(List.of("bash", jobs.resolve("embed.sh").toString(), "--help"))
        .refusedWith("Cannot run: it is not built; run jobs/quickstart.sh or mvn");
  }

  /** What another machine gets: no Maven repository of who built it. */
  @Test
  void aCopyWithoutTheMavenRepositoryNamesSparkHome() throws IOException {
    Path copy = launchersIn("copy");
    Path target = Files.createDirectories(copy.resolve("target/lib")).getParent();
    Files.writeString(target.resolve("spark-gbert-0.1.0.jar"), "");
    Files.writeString(
        target.resolve("spark.classpath"), "/nosuch/.m2/spark-core.jar:/nosuch/b.jar");
    for (String launcher : List.of("embed.sh", "verify-model.sh")) {
      shell
          .run(List.of("bash", copy.resolve("jobs").resolve(launcher).toString(), "--help"))
          .refusedWith("/nosuch/.m2/spark-core.jar cannot be read here; set SPARK_HOME to a Spark");
    }
  }

  @Test
  void manyMayStartAtOnceInACheckoutThatWasJustBuilt() throws IOException {
    Path copy = launchersIn("built");
    Path target = Files.createDirectories(copy.resolve("target"));
    for (String part : List.of("spark-gbert-0.1.0.jar", "spark.classpath", "lib")) {
      Files.createSymbolicLink(
          target.resolve(part), Shell.CHECKOUT.resolve("target").resolve(part));
    }
    List<RunningCommand> running = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      String launcher = copy.resolve("jobs/check.sh").toString();
      running.add(shell.start(List.of("bash", launcher, "--help")));
    }
    for (RunningCommand each : running) {
      assertThat(each.await().succeeded().out()).startsWith("Usage: jobs/check.sh ");
      each.close();
    }
    try (Stream<Path> made = Files.list(target)) {
      List<Path> spark =
          made.filter(path -> path.getFileName().toString().matches("spark-[0-9].*")).toList();
      assertThat(spark).hasSize(1);
      assertThat(spark.get(0)).isDirectoryNotContaining("glob:**/*.part.*");
    }
  }

  @Test
  void withoutPyTorchsJarsTrainingSaysWhatToDo() throws IOException {
    Path copy = launchersIn("no-pytorch");
    Path target = Files.createDirectories(copy.resolve("target/lib")).getParent();
    Files.writeString(target.resolve("spark-gbert-0.1.0.jar"), "");
    String launcher = copy.resolve("jobs/train.sh").toString();
    shell
        .run(List.of("bash", launcher, "--help"))
        .refusedWith("it is not built, there is no " + target.resolve("training.classpath"));
    Files.writeString(target.resolve("training.classpath"), "/nosuch/.m2/pytorch-engine.jar");
    shell
        .run(List.of("bash", launcher, "--help"))
        .refusedWith("/nosuch/.m2/pytorch-engine.jar cannot be read here; build again with mvn");
  }

  @Test
  void aJavaThatSparkCannotUseIsRefused() throws IOException {
    for (String version : List.of("11.0.2", "1.8.0_402", "25")) {
      Path java = Files.createDirectories(scratch.resolve("java" + version + "/bin"));
      Path command = java.resolve("java");
      Files.writeString(
          command, "#!/bin/sh\necho 'openjdk version \"%s\"' >&2\n".formatted(version));
      Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwxr-xr-x"));
      shell
          .with("JAVA_HOME", java.getParent().toString())
          .run("jobs/embed.sh", "--help")
          .refusedWith(
              "it needs Java 17 or 21, found %s in "
                  .formatted(version.replaceFirst("^1\\.", "").replaceAll("[._].*", "")));
    }
  }

  @Test
  void anOptionThatSparkDoesNotKnowIsOneLine() throws IOException {
    shell
        .run("jobs/embed.sh", "--inptu", "a", "--", "--output", "b")
        .refusedWith("Unrecognized option: --inptu; before -- stand options of Spark");
  }

  private Path launchersIn(String name) throws IOException {
    Path jobs = Files.createDirectories(scratch.resolve(name).resolve("jobs"));
    try (Stream<Path> launchers = Files.list(Shell.CHECKOUT.resolve("jobs"))) {
      for (Path launcher : launchers.toList()) {
        Files.copy(launcher, jobs.resolve(launcher.getFileName()));
      }
    }
    return jobs.getParent();
  }

  private static String contents(Path directory) throws IOException {
    StringBuilder contents = new StringBuilder();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.append(Files.readString(file));
      }
    }
    return contents.toString();
  }
}
