package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.ChildJvm;
import org.sparkgbert.LakeSession;
import org.sparkgbert.action.Progress;
import org.sparkgbert.check.CheckSettings;
import org.sparkgbert.check.CheckTable;
import org.sparkgbert.enrich.FollowCounts;
import org.sparkgbert.enrich.FollowResult;
import org.sparkgbert.enrich.FollowSettings;
import org.sparkgbert.enrich.FollowSource;
import org.sparkgbert.enrich.MirrorCorpus;
import org.sparkgbert.enrich.MirrorSettings;
import org.sparkgbert.enrich.StopRequest;
import org.sparkgbert.files.Directories;

/** Tables of Iceberg and Delta that follow what arrives, with the real libraries. */
@Tag("long")
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class FollowIT {
  private static final String TARGET = "lake.db.followed";
  private static final String SOURCE = "lake.db.arriving";

  @TempDir private static Path shared;
  @TempDir private Path folder;

  private static SparkSession spark;

  private final List<String> notes = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void openSession() {
    spark = LakeSession.open(shared.resolve("warehouse"));
  }

  @AfterAll
  static void closeSession() {
    LakeSession.close();
  }

  @BeforeEach
  void dropTables() {
    spark.sql("DROP TABLE IF EXISTS %s PURGE".formatted(TARGET));
    spark.sql("DROP TABLE IF EXISTS %s PURGE".formatted(SOURCE));
  }

  private Path in() throws IOException {
    return Files.createDirectories(folder.resolve("in"));
  }

  private Map<String, String> settings(String... more) {
    Map<String, String> settings = new HashMap<>();
    settings.put("input", folder.resolve("in").toString());
    settings.put("output", TARGET);
    settings.put("output-format", "iceberg");
    settings.put("id-column", "id");
    settings.put("model", GermanCorpus.TINY);
    settings.put("device", "cpu");
    settings.put("follow", "true");
    settings.put("checkpoint", folder.resolve("checkpoint").toString());
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return settings;
  }

  private Progress progress() {
    return new Progress() {
      @Override
      public void note(String line) {
        notes.add(line);
      }
    };
  }

  private FollowResult follow(String... more) {
    return new FollowSource(FollowSettings.of(settings(more)))
        .run(spark, progress(), new StopRequest());
  }

  /** Arrived, added, changed, refreshed, unchanged, removed, reused, encoded rows and texts. */
  private static void assertCounts(FollowResult result, long... expected) {
    FollowCounts counts = result.counts();
    assertThat(
            List.of(
                counts.arrived(),
                counts.added(),
                counts.changed(),
                counts.refreshed(),
                counts.unchanged(),
                counts.removed(),
                counts.reusedRows(),
                counts.encodedRows(),
                counts.encodedTexts()))
        .isEqualTo(java.util.Arrays.stream(expected).boxed().toList());
    assertThat(result.work().encoding().distinctTexts()).isEqualTo(counts.encodedTexts());
  }

  private static Dataset<Row> target() {
    spark.sql("REFRESH TABLE " + TARGET);
    return spark.table(TARGET);
  }

  /** Every row has the vector of its text, and the table is as its manifest says. */
  private static void assertValid(String table, long rows) {
    var findings = new CheckTable(new CheckSettings(table, "", 1_000)).run(spark, Progress.NONE);
    assertThat(findings.lines()).isEmpty();
    assertThat(findings.rows()).isEqualTo(rows);
  }

  private void csv(String name, String lines) throws IOException {
    Files.writeString(in().resolve(name), lines);
  }

  private void modified(String name, long seconds) throws IOException {
    Files.setLastModifiedTime(in().resolve(name), FileTime.from(seconds, TimeUnit.SECONDS));
  }

  private static Dataset<Row> texts(long from, long to) {
    return spark
        .range(from, to, 1, 2)
        .selectExpr("id", "concat('Der Zug ', id % 50, ' fährt heute.') text", "'a' note");
  }

  private void parquet(Dataset<Row> rows) {
    rows.write().mode("append").parquet(folder.resolve("in").toString());
  }

  @Test
  void onlyTextsThatAreNewAreEncoded() {
    parquet(texts(0, 60));
    assertCounts(follow(), 60, 60, 0, 0, 0, 0, 0, 60, 50);
    assertValid(TARGET, 60);
    assertCounts(follow(), 0, 0, 0, 0, 0, 0, 0, 0, 0);
    parquet(
        texts(50, 70)
            .withColumn("text", functions.expr("if(id = 51, 'Ein neuer Text.', text)"))
            .withColumn("note", functions.expr("if(id = 52, 'b', note)")));
    // 50 to 59 are there: one changes its text, one its note. The texts of 60 to 69 are known.
    assertCounts(follow(), 20, 10, 1, 1, 8, 0, 10, 1, 1);
    assertValid(TARGET, 70);
    assertThat(target().where("id = 51").head().getString(1)).isEqualTo("Ein neuer Text.");
    assertThat(target().where("id = 52").head().getString(2)).isEqualTo("b");
    assertThat(notes).anyMatch(note -> note.startsWith("Following new files of "));
    assertThat(folder.resolve("checkpoint/vectors")).doesNotExist();
    Row last =
        spark.sql("SELECT summary FROM " + TARGET + ".snapshots ORDER BY committed_at DESC").head();
    assertThat(last.getJavaMap(0))
        .containsEntry("spark-gbert-batch", "1")
        .containsKey("spark-gbert-query");
  }

  @Test
  void ofTwoRowsWithOneIdTheLaterCounts() throws IOException {
    csv("b.csv", "id,text,lang\n1,Ein Hund.,de\n2,Eine Katze.,de\n3,Ein Pferd.,de\n");
    csv("a.csv", "id,text,lang\n1,Ein Haus.,de\n2,\"Eine\nMaus.\",de\n2,Ein Vogel.,de\n");
    modified("b.csv", 1_000_000);
    modified("a.csv", 1_000_001);
    String[] csv = {"format", "csv", "read-option", "header=true", "where", "lang = 'de'"};
    assertCounts(follow(csv), 6, 3, 0, 0, 0, 0, 0, 3, 3);
    assertThat(texts()).containsExactly("1 Ein Haus.", "2 Ein Vogel.", "3 Ein Pferd.");
    // A file that is older than the others is seen too; a row that does not match any more goes.
    csv("c.csv", "id,text,lang\n3,Ein Pferd.,en\n4,Ein Hund.,de\n1,Ein Haus.,de\n5,,de\n");
    modified("c.csv", 1_000);
    assertCounts(follow(csv), 4, 2, 0, 0, 1, 1, 0, 1, 1);
    assertThat(texts()).containsExactly("1 Ein Haus.", "2 Ein Vogel.", "4 Ein Hund.", "5 null");
    assertValid(TARGET, 4);
  }

  private static List<String> texts() {
    return target().orderBy("id").collectAsList().stream()
        .map(row -> row.get(0) + " " + row.getString(1))
        .toList();
  }

  @Test
  void filesWithOtherColumnsAreRefused() throws IOException {
    csv("a.csv", "id,text\n1,Ein Hund.\n");
    String[] csv = {"format", "csv", "read-option", "header=true"};
    follow(csv);
    csv("b.csv", "text,id\nEine Katze.,2\n");
    assertThatThrownBy(() -> follow(csv))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("b.csv")
        .hasMessageContaining("have columns [text, id], expected [id, text]")
        .hasMessageEndingWith(
            "correct them in place, or run once without --follow, and then follow with a new --checkpoint");
    Files.delete(in().resolve("b.csv"));
    assertThatThrownBy(() -> follow(csv))
        .hasMessageContaining("b.csv arrived and is gone before it was read; put it back");
    csv("b.csv", "id,text\n2,Eine Katze.,zu viel\n");
    assertThatThrownBy(() -> follow(csv)).hasMessageContaining("b.csv");
    assertThat(texts()).containsExactly("1 Ein Hund.");
    csv("b.csv", "id,text\n2,Eine Katze.\n");
    csv("c.csv", "");
    assertCounts(follow(csv), 1, 1, 0, 0, 0, 0, 0, 1, 1);
    assertThat(notes).anyMatch(note -> note.matches("The file .*c.csv is empty: .*"));
  }

  @Test
  void filesOfJsonWithNewFieldsOrTypesAreRefused() throws IOException {
    csv("a.json", "{\"id\": 1, \"text\": \"Ein Hund.\", \"more\": {\"x\": 1}}\n");
    String[] json = {"format", "json"};
    assertCounts(follow(json), 1, 1, 0, 0, 0, 0, 0, 1, 1);
    csv("b.json", "{\"id\": 2, \"text\": \"Ein Hund.\", \"more\": {\"x\": 1, \"y\": 2}}\n");
    assertThatThrownBy(() -> follow(json)).hasMessageContaining("column 'more.y', which is new");
    csv("b.json", "{\"id\": 1.5, \"text\": \"Ein Hund.\"}\n");
    assertThatThrownBy(() -> follow(json))
        .hasMessageContaining("b.json")
        .hasMessageContaining("CANNOT_PARSE_JSON_FIELD");
    assertThat(target().count()).isEqualTo(1);
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  @Test
  void aChangeDataFeedIsFollowedWithDeletes() {
    String source = path("source");
    String output = path("target");
    spark.sql(
        "CREATE TABLE delta.`%s` (id BIGINT, text STRING, lang STRING) USING delta TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true')"
            .formatted(source));
    String table = "delta.`%s`".formatted(source);
    spark.sql(
        "INSERT INTO %s VALUES (1, 'Ein Hund.', 'de'), (2, 'Eine Katze.', 'de'), (3, 'Ein Pferd.', 'de'), (4, 'A horse.', 'en')"
            .formatted(table));
    String[] delta = {
      "input",
      source,
      "format",
      "delta",
      "output",
      output,
      "output-format",
      "delta",
      "where",
      "lang = 'de'"
    };
    assertCounts(follow(delta), 4, 3, 0, 0, 0, 0, 0, 3, 3);
    assertValid(output, 3);
    spark.sql("UPDATE %s SET text = 'Ein Haus.' WHERE id = 1".formatted(table));
    spark.sql("UPDATE %s SET text = 'Eine Maus.' WHERE id = 1".formatted(table));
    spark.sql("DELETE FROM %s WHERE id = 2".formatted(table));
    spark.sql("UPDATE %s SET id = 7 WHERE id = 3".formatted(table));
    spark.sql("UPDATE %s SET lang = 'de' WHERE id = 4".formatted(table));
    spark.sql("INSERT INTO %s VALUES (9, 'Kurz da.', 'de')".formatted(table));
    spark.sql("DELETE FROM %s WHERE id = 9".formatted(table));
    // Images: two of each of the four updates, one of each delete and insert.
    assertCounts(follow(delta), 11, 2, 1, 0, 0, 2, 1, 2, 2);
    Dataset<Row> now = spark.read().format("delta").load(output).orderBy("id");
    assertThat(
            now.selectExpr("concat(id, ' ', text)").collectAsList().stream()
                .map(r -> r.getString(0)))
        .containsExactly("1 Eine Maus.", "4 A horse.", "7 Ein Pferd.");
    assertValid(output, 3);
    assertThat(
            spark
                .sql("DESCRIBE HISTORY delta.`%s`".formatted(output))
                .where("operation = 'MERGE' AND userMetadata LIKE '%spark-gbert-batch%'")
                .count())
        .isEqualTo(2);
    spark.sql("UPDATE %s SET lang = 'en' WHERE id = 1".formatted(table));
    assertCounts(follow(delta), 2, 0, 0, 0, 0, 1, 0, 0, 0);
    assertValid(output, 2);
  }

  @Test
  void rowsThatAreAppendedToIcebergAreFollowed() {
    spark.sql(
        "CREATE TABLE %s (id SMALLINT, text STRING) USING iceberg TBLPROPERTIES ('history.expire.min-snapshots-to-keep' = '1')"
            .formatted(SOURCE));
    spark.sql("INSERT INTO %s VALUES (1, 'Ein Hund.'), (2, 'Eine Katze.')".formatted(SOURCE));
    spark.sql("UPDATE %s SET text = 'Eine Maus.' WHERE id = 2".formatted(SOURCE));
    spark.sql("INSERT INTO %s VALUES (-3, 'Ein Pferd.')".formatted(SOURCE));
    spark.sql(
        "CALL lake.system.expire_snapshots(table => 'db.arriving', older_than => TIMESTAMP '2999-01-01 00:00:00', retain_last => 1)");
    String[] iceberg = {"input", SOURCE, "format", "iceberg"};
    // What there was before is read whole, whatever its history.
    assertCounts(follow(iceberg), 3, 3, 0, 0, 0, 0, 0, 3, 3);
    assertCounts(follow(iceberg), 0, 0, 0, 0, 0, 0, 0, 0, 0);
    spark.sql("INSERT INTO %s VALUES (4, 'Ein Hund.'), (-3, 'Ein Esel.')".formatted(SOURCE));
    assertCounts(follow(iceberg), 2, 1, 1, 0, 0, 0, 1, 1, 1);
    assertThat(texts())
        .containsExactly("-3 Ein Esel.", "1 Ein Hund.", "2 Eine Maus.", "4 Ein Hund.");
    assertValid(TARGET, 4);
    spark.sql("DELETE FROM %s WHERE id = 1".formatted(SOURCE));
    assertThatThrownBy(() -> follow(iceberg))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot follow [%s]: a commit there updated or deleted rows, which a stream of appended rows does not see; run once without --follow, and then follow with a new --checkpoint",
            SOURCE);
    assertThat(target().count()).isEqualTo(4);
  }

  @Test
  void twoRowsWithOneIdAndNoOrderAreRefused() {
    spark.sql("CREATE TABLE %s (id BIGINT, text STRING) USING iceberg".formatted(SOURCE));
    spark.sql("INSERT INTO %s VALUES (1, 'Ein Hund.'), (1, 'Eine Katze.')".formatted(SOURCE));
    assertThatThrownBy(() -> follow("input", SOURCE, "format", "iceberg"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot enrich: ids must be unique, found id = 1 in 2 rows of the corpus");
  }

  @Test
  void aCheckpointOfOtherSettingsIsRefused() {
    parquet(texts(0, 4));
    follow();
    assertThatThrownBy(() -> follow("max-seq-length", "16"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot follow: checkpoint %1$s and this run are of the same model, tiny-bert, with different settings: max_seq_length (128 and 16); give the same, or run once without --follow and with --on-model-change, and then follow with a new --checkpoint",
            path("checkpoint"));
    assertThatThrownBy(() -> follow("text-column", "note"))
        .hasMessageContaining("began with text-column text, found note");
    assertThatThrownBy(() -> follow("id-column", "note"))
        .hasMessageContaining("began with id-column id, found note");
    assertThatThrownBy(() -> follow("output", "lake.db.other"))
        .hasMessageContaining("began with output " + TARGET + ", found lake.db.other");
    assertThatThrownBy(() -> follow("where", "id > 3"))
        .hasMessageContaining("of format parquet, found");
    assertThatThrownBy(() -> follow("checkpoint", path("in/checkpoint")))
        .hasMessageStartingWith("Cannot write checkpoint: ")
        .hasMessageContaining(" lies in the input ");
    assertThatThrownBy(() -> follow("checkpoint", shared.toString()))
        .hasMessageContaining("it is not empty and has no follow.json");
    assertThatThrownBy(() -> follow("checkpoint", path("new"), "max-seq-length", "16"))
        .hasMessageContaining("run once without --follow and with --on-model-change first");
    assertThat(target().count()).isEqualTo(4);
  }

  /** Runs in a JVM of its own, which a signal ends. */
  private void killed(String when, Path warehouse) throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of("-Xmx1g", FollowKilled.class.getName(), when, warehouse.toString()));
    settings().forEach((name, value) -> arguments.add(name + "=" + value));
    Process child =
        ChildJvm.of(arguments).redirectOutput(folder.resolve("child.log").toFile()).start();
    try {
      assertThat(child.waitFor(10, TimeUnit.MINUTES)).isTrue();
    } finally {
      child.destroyForcibly();
    }
    assertThat(child.exitValue())
        .as(Files.readString(folder.resolve("child.log")))
        .isEqualTo(FollowKilled.KILLED);
  }

  @Test
  void aBatchThatIsDoneAgainAfterItsMergeChangesNothing() throws Exception {
    parquet(texts(0, 20));
    follow();
    parquet(texts(10, 40));
    killed("Batch 1", shared.resolve("warehouse"));
    assertThat(folder.resolve("checkpoint/spark/offsets/1")).exists();
    assertThat(folder.resolve("checkpoint/spark/commits/1")).doesNotExist();
    long snapshots = snapshots();
    assertThat(target().count()).isEqualTo(40);
    assertCounts(follow(), 30, 0, 0, 0, 30, 0, 0, 0, 0);
    assertThat(snapshots()).isEqualTo(snapshots);
    assertThat(target().select("id").distinct().count()).isEqualTo(40);
    assertValid(TARGET, 40);
    assertThat(folder.resolve("checkpoint/vectors")).doesNotExist();
  }

  private static long snapshots() {
    target();
    return spark.table(TARGET + ".snapshots").count();
  }

  @Test
  void whatARunHadEncodedWhenItDiedIsNotEncodedAgain() throws Exception {
    long rows = 6_000;
    parquet(spark.range(0, rows, 1, 2).selectExpr("id", "concat('Der Zug ', id, ' fährt.') text"));
    killed("half", shared.resolve("warehouse"));
    FollowResult result = follow();
    assertThat(result.counts().added()).isEqualTo(rows);
    assertThat(result.counts().encodedTexts()).isBetween(1L, rows * 55 / 100);
    assertThat(target().select("id").distinct().count()).isEqualTo(rows);
    assertValid(TARGET, rows);
  }

  @Test
  void aRunThatLooksAgainAndAgainEndsWhenItIsStopped() throws Exception {
    parquet(texts(0, 10));
    StopRequest stop = new StopRequest();
    FollowSource action = new FollowSource(FollowSettings.of(settings("trigger", "1s")));
    CompletableFuture<FollowResult> run =
        CompletableFuture.supplyAsync(
            () -> {
              SparkSession.setActiveSession(spark);
              return action.run(spark, progress(), stop);
            });
    awaitNote("Batch 0: 10 rows, 10 added");
    assertThatThrownBy(() -> follow())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "Cannot write checkpoint %s: another run is writing it, ", path("checkpoint"));
    parquet(texts(10, 20));
    awaitNote("Batch 1: 10 rows, 10 added");
    stop.make();
    assertCounts(run.get(1, TimeUnit.MINUTES), 20, 20, 0, 0, 0, 0, 0, 20, 20);
    assertThat(spark.streams().active()).isEmpty();
    FollowResult again = follow();
    long repeated = again.counts().arrived();
    assertThat(repeated).as("rows of a batch whose end Spark had not noted").isIn(0L, 10L);
    assertCounts(again, repeated, 0, 0, 0, repeated, 0, 0, 0, 0);
    assertValid(TARGET, 20);
  }

  /** As one does that stood still while another took its place. */
  @Test
  void aRunThatLostItsCheckpointMergesNothingMore() throws IOException {
    parquet(texts(0, 10));
    Progress losing =
        new Progress() {
          @Override
          public void begin(String stage) {
            if (stage.equals("merge into table")) {
              Directories.deleteUnchecked(folder.resolve("checkpoint/_lease"));
            }
          }
        };
    FollowSource action = new FollowSource(FollowSettings.of(settings()));
    assertThatThrownBy(() -> action.run(spark, losing, new StopRequest()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith(
            "Cannot follow: checkpoint %s is no longer this run's, ", path("checkpoint"))
        .hasMessageEndingWith("; nothing more was merged, run again");
    assertThat(target().count()).isZero();
    assertCounts(follow(), 10, 10, 0, 0, 0, 0, 10, 0, 0);
    assertValid(TARGET, 10);
  }

  private void awaitNote(String beginning) throws InterruptedException {
    while (notes.stream().noneMatch(note -> note.startsWith(beginning))) {
      Thread.sleep(100);
    }
  }

  @Test
  void aTableIsFollowedAsTheMirrorFormLeftIt() {
    parquet(texts(0, 60));
    Map<String, String> mirror = settings("stage", path("stage"));
    mirror.keySet().removeAll(List.of("follow", "checkpoint"));
    new MirrorCorpus(MirrorSettings.of(mirror)).run(spark, Progress.NONE);
    assertCounts(follow(), 60, 0, 0, 0, 60, 0, 0, 0, 0);
    assertThat(spark.table(TARGET + ".snapshots").count()).isEqualTo(1);
  }
}
