package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The README's Java runs as it stands, on the class path that the README names. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ReadmeIT {
  @TempDir private Path scratch;

  @Test
  void theExampleWithoutSparkRuns() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    String example = between(readme.substring(readme.indexOf("without Spark")), "```java\n", "```");
    Path source = scratch.resolve("Example.java");
    Files.writeString(
        source,
        """
        import java.nio.file.Path;
        import java.util.List;
        import org.sparkgbert.encode.SentenceEncoder;

        class Example {
          public static void main(String[] args) {
            %s
          }
        }
        """
            .formatted(
                example.replace(
                    "encoder.encode(List.of(\"Guten Morgen!\", \"Wie wird das Wetter?\"));",
                    "encoder.encode(List.of(\"Guten Morgen!\", \"Wie wird das Wetter?\"));"
                        + "System.out.println(vectors.length + \" \" + vectors[1].length);")));
    String classPath =
        "target/spark-gbert-0.1.0.jar:" + Files.readString(Path.of("target/spark.classpath"));
    assertThat(readme).contains("target/spark-gbert-0.1.0.jar:$(cat target/spark.classpath)");
    assertThat(
            Shell.in(scratch)
                .run(List.of("java", "-cp", classPath, source.toString()))
                .succeeded()
                .out())
        .endsWith("2 384\n");
  }

  @Test
  void everyActionIsCalledFromAPlainProgramAndPrintsNothing() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    String example = between(readme.substring(readme.indexOf("with Spark\n")), "```java\n", "```");
    Path source = Files.writeString(scratch.resolve("Example.java"), program(example));
    Path jar = Path.of("target/spark-gbert-0.1.0.jar").toAbsolutePath();
    String classPath = jar + ":" + Files.readString(Path.of("target/spark.classpath"));
    assertThat(readme).contains("java @conf/java.args -cp ... Example.java");
    String out =
        Shell.in(scratch)
            .cd(scratch)
            .run(
                List.of(
                    "java",
                    "@" + Path.of("conf/java.args").toAbsolutePath(),
                    "-Dlog4j2.level=ERROR",
                    "-cp",
                    classPath,
                    source.toString()))
            .succeeded()
            .out();
    assertThat(out)
        .isEqualTo(
            """
            4 rows, {ok=4}
            3 pairs scored, 3 evaluated
            4 neighbours
            Guten Abend
            2 clusters
            valid: true
            """);
  }

  @Test
  void theArgumentsForJavaAreThoseThatSparkAsksFor() throws IOException {
    List<String> opened =
        Arrays.stream(JavaModuleOptions.defaultModuleOptionArray())
            .filter(option -> option.startsWith("--add-opens"))
            .toList();
    assertThat(Files.readAllLines(Path.of("conf/java.args"))).containsAll(opened);
  }

  private static String program(String example) {
    return """
        import java.util.*;
        import org.apache.spark.sql.SparkSession;
        import org.sparkgbert.action.Progress;
        import org.sparkgbert.check.*;
        import org.sparkgbert.cluster.*;
        import org.sparkgbert.corpus.InputOptions;
        import org.sparkgbert.embed.*;
        import org.sparkgbert.encode.EncoderOptions;
        import org.sparkgbert.lake.OutputOptions;
        import org.sparkgbert.search.*;
        import org.sparkgbert.settings.Settings;
        import org.sparkgbert.sts.*;

        class Example {
          public static void main(String[] args) {
            SparkSession spark =
                SparkSession.builder()
                    .master("local[2]")
                    .config("spark.ui.enabled", "false")
                    .config("spark.sql.shuffle.partitions", "2")
                    .getOrCreate();
            spark
                .sql(
                    "SELECT * FROM VALUES (1, 'Guten Morgen'), (2, 'Guten Abend'), (3, 'Regen'),"
                        + " (4, 'Schnee') AS a(id, body)")
                .write()
                .parquet("articles");
            spark
                .sql(
                    "SELECT * FROM VALUES ('Guten Morgen', 'Guten Abend', 4.0), ('Regen', 'Schnee',"
                        + " 3.0), ('Haus', 'Hund', 1.0) AS p(sentence1, sentence2, gold)")
                .write()
                .parquet("pairs");
            %s
            Map<String, String> pairs =
                Map.of("input", "pairs", "output", "scored", "gold-column", "gold");
            ScoredPairs scored = new ScorePairs(ScoreSettings.of(pairs)).run(spark, Progress.NONE);
            EvaluationSettings evaluation =
                EvaluationSettings.of(Settings.parse(pairs, PairOptions.SCORING), List.of())
                    .orElseThrow()
                    .after(scored);
            EvaluatedPairs evaluated = new EvaluatePairs(evaluation).run(spark, Progress.NONE);
            System.out.println(
                scored.table().rows()
                    + " pairs scored, "
                    + evaluated.evaluation().pairs()
                    + " evaluated");
            FoundNeighbours neighbours =
                new FindNeighbours(
                        FindNeighboursSettings.of(
                            Map.of(
                                "input", "articles_embedded", "output", "neighbours", "top-k", "1")))
                    .run(spark, Progress.NONE);
            System.out.println(neighbours.table().rows() + " neighbours");
            FoundAnswers answers =
                new SearchCorpus(
                        SearchSettings.of(
                            Map.of(
                                "input", "articles_embedded",
                                "query", "Guten Abend",
                                "max-seq-length", "128",
                                "top-k", "1")))
                    .run(spark, Progress.NONE);
            System.out.println(answers.findings().answers().get(0).found().get(0).text());
            FoundClusters clusters =
                new FindClusters(
                        ClusterSettings.of(
                            Map.of(
                                "input", "articles_embedded",
                                "output", "clusters",
                                "text-column", "body",
                                "k", "2")))
                    .run(spark, Progress.NONE);
            System.out.println(clusters.findings().clusters() + " clusters");
            Findings findings =
                new CheckTable(CheckSettings.of(Map.of("table", "articles_embedded")))
                    .run(spark, Progress.NONE);
            System.out.println("valid: " + findings.isValid());
            spark.stop();
          }
        }
        """
        .formatted(example);
  }

  private static String between(String text, String start, String end) {
    int from = text.indexOf(start) + start.length();
    return text.substring(from, text.indexOf(end, from));
  }
}
