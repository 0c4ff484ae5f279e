package org.sparkgbert.enrich;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkgbert.TestSpark;
import org.sparkgbert.action.Progress;
import org.sparkgbert.embed.EmbedCorpus;
import org.sparkgbert.embed.EmbedSettings;
import org.sparkgbert.embed.TinyBert;
import org.sparkgbert.lake.EmbeddingTable;

/** A table that follows its corpus. */
@Tag("long")
class MirrorCorpusTest {
  @TempDir private Path folder;

  private final SparkSession spark = TestSpark.session();
  private final Map<String, String> options = new HashMap<>();

  @BeforeEach
  void setUp() {
    options.put("input", folder.resolve("in").toString());
    options.put("output", folder.resolve("out").toString());
    options.put("id-column", "id");
    options.put("model", TinyBert.directory().toString());
    options.put("device", "cpu");
  }

  /** A corpus of rows "id|text|note". */
  private void corpus(Dataset<Row> rows) {
    rows.write().mode("overwrite").parquet(folder.resolve("in").toString());
  }

  private Dataset<Row> numbered(int from, int to) {
    return spark
        .range(from, to, 1, 2)
        .selectExpr("id", "concat('Der Zug ', id % 150, ' fährt heute.') text", "'a' note");
  }

  private EnrichResult run() {
    return new MirrorCorpus(MirrorSettings.of(options)).run(spark, Progress.NONE);
  }

  private Dataset<Row> table() {
    return spark.read().parquet(folder.resolve("out").toString());
  }

  /** Each row as text, by id. */
  private static List<String> lines(Dataset<Row> rows) {
    return rows
        .orderBy("id")
        .select(functions.to_json(functions.struct("*")))
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .toList();
  }

  /** Batches differ, and with them the rounding of vectors. */
  private static void assertSame(Dataset<Row> table, Dataset<Row> other) {
    assertThat(lines(table.drop("embedding"))).isEqualTo(lines(other.drop("embedding")));
    Row worst =
        table
            .select(functions.col("id"), functions.col("embedding").as("mine"))
            .join(other.select("id", "embedding"), "id")
            .selectExpr(
                "max(array_max(zip_with(mine, embedding, (a, b) -> abs(a - b))))",
                "count_if((mine is null) != (embedding is null))")
            .head();
    assertThat(worst.getFloat(0)).isLessThan(2e-6f);
    assertThat(worst.getLong(1)).isZero();
  }

  @Test
  void eachDistinctTextIsEncodedOnce() {
    corpus(numbered(0, 200));
    EnrichResult result = run();
    assertThat(result.counts()).isEqualTo(new EnrichCounts(200, 0, 0, 0, 0, 0, 0, 200, 150, 0, 0));
    assertThat(result.work().encoding().distinctTexts()).isEqualTo(150);
    assertThat(result.written().orElseThrow().rows()).isEqualTo(200);
    assertThat(table().columns())
        .containsExactly(
            "id",
            "text",
            "note",
            "embedding",
            "embedding_status",
            "embedding_tokens",
            "embedding_error",
            "embedding_key",
            "embedding_fingerprint");
    assertThat(folder.resolve(".out.vectors")).doesNotExist();
  }

  @Test
  void nothingIsWrittenIfNothingChanged() {
    corpus(numbered(0, 200));
    run();
    List<String> before = lines(table());
    corpus(numbered(0, 200).repartition(5));
    EnrichResult result = run();
    assertThat(result.written()).isEmpty();
    assertThat(result.counts()).isEqualTo(new EnrichCounts(0, 0, 0, 200, 0, 0, 0, 0, 0, 0, 0));
    assertThat(lines(table())).isEqualTo(before);
  }

  @Test
  void onlyWhatIsNewIsEncoded() {
    corpus(numbered(0, 200));
    run();
    corpus(
        numbered(10, 220)
            .withColumn(
                "text",
                functions.expr(
                    "case when id = 20 then 'Ein neuer Text.' when id = 21 then null when id = 22 then 'Der Zug 7 fährt heute.' else text end"))
            .withColumn("note", functions.expr("if(id = 30, 'b', note)")));
    EnrichResult result = run();
    // New: 200 to 219, whose texts 50 to 69 are known. Changed: 20 (new text), 21 (none), 22
    // (known).
    assertThat(result.counts()).isEqualTo(new EnrichCounts(20, 3, 1, 186, 10, 0, 21, 1, 1, 0, 0));
    Dataset<Row> incremental = table();
    options.put("output", folder.resolve("fresh").toString());
    run();
    assertSame(incremental, spark.read().parquet(folder.resolve("fresh").toString()));
  }

