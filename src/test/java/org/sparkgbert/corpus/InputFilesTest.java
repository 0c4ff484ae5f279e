package org.sparkgbert.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.TestSpark;

/** Which files are read, and which are refused since Spark would leave them out or misread them. */
class InputFilesTest {
  private final SparkSession spark = TestSpark.session();

  @TempDir Path folder;
  private Path sample;

  @BeforeEach
  void writeSample() throws IOException {
    TestSpark.texts(List.of("Guten Morgen", "Gute Nacht"), 1)
        .write()
        .parquet(folder.resolve("sample").toString());
    sample = ParquetFilesTest.onlyFile(folder.resolve("sample"));
  }

  /** Beside two rows in day=1 or in the directory itself. */
  @ParameterizedTest
  @CsvSource({
    "a.parquet, day=1/b.parquet",
    "a.parquet, more/b.parquet",
    "a.parquet, more/deeper/b.parquet",
    "day=1/a.parquet, more/b.parquet",
    "more/b.parquet, more/deeper/b.parquet",
    "day=1/a.parquet, day=1/hour=1/b.parquet"
  })
  void filesThatSparkWouldNotReadAreRefusedAndReadOnDemand(String one, String other)
      throws IOException {
    Path table = folder.resolve("table");
    put(table.resolve(one));
    put(table.resolve(other));
    assertThatThrownBy(() -> parquet(table, Map.of()).open(spark))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot read ")
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    Corpus all = parquet(table, Map.of("recursiveFileLookup", "true")).open(spark);
    assertThat(all.count()).isEqualTo(OptionalLong.of(4));
    assertThat(all.rows().count()).isEqualTo(4);
  }

  @Test
  void partitionsMayHaveDirectories() throws IOException {
    Path table = folder.resolve("table");
    put(table.resolve("day=1/a.parquet"));
    put(table.resolve("day=2/more/b.parquet"));
    Corpus corpus = parquet(table, Map.of()).open(spark);
    assertThat(corpus.count()).isEqualTo(OptionalLong.of(4));
    assertThat(corpus.rows().where("day = 2").count()).isEqualTo(2);
  }

