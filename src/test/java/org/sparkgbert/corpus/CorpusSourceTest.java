package org.sparkgbert.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.TestSpark;

class CorpusSourceTest {
  private final SparkSession spark = TestSpark.session();

  @TempDir Path folder;

  @Test
  void countsTheRowsOfParquetByTheirFooters() {
    Corpus corpus = parquet(table("t"), "").open(spark);
    assertThat(corpus.count()).isEqualTo(OptionalLong.of(3));
    assertThat(corpus.rows().count()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          id | CAST(id AS INT) AS id, 1F AS v                                       | bigint       | int
          v  | id, 1D AS v                                                          | float        | double
          v  | id, 'one' AS v                                                       | float        | string
          v  | CAST(id AS STRING) AS id, array(1F) AS v                             | float        | array<float>
          id | CAST(id AS INT) AS id, 1F AS v, 'new' AS more                        | bigint       | int
          """)
  void aColumnHasOneTypeInAllFiles(String column, String select, String type, String other) {
    String one = folder.resolve("one").toString();
    String two = folder.resolve("two").toString();
    spark.range(3).selectExpr("id", "1F AS v").coalesce(1).write().parquet(one);
    spark.range(3).selectExpr(select.split(", (?![^(]*\\))")).coalesce(1).write().parquet(two);
    CorpusSource source = new CorpusSource(List.of(one, two), "parquet", Map.of(), "");
    assertThatThrownBy(() -> source.open(spark).requireInEveryFile(column))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching(
            "Cannot read column '%s': it is %s in the file .*/one/.* and %s in .*/two/.*; write all files with one type, or read them apart"
                .formatted(column, type, other));
  }

  @Test
  void typesThatSparkReadsAsOneAreNoMatter() {
    String one = folder.resolve("one").toString();
    String two = folder.resolve("two").toString();
    spark.sql("SELECT 1.5BD AS d, struct(1 AS x) AS s, 1 AS n").write().parquet(one);
    spark.sql("SELECT 12.5BD AS d, struct(1 AS x, 'a' AS y) AS s, 'z' AS n").write().parquet(two);
    Corpus corpus = new CorpusSource(List.of(one, two), "parquet", Map.of(), "").open(spark);
    corpus.requireInEveryFile("d", "s");
    assertThatThrownBy(() -> corpus.requireInEveryFile("n")).hasMessageContaining("'n': it is int");
  }

  @Test
  void readsSeveralPathsAsOneCorpus() {
    String one = table("one").toString();
    String two = table("two").toString();
    Corpus corpus = new CorpusSource(List.of(one, two), "Parquet", Map.of(), "").open(spark);
    assertThat(corpus.count()).isEqualTo(OptionalLong.of(6));
    assertThat(corpus.rows().count()).isEqualTo(6);
  }

  @Test
  void readsAViewOfTheSession() {
    spark.read().parquet(table("t").toString()).createOrReplaceTempView("corpus_view");
    try {
      CorpusSource source =
          new CorpusSource(List.of("corpus_view"), "view", Map.of(), "text LIKE 'G%'");
      Corpus corpus = source.open(spark);
      assertThat(corpus.count()).isEmpty();
      assertThat(corpus.rows().columns()).containsExactly("id", "text");
      assertThat(corpus.rows().count()).isPositive();
    } finally {
      spark.catalog().dropTempView("corpus_view");
    }
  }

  @Test
  void aViewIsOneNameThatTheSessionKnows() {
    assertThatThrownBy(() -> new CorpusSource(List.of("a", "b"), "view", Map.of(), "").open(spark))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot read corpus a, b: a view is one name, without options of a data source");
    assertThatThrownBy(() -> new CorpusSource(List.of("no_view"), "view", Map.of(), "").open(spark))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot read corpus no_view: ");
  }

  @Test
  void aConditionKeepsRowsAndTheirCountIsUnknown() {
    Corpus corpus = parquet(table("t"), "id > 0 AND text LIKE 'G%'").open(spark);
    assertThat(corpus.count()).isEmpty();
    assertThat(corpus.rows().collectAsList())
        .extracting(row -> row.getString(1))
        .containsExactly("Gute Nacht");
  }

  @Test
  void onlyTheFilesThatAReadOptionChoosesAreCounted() throws IOException {
    Path table = table("t");
    Files.copy(ParquetFilesTest.onlyFile(table), table.resolve("extra.parquet"));
    CorpusSource source =
        new CorpusSource(
            List.of(table.toString()), "parquet", Map.of("pathGlobFilter", "part-*"), "");
    Corpus corpus = source.open(spark);
    assertThat(corpus.rows().count()).isEqualTo(3);
    assertThat(corpus.count()).isEqualTo(OptionalLong.of(3));
  }

  @Test
  void readsCsvWithItsOptions() throws IOException {
    Path file = folder.resolve("corpus.csv");
    Files.writeString(file, "id;text\n1;\"Müller; Söhne\"\n2;Straße\n");
    Corpus corpus =
        new CorpusSource(
                List.of(file.toString()), "csv", Map.of("header", "true", "sep", ";"), "id = 1")
            .open(spark);
    assertThat(corpus.rows().columns()).containsExactly("id", "text");
    assertThat(corpus.rows().collectAsList())
        .extracting(row -> row.getString(1))
        .containsExactly("Müller; Söhne");
    assertThat(corpus.count()).isEmpty();
  }

  @Test
  void readsJsonLines() throws IOException {
    Path file = folder.resolve("corpus.jsonl");
    Files.writeString(file, "{\"text\": \"Grüße\"}\n{\"text\": null}\n");
    Corpus corpus = new CorpusSource(List.of(file.toString()), "json", Map.of(), "").open(spark);
    assertThat(corpus.rows().collectAsList())
        .extracting(row -> row.<String>getAs("text"))
        .containsExactly("Grüße", null);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "langth(text) > 3 | langth",
        "titel = 'x' | titel",
        "text = = 'x' | Syntax error",
        "'; DROP TABLE x | PARSE",
        "id | BOOLEAN"
      })
  void aWrongConditionIsRefusedInOneLineThatSaysWhy(String where, String reason) {
    assertRefused(parquet(table("t"), where), "Cannot filter corpus by '" + where + "': ", reason);
  }

  @Test
  void aConditionThatFailsOnARowIsRefusedInOneLine() {
    assertRefused(
        parquet(table("t"), "CAST(text AS INT) > 1"),
        "Cannot filter corpus by ",
        "CAST_INVALID_INPUT");
  }

  @Test
  void aConditionThatKeepsNothingIsRefused() {
    Path table = table("t");
    assertThatThrownBy(() -> parquet(table, "id > 99").open(spark))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot read corpus %s: it has no rows where id > 99", table);
  }

  @Test
  void aTableWithoutRowsIsRefused() {
    Path table = folder.resolve("empty");
    spark.createDataFrame(List.<Row>of(), TestSpark.ID_AND_TEXT).write().parquet(table.toString());
    assertThatThrownBy(() -> parquet(table, "").open(spark))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot read corpus %s: it has no rows", table);
  }

  @Test
  void aDirectoryWithoutFilesIsRefused() throws IOException {
    Path directory = Files.createDirectory(folder.resolve("nothing"));
    assertRefused(parquet(directory, ""), "Cannot read corpus " + directory + ": ", "");
  }

  @Test
  void aMissingPathIsRefusedInEveryFormat() {
    Path missing = folder.resolve("missing");
    assertRefused(parquet(missing, ""), "Cannot read " + missing, "there is no such path");
    CorpusSource csv = new CorpusSource(List.of(missing.toString()), "csv", Map.of(), "");
    assertRefused(csv, "Cannot read " + missing, "there is no such path");
  }

  @Test
  void anUnknownFormatIsRefused() {
    CorpusSource source = new CorpusSource(List.of(folder.toString()), "parkett", Map.of(), "");
    assertRefused(source, "Cannot read corpus " + folder + ": ", "parkett");
  }

  @Test
  void aFileThatIsNoParquetIsNamedBeforeAnyRowIsRead() throws IOException {
    Path table = table("t");
    Path bad = Files.createFile(table.resolve("part-zero.parquet"));
    assertRefused(parquet(table, ""), "Cannot read Parquet file file:" + bad, "it is empty");
  }

  @Test
  void readersRefuseAPageThatChanged() throws IOException {
    Path table = table("t");
    flipBit(ParquetFilesTest.onlyFile(table), firstPageByte(table));
    Corpus corpus = parquet(table, "").open(spark);
    assertThatThrownBy(() -> corpus.rows().collectAsList())
        .hasStackTraceContaining("CRC checksum verification failed");
  }

  @ParameterizedTest
  @CsvSource({
    "spark.sql.files.ignoreCorruptFiles, TRUE",
    "spark.sql.files.ignoreMissingFiles, true",
  })
  void sessionsThatLeaveOutRowsAreRefused(String setting, String value) {
    CorpusSource source = parquet(table("t"), "");
    spark.conf().set(setting, value);
    try {
      assertThatThrownBy(() -> source.open(spark))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "Cannot read: %s=%s leaves out rows without a word; run without it",
              setting, spark.conf().get(setting));
    } finally {
      spark.conf().unset(setting);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "parquet, ignoreCorruptFiles, true",
    "parquet, IGNOREMISSINGFILES, True",
    "csv, mode, DROPMALFORMED",
    "json, MODE, dropMalformed"
  })
  void optionsThatLeaveOutRowsAreRefused(String format, String option, String value) {
    CorpusSource source =
        new CorpusSource(List.of(table("t").toString()), format, Map.of(option, value), "id > 0");
    assertThatThrownBy(() -> source.open(spark))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot read: %s=%s leaves out rows without a word; run without it", option, value);
  }

  @Test
  void optionsThatLeaveNothingOutLeaveTheCountKnown() {
    CorpusSource source =
        new CorpusSource(
            List.of(table("t").toString()),
            "parquet",
            Map.of("mergeSchema", "true", "ignoreCorruptFiles", "false", "mode", "PERMISSIVE"),
            "");
    assertThat(source.open(spark).count()).isEqualTo(OptionalLong.of(3));
  }

  @Test
  void aFileWithoutAColumnIsNamedWhicheverComesFirst() {
    Path table = table("t");
    spark
        .range(2)
        .withColumnRenamed("id", "nr")
        .coalesce(1)
        .write()
        .mode("append")
        .parquet(table.toString());
    Corpus corpus =
        new CorpusSource(List.of(table.toString()), "parquet", Map.of("mergeSchema", "true"), "")
            .open(spark);
    assertThatThrownBy(() -> corpus.requireInEveryFile("id", "text"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot read column 'id': the file file:" + table + "/part-")
        .hasMessageEndingWith(".parquet has no such column, found [nr]");
    corpus.requireInEveryFile("nosuch");
  }

  @Test
  void columnsOfPartitionsAreInEveryFile() {
    Path table = folder.resolve("days");
    spark
        .sql("SELECT 'a' AS text, 1 AS id, 'x:y' AS `der Tag`")
        .write()
        .partitionBy("der Tag")
        .parquet(table.toString());
    parquet(table, "").open(spark).requireInEveryFile("text", "der Tag", "id");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Export [2025]", "x{y}", "a*b?", "back\\slash", "do:ppel", "{a,b}", "[a"})
  void aPathThatIsThereIsNoGlob(String name) throws IOException {
    Files.move(table("t"), folder.resolve(name));
    Corpus corpus = parquet(folder.resolve(name), "").open(spark);
    assertThat(corpus.count()).isEqualTo(OptionalLong.of(3));
    assertThat(corpus.rows().count()).isEqualTo(3);
    Path csv = Files.writeString(folder.resolve(name).resolve("c[1].csv"), "a\nb\n");
    assertThat(
            new CorpusSource(List.of(csv.toString()), "csv", Map.of("multiLine", "false"), "")
                .open(spark)
                .rows()
                .count())
        .isEqualTo(2);
  }

  @Test
  void globsAndPathsThatLookLikeOnesGoTogether() throws IOException {
    for (String name : List.of("a-1", "a-2", "b", "c{1}")) {
      Files.move(table("t"), folder.resolve(name));
    }
    // A stranger beside them that a careless glob would match.
    Files.move(table("t"), folder.resolve("c1"));
    List<String> paths =
        List.of(
            folder.resolve("a-*").toString(),
            folder.resolve("{b,nosuch}").toString(),
            folder.resolve("c{1}").toString());
    Corpus corpus = new CorpusSource(paths, "parquet", Map.of(), "").open(spark);
    assertThat(corpus.count()).isEqualTo(OptionalLong.of(12));
    assertThat(corpus.rows().count()).isEqualTo(12);
  }

  @Test
  void otherRowsThanTheFootersCountAreNoticed() {
    Corpus corpus = parquet(table("t"), "").open(spark);
    corpus.requireAll(3);
    assertThatThrownBy(() -> corpus.requireAll(2))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot read corpus: its files hold 3 rows, found 2");
    parquet(table("u"), "id > 0").open(spark).requireAll(1);
  }

  private void assertRefused(CorpusSource source, String start, String reason) {
    assertThatThrownBy(() -> source.open(spark))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(start)
        .hasMessageContaining(reason)
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1))
        .satisfies(e -> assertThat(e.getMessage()).doesNotEndWith(": "));
  }

  private static CorpusSource parquet(Path path, String where) {
    return new CorpusSource(List.of(path.toString()), "parquet", Map.of(), where);
  }

  private Path table(String name) {
    Path path = folder.resolve(name);
    TestSpark.texts(List.of("Guten Morgen", "Gute Nacht", "Auf Wiedersehen"), 1)
        .write()
        .option("compression", "uncompressed")
        .option("parquet.enable.dictionary", "false")
        .parquet(path.toString());
    return path;
  }

  /** Where the letters of a text stand, so that nothing but a checksum can tell. */
  private static long firstPageByte(Path table) throws IOException {
    String bytes = Files.readString(ParquetFilesTest.onlyFile(table), StandardCharsets.ISO_8859_1);
    return bytes.indexOf("Guten Morgen");
  }

  private static void flipBit(Path file, long position) throws IOException {
    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
    try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
      access.seek(position);
      int old = access.read();
      access.seek(position);
      access.write(old ^ 1);
    }
  }
}