  @Test
  void aDaysArrivalsRewriteThatDay() throws IOException {
    options.put("partition-by", "day");
    corpus(numbered(0, 90).withColumn("day", functions.expr("date'2026-11-01' + int(id % 3)")));
    run();
    Map<Path, Object> before = files();
    corpus(
        numbered(0, 93)
            .withColumn("day", functions.expr("date'2026-11-01' + int(id % 3)"))
            .withColumn("text", functions.expr("if(id = 4, 'Ein neuer Text.', text)")));
    EnrichResult result = run();
    assertThat(result.counts()).isEqualTo(new EnrichCounts(3, 1, 0, 89, 0, 0, 0, 4, 4, 0, 0));
    Map<Path, Object> after = files();
    assertThat(before.keySet())
        .filteredOn(path -> !after.containsKey(path))
        .singleElement()
        .asString()
        .contains("day=2026-11-02");
    before.forEach((path, inode) -> assertThat(after.getOrDefault(path, inode)).isEqualTo(inode));
    assertThat(table().count()).isEqualTo(93);
    assertValid(93);
  }

  /** The files of the table, and what they are on the disk. */
  private Map<Path, Object> files() throws IOException {
    Map<Path, Object> found = new TreeMap<>();
    Path table = folder.resolve("out");
    try (Stream<Path> paths = Files.walk(table)) {
      for (Path path : paths.filter(file -> file.toString().endsWith(".parquet")).toList()) {
        found.put(table.relativize(path), Files.getAttribute(path, "unix:ino"));
      }
    }
    return found;
  }

  private void assertValid(long rows) {
    EmbeddingTable found = EmbeddingTable.find(folder.resolve("out").toString(), spark);
    assertThat(found.manifest().rows()).isEqualTo(rows);
    assertThat(found.checkedRows("check", spark).count()).isEqualTo(rows);
  }

  @Test
  void vanishedRowsMayStay() {
    corpus(numbered(0, 30));
    run();
    options.put("vanished", "keep");
    corpus(numbered(10, 40).withColumn("note", functions.lit("b")));
    EnrichResult result = run();
    assertThat(result.counts()).isEqualTo(new EnrichCounts(10, 0, 20, 0, 0, 10, 0, 10, 10, 0, 0));
    assertThat(table().count()).isEqualTo(40);
    assertThat(table().where("note = 'a'").count()).isEqualTo(10);
  }

  @Test
  void aBudgetIsSpentOnTheOldestTexts() {
    corpus(numbered(0, 100));
    options.put("max-encode", "40");
    EnrichResult first = run();
    assertThat(first.counts()).isEqualTo(new EnrichCounts(40, 0, 0, 0, 0, 0, 0, 40, 40, 60, 60));
    assertThat(table().agg(functions.max("id"), functions.count("*")).head().mkString(" "))
        .isEqualTo("39 40");
    corpus(numbered(0, 100).withColumn("text", functions.expr("if(id = 39, 'Neu.', text)")));
    options.put("oldest-by", "note");
    options.put("max-encode", "60");
    EnrichResult second = run();
    // A changed text that has to wait leaves the row as it was.
    assertThat(second.counts().encodedTexts()).isEqualTo(60);
    assertThat(second.counts().laterTexts()).isEqualTo(1);
    options.remove("max-encode");
    options.remove("oldest-by");
    assertThat(run().counts().encodedTexts()).isEqualTo(1);
    assertThat(table().where("text = 'Neu.'").count()).isEqualTo(1);
    assertThat(table().count()).isEqualTo(100);
  }