  @Test
  void theMessageNamesAFileAndTheWayOut() throws IOException {
    Path table = folder.resolve("table");
    put(table.resolve("a.parquet"));
    put(table.resolve("more/b.parquet"));
    assertThatThrownBy(() -> parquet(table, Map.of()).open(spark))
        .hasMessage(
            "Cannot read corpus: Spark reads 1 of its 2 files and leaves out the others, such as file:%s/more/b.parquet;"
                    .formatted(table)
                + " read all with --read-option recursiveFileLookup=true (no column then comes from"
                + " names of directories), or name the paths to read");
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "json", "orc", "text"})
  void thatHoldsForOtherFormats(String format) throws IOException {
    Path table = folder.resolve("table");
    spark.sql("SELECT 'a' AS text").write().format(format).save(table.toString());
    spark.sql("SELECT 'b' AS text").write().format(format).save(table.resolve("more").toString());
    CorpusSource source = new CorpusSource(List.of(table.toString()), format, Map.of(), "");
    assertThatThrownBy(() -> source.open(spark)).hasMessageContaining("recursiveFileLookup=true");
  }

  @ParameterizedTest
  @CsvSource({
    "_SUCCESS, 2",
    "_temporary/0/b.parquet, 2",
    ".hidden/b.parquet, 2",
    "more/_SUCCESS, 2",
    "_metadata, 2",
    "no-suffix, 4"
  })
  void hiddenFilesAreNoRows(String name, long rows) throws IOException {
    Path table = folder.resolve("table");
    put(table.resolve("a.parquet"));
    put(table.resolve(name));
    Corpus corpus = parquet(table, Map.of()).open(spark);
    assertThat(corpus.count()).isEqualTo(OptionalLong.of(rows));
    assertThat(corpus.rows().count()).isEqualTo(rows);
  }

  @Test
  void aHiddenFileThatWasNamedIsRefused() throws IOException {
    Path hidden = folder.resolve("_b.parquet");
    put(hidden);
    List<String> paths = List.of(sample.toString(), hidden.toString());
    assertThatThrownBy(() -> new CorpusSource(paths, "parquet", Map.of(), "").open(spark))
        .hasMessage(
            "Cannot read file:%s: Spark reads no file whose name begins with _ or .; rename it",
            hidden);
  }

  @Test
  void aFileThatIsNamedTwiceIsRefused() {
    List<String> paths = List.of(sample.getParent().toString(), sample.toString());
    assertThatThrownBy(() -> new CorpusSource(paths, "parquet", Map.of(), "").open(spark))
        .hasMessage(
            "Cannot read file:%s: it would be read twice, since several of the given paths lead to"
                + " it",
            sample);
  }

  @Test
  void footersAreReadOnlyOfFilesThatSparkReads() throws IOException {
    Path table = folder.resolve("table");
    put(table.resolve("a.parquet"));
    Files.writeString(table.resolve("README.md"), "# Texte\n");
    assertThatThrownBy(() -> parquet(table, Map.of()).open(spark))
        .hasMessage(
            "Cannot read Parquet file file:%s/README.md: it seems to be text: use --format csv, or"
                + " leave it out with --read-option pathGlobFilter=*.parquet",
            table);
    Corpus chosen = parquet(table, Map.of("pathglobfilter", "*.parquet")).open(spark);
    assertThat(chosen.count()).isEqualTo(OptionalLong.of(2));
    assertThatThrownBy(
            () -> parquet(table, Map.of("modifiedAfter", "2222-01-01T00:00:00")).open(spark))
        .hasMessage("Cannot read corpus %s: there are no files", table);
    Files.delete(table.resolve("README.md"));
    Corpus recent = parquet(table, Map.of("modifiedAfter", "2001-01-01T00:00:00")).open(spark);
    assertThat(recent.count()).isEqualTo(OptionalLong.of(2));
  }

  @ParameterizedTest
  @CsvSource({"_delta_log/0.json, delta", "metadata/v1.metadata.json, iceberg", ".hoodie/x, hudi"})
  void filesOfTablesAreRefusedAtAnyDepth(String sign, String format) throws IOException {
    Path table = folder.resolve("lake/table");
    put(table.resolve("data/a.parquet"));
    put(table.resolve("day=1/a.parquet"));
    Files.createDirectories(table.resolve(sign).getParent());
    Files.writeString(table.resolve(sign), "{}");
    for (String path : List.of("", "data", "data/a.parquet", "day=1", "*/*.parquet")) {
      String named = table.resolve("x").resolveSibling(path).toString();
      assertThatThrownBy(
              () -> new CorpusSource(List.of(named), "parquet", Map.of(), "").open(spark))
          .as(path)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("Cannot read file:" + table)
          .hasMessageEndingWith(
              "file:%s is a table of %s, whose files hold deleted and old rows too; read the table"
                  + " with --format %s --input file:%s",
              table, format, format, table);
    }
    assertThatThrownBy(
            () -> parquet(table.getParent(), Map.of("recursiveFileLookup", "true")).open(spark))
        .hasMessageContaining("is a table of " + format);
  }

  @Test
  void columnsOfAnyFileAreRead() {
    Path table = folder.resolve("table");
    for (String format : List.of("parquet", "orc")) {
      Path each = table.resolve(format);
      spark.sql("SELECT 'a' AS text").write().format(format).save(each.toString());
      spark
          .sql("SELECT 'b' AS text, 'de' AS lang")
          .write()
          .format(format)
          .mode("append")
          .save(each.toString());
      Corpus corpus = new CorpusSource(List.of(each.toString()), format, Map.of(), "").open(spark);
      assertThat(corpus.rows().columns()).containsExactlyInAnyOrder("text", "lang");
      assertThat(corpus.count()).isEqualTo(OptionalLong.of(2));
      assertThat(corpus.rows().where("lang = 'de'").count()).isEqualTo(1);
      assertThatThrownBy(() -> corpus.requireInEveryFile("text", "lang"))
          .hasMessageMatching("Cannot read column 'lang': the file .* has no such column, .*");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Export [2025]", "x{y}", "a*b", "was?", "do:ppel", "back\\slash"})
  void textUnderAnyNameIsRead(String name) throws IOException {
    Path directory = Files.createDirectories(folder.resolve(name));
    Files.writeString(directory.resolve("a.csv"), "id,text\n1,\"zwei\nZeilen\"\n");
    Files.writeString(directory.resolve("b.json"), "{\n \"text\": \"zwei\\nZeilen\"\n}\n");
    for (String file : List.of("a.csv", "b.json")) {
      CorpusSource source =
          new CorpusSource(
              List.of(directory.resolve(file).toString(), folder + "/other*"),
              file.substring(2),
              Map.of("header", "true", "multiLine", "true"),
              "");
      Files.createDirectories(folder.resolve("other")); // An empty one, by a glob.
      assertThat(source.open(spark).rows().select("text").collectAsList())
          .as(file)
          .extracting(row -> row.getString(0))
          .containsExactly("zwei\nZeilen");
    }
  }

  @Test
  void aStrangerWithAnyNameDisturbsNoGlob() throws IOException {
    put(folder.resolve("lake/p_dop:pel/x.parquet"));
    put(folder.resolve("lake/x{y}/x.parquet"));
    put(folder.resolve("lake/day-1/x.parquet"));
    put(folder.resolve("lake/day-2/x.parquet"));
    put(folder.resolve("lake/.day.publish/new-1/x.parquet"));
    assertThat(globbed("lake/day-*")).isEqualTo(4);
    assertThat(globbed("lake/d*/*.parquet")).isEqualTo(4);
    assertThat(globbed("lake/{day-1/x,day-2/?}.parquet")).isEqualTo(4);
    assertThat(globbed("lake/*")).as("but hidden ones").isEqualTo(8);
    assertThat(globbed("lake/x\\{y\\}")).isEqualTo(2);
    assertThat(globbed("lake/p_dop:*")).isEqualTo(2);
    assertThatThrownBy(() -> globbed("lake/in["))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "Cannot read " + folder + "/lake/in[: there is no such path, and it is no glob: ");
  }

  private long globbed(String glob) {
    Corpus corpus = parquet(folder.resolve("x").resolveSibling(glob), Map.of()).open(spark);
    assertThat(corpus.count()).isEqualTo(OptionalLong.of(corpus.rows().count()));
    return corpus.rows().count();
  }

  @Test
  void whatAStreamDidNotCommitIsNotRead() throws Exception {
    Path out = folder.resolve("stream");
    Path in = folder.resolve("stream-in");
    put(in.resolve("a.parquet"));
    var query =
        spark
            .readStream()
            .schema(TestSpark.ID_AND_TEXT)
            .parquet(in.toString())
            .writeStream()
            .format("parquet")
            .option("checkpointLocation", folder.resolve("checkpoint").toString())
            .trigger(Trigger.AvailableNow());
    query.start(out.toString()).awaitTermination();
    put(out.resolve("part-not-committed.parquet"));
    Corpus corpus = parquet(out, Map.of()).open(spark);
    assertThat(corpus.count()).isEqualTo(OptionalLong.of(2));
    assertThat(corpus.rows().count()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "a.csv, 'id,text', text, csv",
    "a.tsv.gz, 'id', text, csv",
    "a.jsonl, '{}', JSON, json",
    "noname, '{\"text\": 1}', JSON, json",
    "noname, 'ORC?', ORC, orc",
    "noname, 'Text', text, csv"
  })
  void aFileThatIsNoParquetSaysWhatItSeemsToBe(
      String name, String content, String kind, String format) throws IOException {
    Path file = Files.writeString(folder.resolve(name), content);
    assertThatThrownBy(() -> parquet(file, Map.of()).open(spark))
        .hasMessage(
            "Cannot read Parquet file file:%s: it seems to be %s: use --format %s, or leave it out"
                + " with --read-option pathGlobFilter=*.parquet",
            file, kind, format);
  }

  @Test
  void parquetIsNoTextAndNoOrc() {
    for (String format : List.of("csv", "orc", "json")) {
      CorpusSource source = new CorpusSource(List.of(sample.toString()), format, Map.of(), "");
      assertThatThrownBy(() -> source.open(spark))
          .as(format)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "Cannot read %s file file:%s: it seems to be PARQUET: use --format parquet",
              format.toUpperCase(Locale.ROOT), sample);
    }
  }

  private static CorpusSource parquet(Path path, Map<String, String> options) {
    return new CorpusSource(List.of(path.toString()), "parquet", options, "");
  }

  private void put(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Files.copy(sample, file);
  }
}
