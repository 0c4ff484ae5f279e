package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.TestSpark;

/** What stands in the table: columns, rows, statuses, vectors. */
class EmbedJobTest {
  private static final String EMBEDDED =
      "embedding ARRAY<FLOAT>,embedding_status STRING,embedding_tokens INT,embedding_error STRING";

  @TempDir private Path folder;

  @Test
  void allColumnsAreKeptAndFourAreAdded() {
    corpus(
        "SELECT 7L AS id, 'Guten Morgen' AS text, array(1, 2) AS tags,"
            + " named_struct('a', 1.5D, 'b', map('k', DATE'2024-02-29')) AS nested,"
            + " CAST(1.25 AS DECIMAL(9, 2)) AS price, X'00FF' AS bytes,"
            + " TIMESTAMP'2024-02-29 12:00:00' AS seen, CAST(NULL AS STRING) AS note");
    Dataset<Row> table = embedded();
    assertThat(table.schema().toDDL()).isEqualTo(read("in").schema().toDDL() + "," + EMBEDDED);
    Row expected = read("in").first();
    for (String column : expected.schema().fieldNames()) {
      assertThat(table.first().<Object>getAs(column))
          .as(column)
          .isEqualTo(expected.<Object>getAs(column));
    }
    assertThat(table.select("embedding").first().getList(0)).hasSize(32);
  }

  @Test
  void eachTextGetsTheStatusItDeserves() {
    texts("Guten Morgen", "", null, " \t\n", "Wort ".repeat(200));
    Map<Integer, Row> rows = byId(embedded());
    assertThat(statuses(rows)).containsExactly("ok", "empty", "empty", "empty", "truncated");
    assertThat(rows.get(1).isNullAt(rows.get(1).fieldIndex("embedding"))).isTrue();
    assertThat(tokens(rows, 1)).isZero();
    assertThat(tokens(rows, 4)).as("tokens before the cut").isGreaterThan(200);
    assertThat(rows.values()).allMatch(row -> row.isNullAt(row.fieldIndex("embedding_error")));
  }

  @Test
  void noRowIsLostWhateverItsText() {
    List<String> nasty = new ArrayList<>(List.of("\0", "\uD800", "a\uDC00🙂", "\u200B", "\uFEFF"));
    nasty.addAll(List.of("שלום\u202Eabc", "e\u0301\u0308\u0308", "🙂".repeat(3_000), "\u0007"));
    nasty.addAll(List.of("x".repeat(2_000_000), "'\"`\\${}[CLS][SEP]", "a\r\nb\u2028c"));
    Random random = new Random(20261123);
    for (int i = 0; i < 200; i++) {
      nasty.add(
          random
              .ints(random.nextInt(60), 0, 0x3000)
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString());
    }
    texts(nasty.toArray(String[]::new));
    Map<Integer, Row> rows = byId(embedded());
    assertThat(rows).hasSize(nasty.size());
    assertThat(statuses(rows)).containsOnly("ok", "truncated", "empty");
    for (Row row : rows.values()) {
      boolean isEmpty = row.getAs("embedding_status").equals("empty");
      assertThat(row.isNullAt(row.fieldIndex("embedding"))).isEqualTo(isEmpty);
    }
    assertThat(statuses(rows).get(0)).as("a NUL alone").isEqualTo("empty");
    assertThat(statuses(rows).get(2)).isEqualTo("ok");
  }

  @Test
  void onlyTheColumnsThatAreNamedAreKept() {
    corpus("SELECT id, 'Guten Morgen' AS text, 'de' AS lang FROM range(3)");
    assertThat(embedded("--keep-columns", "lang,id").schema().toDDL())
        .isEqualTo("lang STRING,id BIGINT," + EMBEDDED);
  }

  @Test
  void theTextItselfNeedNotBeKept() {
    texts("Guten Morgen", "");
    Dataset<Row> table = embedded("--keep-columns=id");
    assertThat(table.columns()).doesNotContain("text").startsWith("id");
    assertThat(statuses(byId(table))).containsExactly("ok", "empty");
  }

  @Test
  void onlyRowsThatMeetTheConditionAreEmbedded() {
    texts("eins", "zwei", "drei", "vier");
    Dataset<Row> table = embedded("--where=id % 2 = 1 and text <> 'vier'");
    assertThat(byId(table).keySet()).containsExactly(1);
  }

  @Test
  void columnsMayHaveAnyNames() {
    StructType schema =
        new StructType()
            .add("a.b", DataTypes.IntegerType)
            .add("Größe in m²", DataTypes.IntegerType)
            .add("der Text.roh", DataTypes.StringType)
            .add("a`b", DataTypes.IntegerType);
    TestSpark.session()
        .createDataFrame(List.of(RowFactory.create(1, 2, "Guten Morgen", 3)), schema)
        .write()
        .parquet(path("in"));
    Dataset<Row> table =
        embedded(
            "--text-column=der Text.roh",
            "--embedding-column=Vektor von.x",
            "--partition-by=Größe in m²",
            "--keep-columns=a.b,Größe in m²,a`b");
    assertThat(table.columns())
        .containsExactlyInAnyOrder(
            "a.b",
            "a`b",
            "Vektor von.x",
            "Vektor von.x_status",
            "Vektor von.x_tokens",
            "Vektor von.x_error",
            "Größe in m²");
    assertThat(table.first().<Integer>getAs("a.b")).isEqualTo(1);
    assertThat(table.first().<Integer>getAs("a`b")).isEqualTo(3);
    assertThat(JobRun.of("check", path("out")).code()).isEqualTo(Main.SUCCEEDED);
  }

