package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.sparkgbert.LakeSession;
import org.sparkgbert.action.Progress;
import org.sparkgbert.enrich.EnrichCounts;
import org.sparkgbert.enrich.EnrichResult;
import org.sparkgbert.enrich.MirrorCorpus;
import org.sparkgbert.enrich.MirrorSettings;

/** Tables of Iceberg and Delta that follow a corpus, with the real libraries. */
@Tag("long")
class MirrorTablesIT {
  @TempDir private static Path shared;
  @TempDir private Path folder;

  private static SparkSession spark;

  /** A format, and how it changes rows. */
  enum Format {
    ICEBERG_COPY_ON_WRITE,
    ICEBERG_MERGE_ON_READ,
    DELTA_BY_PATH;

    String option() {
      return this == DELTA_BY_PATH ? "delta" : "iceberg";
    }
  }

  @BeforeAll
  static void openSession() {
    spark = LakeSession.open(shared.resolve("warehouse"));
  }

  @AfterEach
  void dropTables() {
    for (Format format : List.of(Format.ICEBERG_COPY_ON_WRITE, Format.ICEBERG_MERGE_ON_READ)) {
      spark.sql("DROP TABLE IF EXISTS %s PURGE".formatted(table(format)));
    }
    spark.sql("DROP TABLE IF EXISTS lake.db.moved PURGE");
  }

  @AfterAll
  static void closeSession() {
    LakeSession.close();
  }

  private String table(Format format) {
    return switch (format) {
      case DELTA_BY_PATH -> folder.resolve("out").toString();
      case ICEBERG_COPY_ON_WRITE -> "lake.db.copied";
      case ICEBERG_MERGE_ON_READ -> "lake.db.merged";
    };
  }

  private Dataset<Row> read(Format format) {
    return switch (format) {
      case DELTA_BY_PATH -> spark.read().format("delta").load(table(format));
      default -> spark.table(table(format));
    };
  }

  private String corpus(String name, Dataset<Row> rows) {
    String path = folder.resolve(name).toString();
    rows.write().mode("overwrite").parquet(path);
    return path;
  }

  private EnrichResult run(String corpus, Format format) {
    return new MirrorCorpus(
            MirrorSettings.of(
                Map.of(
                    "input",
                    corpus,
                    "output",
                    table(format),
                    "output-format",
                    format.option(),
                    "id-column",
                    "id",
                    "model",
                    GermanCorpus.TINY,
                    "device",
                    "cpu",
                    "stage",
                    folder.resolve("stage").toString())))
        .run(spark, Progress.NONE);
  }

  private static Dataset<Row> texts(long from, long to) {
    return spark
        .range(from, to, 1, 4)
        .selectExpr("id", "concat('Der Zug ', id, ' nach Köln fährt heute.') text", "id % 7 day");
  }

  /** What the corpus is on the second day. */
  private static Dataset<Row> secondDay() {
    return texts(20, 2_100)
        .withColumn(
            "text", functions.expr("if(id % 200 = 1, concat('Geändert: ', id % 1000), text)"))
        .withColumn("day", functions.expr("if(id % 500 = 2, 99, day)"));
  }

  @ParameterizedTest
  @EnumSource
  void aTableFollowsItsCorpus(Format format) {
    EnrichResult first = run(corpus("in", texts(0, 2_000)), format);
    assertThat(first.counts().encodedTexts()).isEqualTo(2_000);
    if (format == Format.ICEBERG_MERGE_ON_READ) {
      spark.sql(
          "ALTER TABLE lake.db.merged SET TBLPROPERTIES ('format-version'='2', 'write.merge.mode'='merge-on-read')");
    }
    Dataset<Row> before = keep("before", read(format));

    String corpus = corpus("second", secondDay());
    EnrichResult second = run(corpus, format);
    // Changed: 9 rows with 5 texts, of which a new row has one. Other columns alone: 3 rows.
    assertThat(second.counts())
        .isEqualTo(new EnrichCounts(100, 9, 3, 1_968, 20, 0, 0, 109, 104, 0, 0));
    assertThat(second.work().encoding().distinctTexts()).isEqualTo(104);

    Dataset<Row> after = keep("after", read(format));
    assertThat(after.count()).isEqualTo(2_080);
    // Vectors that were known are those of yesterday, bit for bit.
    Dataset<Row> kept =
        after.where("id % 200 != 1 and id < 2000").selectExpr("id", "embedding as now");
    assertThat(
            kept.join(before.select("id", "embedding"), "id")
                .where("not (now <=> embedding)")
                .count())
        .isZero();
    assertSameAsFresh(after, corpus);
    assertThat(run(corpus, format).written()).isEmpty();

    // A column that the corpus gets is filled in all rows.
    run(corpus("third", secondDay().withColumn("owner", functions.lit("us"))), format);
    assertThat(read(format).where("owner = 'us' and embedding is not null").count())
        .isEqualTo(2_080);
    if (format == Format.ICEBERG_COPY_ON_WRITE) {
      // A row that someone else doubled is found, though the corpus has it no more.
      spark.sql("INSERT INTO lake.db.copied SELECT * FROM lake.db.copied WHERE id = 2099");
      String shorter = corpus("fourth", secondDay().where("id < 2099"));
      assertThatThrownBy(() -> run(shorter, format))
          .hasMessage("Cannot enrich: ids must be unique, found id = 2099 in 2 rows of the table");
    }
  }

