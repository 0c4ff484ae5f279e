package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sparkgbert.LakeSession;
import org.sparkgbert.action.Progress;
import org.sparkgbert.embed.EmbedCorpus;
import org.sparkgbert.embed.EmbedResult;
import org.sparkgbert.embed.EmbedSettings;
import org.sparkgbert.enrich.EnrichCounts;
import org.sparkgbert.enrich.EnrichResult;
import org.sparkgbert.enrich.MirrorCorpus;
import org.sparkgbert.enrich.MirrorSettings;

/**
 * What is promised of a lake that is kept up to date, at a size that {@code -Dsparkgbert.lake-rows}
 * says: 100000 is that of a real one.
 */
@Tag("long")
@EnabledIfSystemProperty(
    named = "sparkgbert.lake-rows",
    matches = "\\d+",
    disabledReason = "It takes ten minutes: -Dsparkgbert.lake-rows=100000 runs it")
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class LakeAtSizeIT {
  private static final int ROWS = Integer.getInteger("sparkgbert.lake-rows", 10_000);
  private static final float TOLERANCE = 1e-6f;
  private static final int KILLS = 3;
  private static final double MOST_ENCODED = 1.05;

  /**
   * A task has that many texts at least, more or less, so that small corpora lose a larger part.
   */
  private static final int TEXTS_PER_TASK = 64;

  /** As many tasks as an enrichment has. */
  private static final String PARTITIONS =
      Integer.toString(Math.min(100 * KilledRuns.CORES, ROWS / TEXTS_PER_TASK));

  /** Columns that are the same whenever a row is encoded. */
  private static final String[] EXACT = {
    "id",
    "text",
    "day",
    "embedding_status",
    "embedding_tokens",
    "embedding_error",
    "embedding_key",
    "embedding_fingerprint"
  };

  @TempDir private static Path shared;

  private static SparkSession spark;
  private static String yesterday;
  private static String today;

  @TempDir private Path folder;

  /** A format, and how it changes rows. */
  enum Format {
    PARQUET("parquet"),
    ICEBERG_COPY_ON_WRITE("iceberg"),
    ICEBERG_MERGE_ON_READ("iceberg"),
    DELTA("delta");

    private final String option;

    Format(String option) {
      this.option = option;
    }

    String table() {
      return switch (this) {
        case PARQUET, DELTA -> shared.resolve(option).toString();
        case ICEBERG_COPY_ON_WRITE -> "lake.db.copied";
        case ICEBERG_MERGE_ON_READ -> "lake.db.merged";
      };
    }

    Dataset<Row> rows() {
      return switch (this) {
        case PARQUET, DELTA -> spark.read().format(option).load(table());
        case ICEBERG_COPY_ON_WRITE, ICEBERG_MERGE_ON_READ -> spark.table(table());
      };
    }
  }

  /** Yesterday's table and a fresh one of today serve all tests. */
  @BeforeAll
  static void encodeTwoDays() {
    assertThat(ROWS % 1000).as("rows, which must be a multiple of 1000").isZero();
    spark = LakeSession.open(shared.resolve("warehouse"));
    yesterday = corpus("corpus-of-yesterday", rowsOfYesterday());
    today = corpus("corpus-of-today", rowsOfToday());
    mirror(yesterday, table("yesterday"), Map.of());
    mirror(today, table("fresh"), Map.of());
  }

  @AfterAll
  static void closeSession() {
    LakeSession.close();
  }

  private static String table(String name) {
    return shared.resolve(name).toString();
  }

  private static String corpus(String name, Dataset<Row> rows) {
    rows.write().parquet(table(name));
    return table(name);
  }

  /** In each hundred, one row has the text of another. */
  private static Dataset<Row> rowsOfYesterday() {
    return rows(0, ROWS)
        .withColumn("number", functions.expr("if(id % 100 = 7, id - 1, id)"))
        .select(functions.col("id"), text(), day());
  }

  /**
   * Of yesterday's rows 0.2 % are gone and 0.5 % are changed; 1 % are new. Of those changed and
   * new, some have a text that was known, and some have one that others have too.
   */
  private static Dataset<Row> rowsOfToday() {
    Dataset<Row> stayed =
        rowsOfYesterday()
            .where("id % 500 != 3")
            .withColumn(
                "text",
                functions.expr(
                    """
                    case when id % 200 != 11 then text
                      when id % 1000 = 211 then 'Ein Text, der zweimal und öfter kommt.'
                      when id % 1000 = 411 then concat('Der Zug ', id - 1, ' fährt nach Köln.')
                      else concat('Geändert wurde Satz ', id, '.') end
                    """));
    Dataset<Row> added =
        rows(ROWS, ROWS + ROWS / 100)
            .withColumn("number", functions.expr("if(id %% 10 = 3, id - %d, id)".formatted(ROWS)))
            .select(functions.col("id"), text(), day())
            .withColumn(
                "text",
                functions.expr("if(id % 10 = 4, 'Ein Text, der zweimal und öfter kommt.', text)"));
    return stayed.union(added);
  }

  private static Dataset<Row> rows(long from, long to) {
    return spark.range(from, to, 1, 4).toDF();
  }

  private static Column text() {
    return functions.expr("concat('Der Zug ', number, ' fährt nach Köln.')").as("text");
  }

  private static Column day() {
    return functions.expr("id % 7").as("day");
  }

  private static EnrichResult mirror(String corpus, String table, Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("input", corpus);
    settings.put("output", table);
    settings.put("id-column", "id");
    settings.put("model", GermanCorpus.TINY);
    settings.put("device", "cpu");
    return new MirrorCorpus(MirrorSettings.of(settings)).run(spark, Progress.NONE);
  }

  private static EnrichResult mirror(String corpus, Format format, Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("output-format", format.option);
    settings.put("stage", shared.resolve("stage").toString());
    return mirror(corpus, format.table(), settings);
  }

  private static Dataset<Row> parquet(String table) {
    return spark.read().parquet(table);
  }

  @ParameterizedTest
  @EnumSource
  void onlyWhatIsNewIsEncodedAndTheRestStaysBitForBit(Format format, TestReporter reporter) {
    EnrichResult first = mirror(yesterday, format, Map.of("reuse", table("yesterday")));
    assertThat(first.counts().encodedTexts()).isZero();
    if (format == Format.ICEBERG_MERGE_ON_READ) {
      spark.sql(
          "ALTER TABLE %s SET TBLPROPERTIES ('write.merge.mode'='merge-on-read')"
              .formatted(format.table()));
    }

    EnrichResult second = mirror(today, format, Map.of());
    reporter.publishEntry(format.table(), second.counts() + " in " + second.took());
    assertCounts(second);
    Dataset<Row> table = format.rows();
    assertKnownVectorsStayed(table);
    assertSame(table, parquet(table("fresh")), EXACT);
    assertChangedAsItShould(format);
  }

  private static void assertCounts(EnrichResult second) {
    EnrichCounts counts = second.counts();
    assertThat(counts.added()).isEqualTo(ROWS / 100);
    assertThat(counts.changed()).isEqualTo(ROWS / 200);
    assertThat(counts.removed()).isEqualTo(ROWS / 500);
    assertThat(counts.unchanged()).isEqualTo(ROWS - ROWS / 200 - ROWS / 500);
    assertThat(counts.refreshed() + counts.laterRows() + counts.kept()).isZero();
    // Two of ten new rows and two of five changed ones have a text that is known or another's too.
    int encoded = ROWS / 100 * 8 / 10 + ROWS / 200 * 3 / 5 + 1;
    assertThat(encoded).isEqualTo(newTexts());
    assertThat(counts.encodedTexts()).isEqualTo(encoded);
    assertThat(counts.reusedRows()).isEqualTo(ROWS / 100 / 10 + ROWS / 200 / 5);
    assertThat(second.work().rows()).as("texts that went into the encoder").isEqualTo(encoded);
    assertThat(second.work().encoding().distinctTexts()).isEqualTo(encoded);
  }

  private static long newTexts() {
    return parquet(today).select("text").except(parquet(yesterday).select("text")).count();
  }

  /** A float's text is another for every float. */
  private static void assertKnownVectorsStayed(Dataset<Row> table) {
    Dataset<Row> known =
        parquet(table("yesterday"))
            .selectExpr("embedding_key", "cast(embedding as string) before")
            .distinct();
    Row stayed =
        table
            .join(known, "embedding_key")
            .selectExpr("count(*)", "count_if(cast(embedding as string) = before)")
            .head();
    assertThat(stayed.getLong(0))
        .isEqualTo(ROWS - ROWS / 500 - ROWS / 200 * 4 / 5 + ROWS / 100 / 10);
    assertThat(stayed.getLong(1)).isEqualTo(stayed.getLong(0));
  }

  /** Row by row. */
  private static void assertSame(Dataset<Row> table, Dataset<Row> other, String... exact) {
    assertThat(table.selectExpr(exact).exceptAll(other.selectExpr(exact)).count()).isZero();
    Row worst =
        table
            .selectExpr("id", "embedding mine")
            .join(other.select("id", "embedding"), "id")
            .selectExpr(
                "count(embedding)",
                "max(array_max(zip_with(mine, embedding, (a, b) -> abs(a - b))))")
            .head();
    assertThat(worst.getLong(0)).isEqualTo(other.count()).isEqualTo(table.count());
    assertThat(worst.getFloat(1)).isLessThanOrEqualTo(TOLERANCE);
  }

  private static void assertChangedAsItShould(Format format) {
    switch (format) {
      case ICEBERG_COPY_ON_WRITE -> assertThat(deleteFiles(format)).isZero();
      case ICEBERG_MERGE_ON_READ -> assertThat(deleteFiles(format)).isPositive();
      case PARQUET, DELTA -> assertThat(shared.resolve("stage")).isEmptyDirectory();
    }
  }

  private static long deleteFiles(Format format) {
    return spark.table(format.table() + ".delete_files").count();
  }

  /**
   * Every text is encoded; what is more was lost with dead processes.
   *
   * @param texts what an uninterrupted run encodes
   */
  private static void assertLittleLost(long encoded, long texts, TestReporter reporter) {
    reporter.publishEntry("encoded", "%d, of %d texts".formatted(encoded, texts));
    long inFlight = 2L * TEXTS_PER_TASK * KilledRuns.CORES * KILLS;
    assertThat(encoded)
        .isGreaterThanOrEqualTo(distinctTexts())
        .isLessThanOrEqualTo(Math.max((long) (MOST_ENCODED * texts), texts + inFlight));
  }

  private static long distinctTexts() {
    return parquet(yesterday).select("text").distinct().count();
  }

  @Test
  void anEnrichmentThatIsKilledAgainAndAgainEncodesLittleTwice(TestReporter reporter)
      throws IOException {
    String output = folder.resolve("table").toString();
    KilledRuns runs =
        new KilledRuns(
            folder,
            List.of("enrich", "--input", yesterday, "--output", output, "--id-column", "id"),
            () -> LeftFiles.in(folder.resolve(".table.vectors")).distinct(spark, "key"));
    long texts = distinctTexts();
    long encoded = runs.kill(KILLS, texts);

    EnrichResult last = mirror(yesterday, output, Map.of());
    assertThat(last.work().rows()).isEqualTo(texts - runs.saved());
    assertLittleLost(encoded + last.work().rows(), texts, reporter);
    assertSame(parquet(output), parquet(table("yesterday")), EXACT);
    assertThat(folder.resolve(".table.vectors")).doesNotExist();
  }

  @Test
  void anEmbedJobThatIsKilledAgainAndAgainEncodesLittleTwice(TestReporter reporter)
      throws IOException {
    String output = folder.resolve("table").toString();
    // A task that has not ended is lost: so all of them have to be small.
    KilledRuns runs =
        new KilledRuns(
            folder,
            List.of("embed", "--input", yesterday, "--output", output, "--partitions", PARTITIONS),
            () -> LeftFiles.in(folder.resolve(".table.publish")).distinct(spark, "id"));
    long encoded = runs.kill(KILLS, ROWS);

    EmbedResult last =
        new EmbedCorpus(
                EmbedSettings.of(
                    Map.of(
                        "input", yesterday,
                        "output", output,
                        "partitions", PARTITIONS,
                        "model", GermanCorpus.TINY,
                        "device", "cpu")))
            .run(spark, Progress.NONE);
    assertThat(last.takenOver()).isGreaterThanOrEqualTo(runs.saved());
    assertLittleLost(encoded + ROWS - last.takenOver(), ROWS, reporter);
    assertSame(
        parquet(output), parquet(table("yesterday")), "id", "text", "day", "embedding_status");
    assertThat(folder.resolve(".table.publish")).doesNotExist();
  }
}