  @Test
  void anotherModelIsRefusedUnlessAskedFor() {
    corpus(numbered(0, 30));
    run();
    List<String> before = lines(table());
    options.put("max-seq-length", "8");
    assertThatThrownBy(this::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot enrich 30 rows: ")
        .hasMessageContaining("tiny-bert")
        .hasMessageContaining("max_seq_length")
        .hasMessageContaining("--on-model-change");
    assertThat(lines(table())).isEqualTo(before);

    options.put("on-model-change", "re-encode");
    options.put("max-encode", "20");
    assertThat(run().written()).isEmpty();
    assertThat(lines(table())).isEqualTo(before);
    EnrichResult second = run();
    assertThat(second.counts().encodedTexts()).isEqualTo(10);
    assertThat(second.written()).isPresent();
    assertThat(table().where("embedding_status = 'truncated'").count()).isEqualTo(30);
    assertThat(table().select("embedding_fingerprint").distinct().count()).isEqualTo(1);
  }

  @Test
  void anotherModelMayHaveColumnsOfItsOwn() {
    corpus(numbered(0, 30));
    run();
    options.put("max-seq-length", "8");
    options.put("on-model-change", "new-column");
    corpus(numbered(5, 35).withColumn("text", functions.expr("if(id = 10, 'Neu.', text)")));
    EnrichResult result = run();
    assertThat(result.counts().encodedTexts()).isEqualTo(30);
    String column =
        Stream.of(table().columns())
            .filter(name -> name.matches("embedding_[0-9a-f]{8}"))
            .findFirst()
            .orElseThrow();
    // The old vectors stay where the text is the same.
    assertThat(table().where("embedding is null").select("id").as(Encoders.LONG()).collectAsList())
        .containsExactlyInAnyOrder(10L, 30L, 31L, 32L, 33L, 34L);
    assertThat(table().where(column + " is null").count()).isZero();
    assertThat(run().written()).isEmpty();

    // Whoever still asks for the old vectors leaves the new ones alone.
    options.remove("max-seq-length");
    options.remove("on-model-change");
    assertThat(run().counts().encodedTexts()).isEqualTo(6);
    assertThat(table().where(column + " is null or embedding is null").count()).isZero();
    assertThat(run().written()).isEmpty();
  }

  @Test
  void aDryRunSaysWhatARunWouldDo() {
    corpus(numbered(0, 30));
    run();
    corpus(numbered(0, 50));
    options.put("dry-run", "true");
    EnrichResult plan = run();
    assertThat(plan.counts()).isEqualTo(new EnrichCounts(20, 0, 0, 30, 0, 0, 0, 20, 20, 0, 0));
    assertThat(plan.plan().tokensPerText()).isBetween(5.0, 20.0);
    assertThat(plan.plan().tokensPerSecond()).isPositive();
    assertThat(plan.written()).isEmpty();
    assertThat(table().count()).isEqualTo(30);
    assertThat(folder.resolve(".out.vectors")).doesNotExist();
  }

  @Test
  void idsMustTellRowsApart() {
    corpus(numbered(0, 30).union(numbered(7, 8)));
    assertThatThrownBy(this::run)
        .hasMessage("Cannot enrich: ids must be unique, found id = 7 in 2 rows of the corpus");
    corpus(numbered(0, 30).withColumn("id", functions.expr("if(id < 2, null, id)")));
    assertThatThrownBy(this::run)
        .hasMessage(
            "Cannot enrich: ids must not be null, found 2 rows of the corpus without id; leave them out by --where");
    corpus(
        numbered(0, 8)
            .union(numbered(7, 8))
            .withColumn("id", functions.expr("cast(cast(id as string) as binary)")));
    assertThatThrownBy(this::run)
        .hasMessage("Cannot enrich: ids must be unique, found id = 37 in 2 rows of the corpus");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 30, 7, 8, 7, 2", // known, and as the table has it
    "0, 40, 35, 36, 35, 2", // new
    "10, 30, 7, 8, , 1", // none: that row has vanished
    "10, 40, 12, 14, 12, 2"
  })
  void idsMustTellRowsApartWhereThereIsATable(
      int from, int to, int againFrom, int againTo, Integer twice, int rows) {
    corpus(numbered(0, 30));
    run();
    corpus(numbered(from, to).union(numbered(againFrom, againTo)));
    if (twice == null) {
      assertThat(run().counts().removed()).isEqualTo(9);
      return;
    }
    assertThatThrownBy(this::run)
        .hasMessage(
            "Cannot enrich: ids must be unique, found id = %d in %d rows of the corpus",
            twice, rows);
    assertThat(table().count()).isEqualTo(30);
  }

  @Test
  void aNewRowWithoutIdIsRefusedWhereThereIsATable() {
    corpus(numbered(0, 30));
    run();
    corpus(numbered(0, 31).withColumn("id", functions.expr("nullif(id, 30)")));
    assertThatThrownBy(this::run)
        .hasMessage(
            "Cannot enrich: ids must not be null, found 1 rows of the corpus without id; leave them out by --where");
    assertThat(table().count()).isEqualTo(30);
  }

