package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.sparkgbert.ChildJvm;
import org.sparkgbert.LakeSession;
import org.sparkgbert.action.Progress;
import org.sparkgbert.check.CheckSettings;
import org.sparkgbert.check.CheckTable;
import org.sparkgbert.enrich.EnrichCounts;
import org.sparkgbert.enrich.EnrichResult;
import org.sparkgbert.enrich.EnrichTable;
import org.sparkgbert.enrich.EnrichTableSettings;
import org.sparkgbert.lake.CommitRetry;
import org.sparkgbert.lake.TooManyFailuresException;

/** Tables of Iceberg and Delta that are enriched in place, with the real libraries. */
@Tag("long")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class EnrichTableIT {
  /** How a table keeps changes of its rows. */
  enum Kind {
    COPY_ON_WRITE,
    MERGE_ON_READ,
    DELTA
  }

  @TempDir private static Path shared;

  private static SparkSession spark;

  @BeforeAll
  static void openSession() {
    spark = LakeSession.open(shared.resolve("warehouse"));
    spark.sql(
        "CREATE DATABASE IF NOT EXISTS enriched LOCATION '%s'".formatted(shared.resolve("delta")));
  }

  @AfterAll
  static void closeSession() {
    spark.sql("DROP DATABASE enriched CASCADE");
    LakeSession.close();
  }

  @BeforeEach
  void dropTables() {
    for (Kind kind : Kind.values()) {
      spark.sql(
          "DROP TABLE IF EXISTS %s%s".formatted(table(kind), kind == Kind.DELTA ? "" : " PURGE"));
    }
  }

  static String table(Kind kind) {
    return switch (kind) {
      case COPY_ON_WRITE -> "lake.db.cow";
      case MERGE_ON_READ -> "lake.db.mor";
      case DELTA -> "enriched.articles";
    };
  }

  /** Rows 0 to n - 1; the texts of 6 and 7 are the same, those of 8 and 9 are none. */
  static void create(Kind kind, int rows, String... properties) {
    String mode = kind == Kind.MERGE_ON_READ ? "merge-on-read" : "copy-on-write";
    String all =
        kind == Kind.DELTA
            ? "'delta.enableChangeDataFeed' = 'true'"
            : "'write.merge.mode' = '%1$s', 'write.update.mode' = '%1$s', 'write.delete.mode' = '%1$s', 'format-version' = '2'"
                .formatted(mode);
    spark.sql(
        "CREATE TABLE %s (id BIGINT, body STRING, day INT) USING %s TBLPROPERTIES (%s%s)"
            .formatted(
                table(kind),
                kind == Kind.DELTA ? "delta" : "iceberg",
                all,
                String.join("", properties)));
    insert(kind, 0, rows);
  }

  static void insert(Kind kind, int from, int to) {
    spark.sql(
        """
        INSERT INTO %s (id, body, day)
        SELECT id,
          CASE WHEN id = 7 THEN 'Der Text Nummer 6 ist da.' WHEN id = 8 THEN NULL
            WHEN id = 9 THEN '  ' ELSE 'Der Text Nummer ' || id || ' ist da.' END,
          CAST(id %% 3 AS INT)
        FROM RANGE(%d, %d)
        """
            .formatted(table(kind), from, to));
  }

  static EnrichResult enrich(Kind kind, String... more) {
    return enrich(kind, Progress.NONE, more);
  }

  static EnrichResult enrich(Kind kind, Progress progress, String... more) {
    Map<String, String> settings = new HashMap<>();
    settings.put("table", table(kind));
    settings.put("text-column", "body");
    settings.put("id-column", "id");
    settings.put("model", TinyModels.tiny().toString());
    settings.put("device", "cpu");
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return new EnrichTable(EnrichTableSettings.of(settings)).run(spark, progress);
  }

  /** Distinct texts that went into the encoder, as its tasks counted them. */
  static long intoEncoder(EnrichResult result) {
    return result.work().rows();
  }

  static Dataset<Row> rows(Kind kind) {
    return spark.table(table(kind));
  }

  static long commits(Kind kind) {
    return kind == Kind.DELTA
        ? spark.sql("DESCRIBE HISTORY " + table(kind)).count()
        : spark.table(table(kind) + ".metadata_log_entries").count();
  }

  /** Each row has the vector that its text has by itself, and nothing else is wrong. */
  static void assertEnriched(Kind kind, long expected) {
    Dataset<Row> rows = rows(kind);
    assertThat(rows.count()).isEqualTo(expected);
    assertThat(rows.select("id").distinct().count()).isEqualTo(expected);
    assertThat(check(kind)).isEmpty();
  }

  static List<String> check(Kind kind) {
    return new CheckTable(new CheckSettings(table(kind), "", 10_000))
        .run(spark, Progress.NONE)
        .lines();
  }

  private static void sql(String statement, Object... values) {
    spark.sql(statement.formatted(values));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aTableIsFilledAndThenKeptUpToDate(Kind kind) {
    create(kind, 40);
    EnrichResult first = enrich(kind);
    assertThat(first.counts().added()).isEqualTo(40);
    assertThat(first.counts().encodedTexts()).isEqualTo(37);
    assertThat(intoEncoder(first)).isEqualTo(37);
    assertThat(first.rowsByStatus()).isEqualTo(Map.of("ok", 38L, "empty", 2L));
    assertEnriched(kind, 40);

    long before = commits(kind);
    EnrichResult again = enrich(kind);
    assertThat(again.counts().unchanged()).isEqualTo(40);
    assertThat(again.written()).isEmpty();
    assertThat(intoEncoder(again)).isZero();
    assertThat(commits(kind)).isEqualTo(before);

    Map<Long, Object> vectors = vectors(kind);
    insert(kind, 40, 50);
    sql(
        """
        UPDATE %s SET day = 9, body = CASE WHEN id = 3 THEN 'Der Text Nummer 6 ist da.'
          WHEN id IN (4, 5) THEN 'Ein ganz neuer Text.' WHEN id = 2 THEN '' ELSE body END
        WHERE id < 6
        """,
        table(kind));
    sql("DELETE FROM %s WHERE id = 0", table(kind));
    EnrichCounts plan = enrich(kind, "dry-run", "true").counts();
    EnrichResult next = enrich(kind);
    assertThat(next.counts()).isEqualTo(plan);
    assertThat(next.counts().encodedTexts()).isEqualTo(11);
    assertThat(intoEncoder(next)).isEqualTo(11);
    assertThat(next.counts().added()).isEqualTo(10);
    assertThat(next.counts().changed()).isEqualTo(4);
    assertThat(next.counts().reusedRows()).isEqualTo(1);
    assertThat(next.counts().unchanged()).isEqualTo(35);
    assertEnriched(kind, 49);
    Map<Long, Object> now = vectors(kind);
    for (long id : List.of(1L, 6L, 7L, 20L, 39L)) {
      assertThat(now.get(id)).isEqualTo(vectors.get(id));
    }
    assertThat(now.get(3L)).isEqualTo(vectors.get(6L));
    assertThat(now.get(2L)).isNull();
  }

  private static Map<Long, Object> vectors(Kind kind) {
    Map<Long, Object> vectors = new HashMap<>();
    for (Row row : rows(kind).select("id", "embedding").collectAsList()) {
      vectors.put(row.getLong(0), row.isNullAt(1) ? null : row.getList(1));
    }
    return vectors;
  }

  @ParameterizedTest
  @CsvSource({
    "COPY_ON_WRITE, BINARY, binary",
    "DELTA, BINARY, binary",
    "DELTA, ARRAY<TINYINT>, array<tinyint>"
  })
  void aColumnWhoseVectorsHaveBytesOrBitsIsRefusedByName(Kind kind, String type, String found) {
    create(kind, 3);
    sql("ALTER TABLE %s ADD COLUMNS (embedding %s)", table(kind), type);
    long before = commits(kind);
    assertThatThrownBy(() -> enrich(kind))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith(
            "its column 'embedding' is %s, expected array<float>; choose another --embedding-column"
                .formatted(found));
    assertThat(commits(kind)).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"COPY_ON_WRITE", "DELTA"})
  void onlyWhatChangedSinceTheLastRunIsRead(Kind kind) {
    create(kind, 30);
    assertThatThrownBy(() -> enrich(kind, "since-snapshot", "true"))
        .hasMessageStartingWith("Cannot find what changed in table ")
        .hasMessageContaining("no run is known")
        .hasMessageEndingWith("leave out --since-snapshot");
    enrich(kind);
    insert(kind, 30, 35);
    sql("UPDATE %s SET body = 'Neu.' WHERE id IN (3, 4)", table(kind));
    sql("UPDATE %s SET body = 'Noch neuer.' WHERE id = 4", table(kind));
    sql("DELETE FROM %s WHERE id = 31", table(kind));
    EnrichResult next = enrich(kind, "since-snapshot", "true");
    assertThat(next.counts().added()).isEqualTo(4);
    assertThat(next.counts().changed()).isEqualTo(2);
    assertThat(intoEncoder(next)).isEqualTo(6);
    assertEnriched(kind, 34);
    long before = commits(kind);
    EnrichCounts none = enrich(kind, "since-snapshot", "true").counts();
    assertThat(none.unchanged() + none.added() + none.changed()).isZero();
    assertThat(commits(kind)).isEqualTo(before);
    assertThatThrownBy(() -> enrich(kind, "since-snapshot", "true", "max-seq-length", "16"))
        .hasMessageContaining("no run is known that enriched all rows of column 'body'");
    bringBack(kind);
    assertThatThrownBy(() -> enrich(kind, "since-snapshot", "true"))
        .hasMessageMatching(
            "Cannot find what changed in table \\S+ since version \\d+: .*; leave out"
                + " --since-snapshot");
    enrich(kind);
  }

  /** Takes the history away: an older snapshot, or a feed that is off. */
  private static void bringBack(Kind kind) {
    if (kind == Kind.DELTA) {
      sql("ALTER TABLE %s SET TBLPROPERTIES ('delta.enableChangeDataFeed' = 'false')", table(kind));
      insert(kind, 40, 41);
    } else {
      sql(
          "CALL lake.system.rollback_to_snapshot('db.cow', %s)",
          spark
              .table(table(kind) + ".snapshots")
              .orderBy("committed_at")
              .select("snapshot_id")
              .first()
              .get(0));
    }
  }

  @Test
  void changesOfMergeOnReadAreNotGuessed() {
    Kind kind = Kind.MERGE_ON_READ;
    create(kind, 12);
    enrich(kind);
    sql("UPDATE %s SET body = 'Neu.' WHERE id = 3", table(kind));
    assertThatThrownBy(() -> enrich(kind, "since-snapshot", "true"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching(
            "Cannot find what changed in table \\S+ since version \\d+: Delete files are .*; leave"
                + " out --since-snapshot");
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"COPY_ON_WRITE", "DELTA"})
  void anotherModelIsRefusedOrReplacesOrStandsBeside(Kind kind) {
    create(kind, 12);
    enrich(kind);
    long before = commits(kind);
    assertThatThrownBy(() -> enrich(kind, "max-seq-length", "16"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has vectors of another model in 10 rows: ")
        .hasMessageContaining("max_seq_length (128 and 16)")
        .hasMessageEndingWith(
            "choose --on-model-change re-encode or new-column, or the model that made them");
    assertThat(commits(kind)).isEqualTo(before);

    sql("UPDATE %s SET body = 'Neu.' WHERE id = 3", table(kind));
    EnrichResult beside = enrich(kind, "max-seq-length", "16", "on-model-change", "new-column");
    assertThat(beside.counts().encodedTexts()).isEqualTo(9);
    assertThat(check(kind)).isEmpty();
    String prefix =
        List.of(rows(kind).columns()).stream()
            .filter(name -> name.matches("embedding_[0-9a-f]{8}"))
            .findFirst()
            .orElseThrow();
    assertThat(rows(kind).where(prefix + " IS NOT NULL").count()).isEqualTo(10);
    assertThat(
            rows(kind).where("id = 3").select("embedding", "embedding_status").first().isNullAt(0))
        .isTrue();
    assertThat(rows(kind).where("embedding IS NOT NULL").count()).isEqualTo(9);
    assertThat(intoEncoder(enrich(kind, "max-seq-length", "16", "on-model-change", "new-column")))
        .isZero();

    EnrichResult replaced = enrich(kind, "max-seq-length", "16", "on-model-change", "re-encode");
    assertThat(replaced.counts().encodedTexts()).isEqualTo(9);
    assertThat(check(kind)).isEmpty();
    // Rows without text are up to date under any model.
    Dataset<Row> vectors = rows(kind).where("embedding IS NOT NULL");
    assertThat(vectors.select("embedding_fingerprint").distinct().count()).isEqualTo(1);
  }

  @Test
  void aBudgetLeavesNoVectorOfAnotherText() {
    Kind kind = Kind.DELTA;
    create(kind, 6);
    enrich(kind);
    insert(kind, 20, 26);
    sql("UPDATE %s SET body = 'Neu.' WHERE id = 5", table(kind));
    EnrichResult some = enrich(kind, "max-encode", "2", "oldest-by", "id");
    assertThat(some.counts().encodedTexts()).isEqualTo(2);
    assertThat(some.counts().laterTexts()).isEqualTo(5);
    assertThat(some.rowsByStatus()).containsEntry("null", 5L);
    assertThat(check(kind)).isEmpty();
    assertThat(rows(kind).where("embedding IS NULL").select("id").orderBy("id").collectAsList())
        .extracting(row -> row.getLong(0))
        .containsExactly(21L, 22L, 23L, 24L, 25L);
    sql("UPDATE %s SET body = 'Anders.' WHERE id = 0", table(kind));
    sql("UPDATE %s SET body = 'Ganz anders.' WHERE id = 1", table(kind));
    enrich(kind, "max-encode", "1");
    assertThat(rows(kind).where("embedding IS NULL").select("id").orderBy("id").collectAsList())
        .extracting(row -> row.getLong(0))
        .containsExactly(1L, 21L, 22L, 23L, 24L, 25L);
    EnrichResult rest = enrich(kind, "since-snapshot", "true");
    assertThat(rest.counts().encodedTexts()).isEqualTo(6);
    assertEnriched(kind, 12);
  }

  @Test
  void failuresAreTriedAgainAndTooManyChangeNothing() throws IOException {
    Kind kind = Kind.COPY_ON_WRITE;
    create(kind, 12);
    sql("UPDATE %s SET body = '§ schlecht' WHERE id = 3", table(kind));
    String model = TinyModels.nanOnPoison(shared.resolve("nan")).toString();
    assertThatThrownBy(() -> enrich(kind, "model", model))
        .isInstanceOf(TooManyFailuresException.class)
        .hasMessageContaining("1 of 12 rows failed");
    assertThat(rows(kind).where("embedding_status IS NOT NULL").count()).isZero();
    EnrichResult some = enrich(kind, "model", model, "max-failed", "0.5");
    assertThat(intoEncoder(some)).as("texts that the refused run did not encode").isEqualTo(1);
    assertThat(some.rowsByStatus()).containsEntry("failed", 1L);
    assertThat(check(kind)).isEmpty();
    assertThat(intoEncoder(enrich(kind, "model", model, "max-failed", "0.5"))).isEqualTo(1);
  }

  @Test
  void tablesThatCannotBeEnrichedAreRefusedByName() {
    Kind kind = Kind.DELTA;
    create(kind, 3);
    insert(kind, 2, 3);
    assertThatThrownBy(() -> enrich(kind))
        .hasMessageEndingWith("ids must be unique, found id = 2 in 2 rows");
    sql("INSERT INTO %s VALUES (NULL, 'x', 1)", table(kind));
    assertThatThrownBy(() -> enrich(kind))
        .hasMessageContaining("ids must not be null, found 1 rows without id");
    assertThatThrownBy(() -> enrich(kind, "text-column", "day"))
        .hasMessage("Cannot embed column 'day': it must be a string, found int");
    assertThatThrownBy(() -> enrich(kind, "table", "enriched.nothing"))
        .hasMessageStartingWith("Cannot enrich table enriched.nothing: there is no table");
    assertThatThrownBy(() -> enrich(kind, "embedding-column", "day"))
        .hasMessageContaining("its column 'day' is int, expected array<float>");
    assertThat(rows(kind).columns()).containsExactly("id", "body", "day");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void runsAndOtherWritersAtOnceLoseAndDoubleNothing(Kind kind) throws Exception {
    create(kind, 60);
    ExecutorService threads =
        Executors.newFixedThreadPool(
            3,
            task ->
                new Thread(
                    () -> {
                      SparkSession.setActiveSession(spark);
                      task.run();
                    }));
    try {
      List<Future<?>> all = new ArrayList<>();
      all.add(threads.submit(() -> enrich(kind)));
      all.add(threads.submit(() -> enrich(kind)));
      all.add(
          threads.submit(
              () -> {
                for (int i = 0; i < 3; i++) {
                  int round = i;
                  retried(() -> insert(kind, 100 + 5 * round, 105 + 5 * round));
                  retried(() -> sql("DELETE FROM %s WHERE id = %d", table(kind), 20 + round));
                  retried(
                      () ->
                          sql(
                              "UPDATE %s SET body = 'Neu %d.' WHERE id = %d",
                              table(kind), round, 30 + round));
                }
              }));
      for (Future<?> each : all) {
        each.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertVectorsOfOwnTexts(kind);
    enrich(kind);
    assertEnriched(kind, 72);
    assertVectorsOfOwnTexts(kind);
  }

  /** Other writers meet conflicts, too. */
  private static void retried(Runnable write) {
    new CommitRetry(20, Duration.ofMillis(50), Duration.ofSeconds(1))
        .run("write", write, Progress.NONE);
  }

  /** Rows that changed after their vectors were made say so by their keys. */
  private static void assertVectorsOfOwnTexts(Kind kind) {
    Map<String, Object> byText = new HashMap<>();
    for (Row row :
        rows(kind)
            .where("embedding IS NOT NULL AND embedding_status = 'ok' AND NOT body LIKE 'Neu %'")
            .select("body", "embedding")
            .collectAsList()) {
      assertThat(byText.computeIfAbsent(row.getString(0), text -> row.getList(1)))
          .isEqualTo(row.getList(1));
    }
    assertThat(byText.values()).doesNotHaveDuplicates();
  }

  /** Enriches a table in a JVM of its own. */
  static final class Child {
    public static void main(String[] args) {
      spark = LakeSession.open(Path.of(args[0]));
      enrich(Kind.COPY_ON_WRITE);
      System.exit(0);
    }
  }

  @Test
  void whatAKilledRunEncodedIsNotEncodedAgain() throws Exception {
    Kind kind = Kind.COPY_ON_WRITE;
    int rows = 4_000;
    create(kind, rows);
    Path warehouse = shared.resolve("warehouse");
    Path stage = warehouse.resolve("db/cow/.spark-gbert-vectors");
    Process child =
        ChildJvm.of(List.of("-Xmx1g", Child.class.getName(), warehouse.toString()))
            .redirectOutput(shared.resolve("child.log").toFile())
            .start();
    try {
      while (finished(stage).size() < 4) {
        assertThat(child.isAlive()).as("the child lives").isTrue();
        Thread.sleep(5);
      }
    } finally {
      child.destroyForcibly().waitFor();
    }
    long finished = spark.read().parquet(finished(stage).toArray(String[]::new)).count();
    assertThat(finished).isBetween(1L, rows - 200L);
    EnrichResult resumed = enrich(kind);
    assertThat(intoEncoder(resumed)).isEqualTo(rows - 3 - finished);
    assertThat(resumed.rowsByStatus()).isEqualTo(Map.of("ok", rows - 2L, "empty", 2L));
    assertThat(stage).doesNotExist();
    assertVectorsOfOwnTexts(kind);
  }

  private static List<String> finished(Path stage) throws IOException {
    if (!Files.exists(stage)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(stage)) {
      return files
          .filter(file -> file.getParent().getFileName().toString().equals("vectors"))
          .filter(file -> file.getFileName().toString().startsWith("part-"))
          .map(Path::toString)
          .toList();
    } catch (UncheckedIOException moved) {
      return List.of();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"COPY_ON_WRITE", "DELTA"})
  void cleaningATableLeavesTheStageAlone(Kind kind) throws IOException {
    create(kind, 3);
    Path table =
        kind == Kind.DELTA ? shared.resolve("delta/articles") : shared.resolve("warehouse/db/cow");
    Path left = Files.createDirectories(table.resolve(".spark-gbert-vectors/f/run-1/vectors"));
    Path file = Files.writeString(left.resolve("part-0.parquet"), "x");
    assertThat(file.toFile().setLastModified(0)).isTrue();
    if (kind == Kind.DELTA) {
      spark.conf().set("spark.databricks.delta.retentionDurationCheck.enabled", "false");
      sql("VACUUM %s RETAIN 0 HOURS", table(kind));
    } else {
      sql("CALL lake.system.remove_orphan_files(table => 'db.cow')");
    }
    assertThat(file).exists();
  }
}