  @Test
  void otherFormatsAreReadWithTheirOptions() throws IOException {
    Files.writeString(folder.resolve("in"), "nr;body\n1;Guten Morgen, Welt\n2;\"Grüße\"\n");
    Dataset<Row> table =
        embedded(
            "--format=csv",
            "--read-option=header=true",
            "--read-option",
            "sep=;",
            "--text-column=body");
    assertThat(table.select("nr", "body", "embedding_status").collectAsList())
        .extracting(Row::toString)
        .containsExactlyInAnyOrder("[1,Guten Morgen, Welt,ok]", "[2,Grüße,ok]");
  }

  @Test
  void severalInputsAndGlobsAreOneCorpus() {
    for (String name : List.of("jan-a", "jan-b", "feb", "march")) {
      corpus(name, "SELECT 1 AS id, '" + name + "' AS text");
    }
    Dataset<Row> table = embedded("--input", path("jan-*"), path("{feb,april}"));
    assertThat(table.select("text").collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactlyInAnyOrder("jan-a", "jan-b", "feb");
  }

  @Test
  void equalTextsHaveEqualVectorsAndOthersHaveNot() {
    texts("Guten Morgen", "Der Hund bellt.", "Guten Morgen");
    Map<Integer, Row> rows = byId(embedded("--partitions=1"));
    assertThat(vector(rows, 0)).isEqualTo(vector(rows, 2)).isNotEqualTo(vector(rows, 1));
  }

  @Test
  void partsOfALongTextAreAveragedOnlyIfAskedFor() {
    String text = "Der Hund bellt. ".repeat(60) + "Die Katze schläft. ".repeat(60);
    texts(text, "Der Hund bellt. ".repeat(60));
    Map<Integer, Row> cut = byId(embedded());
    Map<Integer, Row> chunks = byId(embedded("--long-text=chunks", "--mode=overwrite"));
    assertThat(vector(cut, 0)).as("a cut text's end does not count").isEqualTo(vector(cut, 1));
    assertThat(vector(chunks, 0)).isNotEqualTo(vector(chunks, 1));
    assertThat(statuses(cut)).containsOnly("truncated");
    assertThat(statuses(chunks)).containsOnly("ok");
    assertThat(tokens(chunks, 0)).isEqualTo(tokens(cut, 0));
  }

  @Test
  void settingsOfTheEncoderReachIt() {
    texts("Die Bu\u0308rgermeisterin kommt morgen fru\u0308h", "x".repeat(50));
    Map<Integer, Row> nfc = byId(embedded());
    Map<Integer, Row> none =
        byId(
            embedded(
                "--mode=overwrite",
                "--normalize-unicode=none",
                "--max-seq-length=10",
                "--max-characters=40"));
    assertThat(statuses(nfc)).containsOnly("ok");
    assertThat(statuses(none)).containsOnly("truncated");
    assertThat(tokens(none, 0)).isGreaterThan(tokens(nfc, 0));
    assertThat(tokens(none, 1)).isLessThan(tokens(nfc, 1));
  }

  @Test
  void aFileWithSettingsDrivesARun() throws IOException {
    texts("Guten Morgen", "Der Hund bellt.");
    Path settings =
        Files.writeString(
            folder.resolve("s.properties"), "where=id = 1\nkeep-columns=id\nembedding-column=v\n");
    Dataset<Row> table = embedded("--config", settings.toString(), "--embedding-column", "w");
    assertThat(table.columns()).containsExactly("id", "w", "w_status", "w_tokens", "w_error");
    assertThat(table.count()).isOne();
  }

  private Dataset<Row> embedded(String... options) {
    JobRun run = JobRun.embed(folder, options);
    assertThat(run.code()).as(String.join("\n", run.err())).isEqualTo(Main.SUCCEEDED);
    return read("out");
  }

  private void texts(String... texts) {
    List<String> list = new ArrayList<>();
    Collections.addAll(list, texts);
    TestSpark.texts(list, 2).write().parquet(path("in"));
  }

  private void corpus(String sql) {
    corpus("in", sql);
  }

  private void corpus(String name, String sql) {
    TestSpark.session().sql(sql).write().parquet(path(name));
  }

  private Dataset<Row> read(String name) {
    return TestSpark.session().read().parquet(path(name));
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private static Map<Integer, Row> byId(Dataset<Row> table) {
    Map<Integer, Row> rows = new TreeMap<>();
    table
        .orderBy(functions.col("id"))
        .collectAsList()
        .forEach(row -> rows.put(row.getAs("id"), row));
    assertThat((long) rows.size()).as("each identifier once").isEqualTo(table.count());
    return rows;
  }

  private static List<String> statuses(Map<Integer, Row> rows) {
    return rows.values().stream().map(row -> row.<String>getAs("embedding_status")).toList();
  }

  private static int tokens(Map<Integer, Row> rows, int id) {
    return rows.get(id).getAs("embedding_tokens");
  }

  private static List<Float> vector(Map<Integer, Row> rows, int id) {
    return rows.get(id).getList(rows.get(id).fieldIndex("embedding"));
  }
}
