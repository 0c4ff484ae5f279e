package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.SparkEnv;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkgbert.ChildJvm;
import org.sparkgbert.TestSpark;

/** Every job, under settings of Spark that its users have. */
@Tag("long")
class SparkSettingsIT {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "spark.sql.ansi.enabled, false",
    "spark.sql.caseSensitive, true",
    "spark.sql.adaptive.enabled, false",
    "spark.sql.sources.useV1SourceList, ''"
  })
  void jobsRunUnder(String setting, String value) {
    SparkSession spark = TestSpark.session();
    String before = spark.conf().get(setting);
    spark.conf().set(setting, value);
    try {
      runJobs(folder);
    } finally {
      spark.conf().set(setting, before);
    }
  }

  @Test
  void jobsRunUnderKryo() throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    ProcessBuilder jvm =
        ChildJvm.of(
                List.of(
                    "-XX:TieredStopAtLevel=1",
                    "-Dspark.serializer=" + KryoSerializer.class.getName(),
                    UnderKryo.class.getName(),
                    folder.toString()))
            .redirectOutput(output.toFile());
    assertThat(jvm.start().waitFor()).as(Files.readString(output)).isZero();
  }

  /** A JVM of its own, since a session cannot change its serializer. */
  static final class UnderKryo {
    private UnderKryo() {}

    /**
     * @param args a directory to write to
     */
    public static void main(String[] args) {
      TestSpark.session();
      assertThat(SparkEnv.get().serializer()).isInstanceOf(KryoSerializer.class);
      runJobs(Path.of(args[0]));
    }
  }

  private static void runJobs(Path folder) {
    TableOnDisk.embed(folder, 8);
    String embedded = folder.resolve("out").toString();
    TestSpark.session()
        .sql(
            "SELECT 'Züge fahren' AS sentence1, '1 Züge fahren' AS sentence2, 0.5 AS score, 1 AS a,"
                + " 3 AS b")
        .union(TestSpark.session().sql("SELECT 'Es regnet', '2 Züge fahren', 0.1, 2, 5"))
        .write()
        .parquet(folder.resolve("pairs").toString());
    String pairs = "--input=" + folder.resolve("pairs");
    succeeded("check", embedded);
    String[] enriching = {
      "enrich",
      "--input=" + folder.resolve("in"),
      "--output=" + folder.resolve("mirror"),
      "--id-column=id",
      "--cache=" + folder.resolve("cache"),
      "--model=" + TinyModels.tiny()
    };
    succeeded(enriching);
    succeeded(enriching);
    succeeded("check", folder.resolve("mirror").toString());
    succeeded(
        "sts",
        pairs,
        "--output=" + folder.resolve("scored"),
        "--gold-column=score",
        "--model=" + TinyModels.tiny());
    succeeded(
        "sts",
        pairs,
        "--output=" + folder.resolve("by-id"),
        "--embeddings=" + embedded,
        "--id1-column=a",
        "--id2-column=b");
    succeeded("sts", "--all-pairs", "--input=" + embedded, "--output=" + folder.resolve("best"));
    String clusters = folder.resolve("clusters").toString();
    succeeded("cluster", "--input=" + embedded, "--output=" + clusters, "--k=2", "--restarts=1");
    succeeded("check", clusters);
    succeeded(
        "cluster",
        "--input=" + embedded,
        "--output=" + folder.resolve("assigned"),
        "--assign=" + clusters);
  }

  private static void succeeded(String... args) {
    JobRun run = JobRun.of(args);
    assertThat(run.code()).as("%s: %s", List.of(args), run.err()).isEqualTo(Main.SUCCEEDED);
  }
}