  @Test
  void aColumnWithTheNameOfSparksOwnIsRefused() {
    corpus(numbered(0, 3).withColumn("_metadata", functions.lit("Seite 1")));
    assertThatThrownBy(this::run)
        .hasMessage(
            "Cannot enrich: a column must not be named _metadata, where Spark says which file a row comes from; rename it, or leave it out by --keep-columns");
  }

  @Test
  void aTableOfTheEmbedJobIsBroughtUpToDate() {
    corpus(numbered(0, 30));
    new EmbedCorpus(
            EmbedSettings.of(
                Map.of(
                    "input", folder.resolve("in").toString(),
                    "output", folder.resolve("out").toString(),
                    "model", TinyBert.directory().toString(),
                    "device", "cpu")))
        .run(spark, Progress.NONE);
    Dataset<Row> embedded = table().select("id", "embedding").localCheckpoint();
    corpus(numbered(0, 40));
    assertThat(run().counts().encodedTexts()).isEqualTo(10);
    assertThat(
            table()
                .selectExpr("id", "embedding as mine")
                .join(embedded, "id")
                .where("not (mine <=> embedding)")
                .count())
        .isZero();
  }

  @Test
  void vectorsOfACacheAndOfOtherTablesAreUsed() {
    corpus(numbered(0, 30));
    options.put("cache", folder.resolve("cache").toString());
    assertThat(run().counts().encodedTexts()).isEqualTo(30);
    options.put("output", folder.resolve("second").toString());
    corpus(numbered(0, 40));
    assertThat(run().counts().encodedTexts()).isEqualTo(10);
    options.put("output", folder.resolve("third").toString());
    options.remove("cache");
    options.put("reuse", folder.resolve("second").toString());
    EnrichResult third = run();
    assertThat(third.counts().encodedTexts()).isZero();
    assertThat(third.counts().reusedRows()).isEqualTo(40);
  }

  @Test
  void idsOfAnotherTypeAreRefused() {
    corpus(numbered(0, 30));
    run();
    corpus(numbered(0, 30).withColumn("id", functions.expr("cast(id as string)")));
    assertThatThrownBy(this::run)
        .hasMessage(
            "Cannot enrich table %s: its column of ids 'id' is bigint, found string in the corpus; choose another output"
                .formatted(folder.resolve("out")));
    corpus(numbered(0, 30).withColumn("id", functions.expr("array(id)")));
    options.put("output", folder.resolve("other").toString());
    assertThatThrownBy(this::run)
        .hasMessage(
            "Cannot tell rows apart by column 'id': it is array<bigint>; name another --id-column");
  }

  @Test
  void valuesOfAnyTypeAreRefreshedOnlyIfTheyChange() {
    String[] odd = {
      "id",
      "text",
      "map('a', id, 'b', null) m",
      "named_struct('x', cast(id as decimal(38, 9)), 'y', array(cast(null as int))) s",
      "date'1582-10-10' d",
      "timestamp_ntz'1500-01-01 00:00:00' t",
      "cast(unhex('6bfc') as string) latin",
      "unhex('00ff') b",
      "cast(id / 3 as float) f",
      "double('NaN') n",
      "parse_json('{\"a\": 1}') v"
    };
    corpus(numbered(0, 20).selectExpr(odd));
    run();
    assertThat(run().written()).isEmpty();
    corpus(
        numbered(0, 20)
            .selectExpr(odd)
            .withColumn("latin", functions.expr("if(id = 3, cast(unhex('6bf6') as string), latin)"))
            .withColumn("m", functions.expr("if(id = 4, map('b', null, 'a', id), m)")));
    assertThat(run().counts().refreshed()).isEqualTo(2);
    assertThat(
            table()
                .selectExpr("concat(id, ' ', hex(cast(latin as binary)), ' ', unix_date(d))")
                .as(Encoders.STRING())
                .collectAsList())
        .hasSize(20)
        .allMatch(line -> line.endsWith(line.startsWith("3 ") ? " 6BF6 -141432" : " 6BFC -141432"));
  }

  @Test
  void rowsThatStayDoNotKeepVectorsOfAnotherModel() {
    corpus(numbered(0, 30));
    run();
    corpus(numbered(5, 30));
    options.put("vanished", "keep");
    options.put("max-seq-length", "8");
    options.put("on-model-change", "re-encode");
    assertThatThrownBy(this::run)
        .hasMessageContaining("5 rows whose ids are gone")
        .hasMessageContaining("--vanished remove");
    assertThat(table().select("embedding_fingerprint").distinct().count()).isEqualTo(1);
  }