  @Test
  void aCorpusThatChangesWhileItIsReadIsSaidAndChangesNothing() {
    String corpus = folder.resolve("moving").toString();
    texts(0, 6).write().format("delta").save(corpus);
    Map<String, String> options =
        Map.of(
            "input", corpus,
            "format", "delta",
            "output", "lake.db.moved",
            "output-format", "iceberg",
            "id-column", "id",
            "model", GermanCorpus.TINY,
            "device", "cpu",
            "stage", folder.resolve("stage").toString());
    MirrorCorpus action = new MirrorCorpus(MirrorSettings.of(options));
    action.run(spark, Progress.NONE);
    spark.sql(
        "INSERT INTO delta.`%s` VALUES (100, 'Ein Hund.', 1), (101, 'Eine Maus.', 1)"
            .formatted(corpus));
    Progress others =
        new Progress() {
          @Override
          public void begin(String stage) {
            if (stage.equals("write table")) {
              spark.sql("DELETE FROM delta.`%s` WHERE id = 100".formatted(corpus));
            }
          }
        };
    assertThatThrownBy(() -> action.run(spark, others))
        .hasMessage(
            "Cannot enrich table lake.db.moved: its corpus or the table was changed after they were compared, found 1 of 2 rows to write; nothing was written, run again");
    assertThat(spark.table("lake.db.moved").count()).isEqualTo(6);
    assertThat(action.run(spark, Progress.NONE).counts().added()).isEqualTo(1);
    assertThat(spark.table("lake.db.moved").count()).isEqualTo(7);
  }

  private void assertSameAsFresh(Dataset<Row> table, String corpus) {
    Path fresh = folder.resolve("fresh");
    new MirrorCorpus(
            MirrorSettings.of(
                Map.of(
                    "input",
                    corpus,
                    "output",
                    fresh.toString(),
                    "id-column",
                    "id",
                    "model",
                    GermanCorpus.TINY,
                    "device",
                    "cpu")))
        .run(spark, Progress.NONE);
    Dataset<Row> other = spark.read().parquet(fresh.toString());
    String[] others = {
      "id",
      "text",
      "day",
      "embedding_status",
      "embedding_tokens",
      "embedding_error",
      "embedding_key",
      "embedding_fingerprint"
    };
    assertThat(table.selectExpr(others).exceptAll(other.selectExpr(others)).count()).isZero();
    Row worst =
        table
            .selectExpr("id", "embedding as mine")
            .join(other.select("id", "embedding"), "id")
            .selectExpr(
                "count(*)", "max(array_max(zip_with(mine, embedding, (a, b) -> abs(a - b))))")
            .head();
    assertThat(worst.getLong(0)).isEqualTo(table.count());
    assertThat(worst.getFloat(1)).isLessThan(2e-6f);
  }

  /** The rows as they are now. */
  private Dataset<Row> keep(String name, Dataset<Row> rows) {
    rows.write().parquet(folder.resolve(name).toString());
    return spark.read().parquet(folder.resolve(name).toString());
  }

  /**
   * In one session, a run that writes to a table drops what another has cached of it, so that the
   * other finds fewer rows than it wanted to write: it writes none of them and says so. Of two that
   * make a table, one does.
   */
  private EnrichResult runAgainIfAsked(String corpus, Format format) {
    try {
      return run(corpus, format);
    } catch (IllegalStateException changed) {
      assertThat(changed)
          .hasMessageMatching(
              "Cannot .*(the table was changed after they were compared, .*; nothing was written"
                  + "|another run made it at the same moment; nothing of this run is in it), run again");
      return run(corpus, format);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ICEBERG_COPY_ON_WRITE, true",
    "DELTA_BY_PATH, true",
    "ICEBERG_COPY_ON_WRITE, false",
    "DELTA_BY_PATH, false"
  })
  void twoRunsAtOnceNeitherLoseNorDoubleRows(Format format, boolean isThere) throws Exception {
    if (isThere) {
      run(corpus("in", texts(0, 1_000)), format);
    }
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Callable<EnrichResult>> runs =
          IntStream.range(0, 2)
              .<Callable<EnrichResult>>mapToObj(
                  number ->
                      () -> {
                        SparkSession.setActiveSession(spark);
                        return runAgainIfAsked(corpus("in" + number, texts(100, 1_200)), format);
                      })
              .toList();
      for (Future<EnrichResult> run : threads.invokeAll(runs)) {
        run.get();
      }
    } finally {
      threads.shutdownNow();
    }
    Dataset<Row> table = read(format);
    assertThat(table.count()).isEqualTo(1_100);
    assertThat(table.select("id").distinct().count()).isEqualTo(1_100);
    assertThat(table.where("text != concat('Der Zug ', id, ' nach Köln fährt heute.')").count())
        .isZero();
  }
}