  @Test
  void otherPartitionsAndAnotherTextColumnRewriteTheTable() {
    corpus(numbered(0, 30).withColumn("title", functions.expr("concat('Titel ', id)")));
    run();
    options.put("partition-by", "note");
    assertThat(run().written()).isPresent();
    assertThat(folder.resolve("out/note=a")).isDirectory();
    options.put("text-column", "title");
    EnrichResult result = run();
    assertThat(result.counts().encodedTexts()).isEqualTo(30);
    assertThat(result.written()).isPresent();
    assertValid(30);
  }

  @Test
  void aTableByARoundaboutPathIsTheSame() {
    options.put("partition-by", "note");
    corpus(numbered(0, 30));
    run();
    options.put("output", folder.resolve("in").toString() + "/../out");
    corpus(numbered(0, 31).withColumn("note", functions.expr("if(id = 30, 'b', note)")));
    assertThat(run().counts().added()).isEqualTo(1);
    assertValid(31);
  }

  private Dataset<Row> withBody(int changedBody, int changedText) {
    return numbered(0, 6)
        .withColumn(
            "body", functions.expr("concat('Satz ', if(id = %d, 50, id))".formatted(changedBody)))
        .withColumn("text", functions.expr("if(id = %d, 'Neu.', text)".formatted(changedText)));
  }

  @Test
  void vectorsOfTwoColumnsOfTextsStayWithTheirOwn() {
    corpus(withBody(-1, -1));
    options.put("text-column", "body");
    options.put("embedding-column", "body_embedding");
    run();
    options.put("text-column", "text");
    options.put("embedding-column", "text_embedding");
    run();
    List<String> before = lines(table().select("id", "body_embedding"));
    corpus(withBody(1, 2));
    EnrichResult result = run();
    assertThat(result.counts().changed()).isEqualTo(1);
    assertThat(result.counts().refreshed()).isEqualTo(1);
    // Row 1 has another body, so that its vector is gone until the next run for that column.
    assertThat(table().where("body_embedding is null and body_embedding_status is null"))
        .satisfies(rows -> assertThat(lines(rows.select("id"))).hasSize(1));
    assertThat(lines(table().where("id != 1").select("id", "body_embedding")))
        .isSubsetOf(before)
        .hasSize(5);
    options.put("text-column", "body");
    options.put("embedding-column", "body_embedding");
    assertThat(run().counts().encodedTexts()).isEqualTo(1);
    assertThat(
            table().where("body_embedding_status = 'ok' and text_embedding_status = 'ok'").count())
        .isEqualTo(6);
  }

  @Test
  void rowsThatStayDoNotKeepVectorsOfAnotherColumn() {
    corpus(withBody(-1, -1));
    run();
    corpus(withBody(-1, -1).where("id > 1"));
    options.put("text-column", "body");
    options.put("vanished", "keep");
    assertThatThrownBy(this::run)
        .hasMessage(
            "Cannot enrich table %s: 2 rows whose ids are gone from the corpus would keep vectors of another column than 'body'; give --vanished remove, or another --embedding-column",
            folder.resolve("out"));
    // Some rows would have vectors of one column, and some of the other.
    options.remove("vanished");
    options.put("max-encode", "2");
    assertThat(run().written()).isEmpty();
    options.remove("max-encode");
    assertThat(run().counts().encodedTexts()).isEqualTo(2);
    assertValid(4);
  }

  @Test
  void valuesThatStayAreNotCutToAnotherType() {
    corpus(numbered(0, 6).withColumn("x", functions.expr("id + 0.75D")));
    run();
    corpus(numbered(1, 6).withColumn("x", functions.expr("cast(id as int)")));
    options.put("vanished", "keep");
    assertThatThrownBy(this::run)
        .hasMessage(
            "Cannot enrich table %s: its column 'x' is double, found int, and rows that stay as they are would lose values; give neither --vanished keep nor --max-encode, or choose another output",
            folder.resolve("out"));
    options.put("vanished", "remove");
    assertThat(run().counts().removed()).isEqualTo(1);
    assertThat(table().schema().apply("x").dataType().simpleString()).isEqualTo("int");
  }
}
