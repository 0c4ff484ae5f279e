package org.sparkgbert.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.TestSpark;
import org.sparkgbert.action.Progress;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.lake.EmbeddingTable;
import org.sparkgbert.lake.OutputOptions;
import org.sparkgbert.lake.RunInfo;
import org.sparkgbert.lake.RunManifest;
import org.sparkgbert.lake.TableTarget;
import org.sparkgbert.lake.TableWriter;
import org.sparkgbert.settings.Settings;

/** A run that failed or died, and the next one of the same table, which takes its vectors over. */
@Tag("long")
class FinishedVectorsTest {
  private static final int FILES = 6;
  private static final int ROWS = 120;
  private static final String REPEATED = "Überall derselbe Satz.";

  /** Added to each number of a vector that a dead run left, to know it again. */
  private static final float MARK = 1;

  private final SparkSession spark = TestSpark.session();
  private final List<String> notes = new ArrayList<>();

  @TempDir Path folder;
  private Path corpus;

  @BeforeEach
  void writeCorpus() {
    corpus = folder.resolve("corpus");
    writeCorpus(0);
    // No two files of the corpus in one task.
    spark.conf().set("spark.sql.files.maxPartitionBytes", "3k");
    spark.conf().set("spark.sql.files.openCostInBytes", "3k");
  }

  @AfterEach
  void resetSession() {
    spark.conf().unset("spark.sql.files.maxPartitionBytes");
    spark.conf().unset("spark.sql.files.openCostInBytes");
  }

  /** Some texts are null, some blank, and one stands in every file. */
  private void writeCorpus(int from) {
    writeCorpus(from, -1);
  }

  private void writeCorpus(int from, int withoutClass) {
    List<Row> rows =
        IntStream.range(from, from + ROWS)
            .mapToObj(i -> RowFactory.create(i, text(i), i == withoutClass ? "" : "k" + i % 3))
            .toList();
    spark
        .createDataFrame(rows, TestSpark.ID_AND_TEXT.add("class", DataTypes.StringType))
        .repartitionByRange(FILES, functions.col("id"))
        .sortWithinPartitions("id")
        .write()
        .mode("overwrite")
        .parquet(corpus.toString());
  }

  private static String text(int i) {
    return switch (i % 10) {
      case 3 -> null;
      case 7 -> " ";
      case 9 -> REPEATED;
      default -> "Satz Nummer " + i + " über Straßen und Brücken.";
    };
  }

  private Map<String, String> settings(String table, String... more) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("input", corpus.toString());
    settings.put("output", folder.resolve(table).toString());
    settings.put("model", TinyBert.directory().toString());
    settings.put("mode", "overwrite");
    settings.put("keep-old", "none");
    settings.put("device", "cpu");
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return settings;
  }

  private EmbedResult run(Map<String, String> settings) {
    notes.clear();
    Progress listener =
        new Progress() {
          @Override
          public void note(String line) {
            notes.add(line);
          }
        };
    return new EmbedCorpus(EmbedSettings.of(settings)).run(spark, listener);
  }

  private EmbeddingTable table(String name) {
    return EmbeddingTable.open(folder.resolve(name).toString(), new Configuration());
  }

  private Path work(String table) {
    return folder.resolve("." + table + ".publish");
  }

  /** Rows by file, in their order; files without the part of their names that is of a run. */
  private Map<String, List<Row>> rowsByFile(String table) {
    Map<String, List<Row>> rows = new TreeMap<>();
    for (RunManifest.DataFile file : table(table).manifest().files()) {
      rows.put(
          file.path().replaceFirst("-[0-9a-f]{8}-[0-9a-f-]{27}", ""),
          spark
              .read()
              .parquet(folder.resolve(table).resolve(file.path()).toString())
              .collectAsList());
    }
    return rows;
  }

  /** Leaves marked vectors of a table where a run of another table would, had it been killed. */
  private void leave(String from, String condition, String table, String run) {
    Dataset<Row> rows = table(from).rows(spark).where(condition);
    rows.withColumn(
            "embedding",
            functions
                .transform(functions.col("embedding"), x -> x.plus(MARK).cast("float"))
                .as("embedding", rows.schema().apply("embedding").metadata()))
        .coalesce(1)
        .write()
        .parquet(work(table).resolve("new-" + run).toString());
  }

  /** Of the rows of both tables, those with a text of a marked row have the marked vector. */
  private void assertSame(String expected, String found, List<Integer> markedIds) {
    Map<String, List<Row>> want = rowsByFile(expected);
    Map<String, List<Row>> got = rowsByFile(found);
    assertThat(got.keySet()).isEqualTo(want.keySet());
    List<String> marked =
        markedIds.stream()
            .map(FinishedVectorsTest::text)
            .filter(text -> text != null && !text.isBlank())
            .toList();
    want.forEach(
        (file, rows) -> {
          assertThat(got.get(file)).as(file).hasSameSizeAs(rows);
          for (int i = 0; i < rows.size(); i++) {
            assertSame(rows.get(i), got.get(file).get(i), marked);
          }
        });
    RunManifest manifest = table(found).manifest();
    assertThat(manifest.rowsByStatus()).isEqualTo(table(expected).manifest().rowsByStatus());
    assertThat(manifest.embeddings()).isEqualTo(table(expected).manifest().embeddings());
    assertThat(table(found).rows(spark).schema()).isEqualTo(table(expected).rows(spark).schema());
  }

  private static void assertSame(Row want, Row got, List<String> marked) {
    String text = want.getAs("text");
    for (String column : want.schema().fieldNames()) {
      if (!column.equals("embedding")) {
        assertThat(got.<Object>getAs(column))
            .as("%s of %s", column, text)
            .isEqualTo(want.getAs(column));
      }
    }
    List<Float> vector = got.getList(got.fieldIndex("embedding"));
    List<Float> expected = want.getList(want.fieldIndex("embedding"));
    if (expected == null) {
      assertThat(vector).as("vector of %s", text).isNull();
      return;
    }
    for (int i = 0; i < expected.size(); i++) {
      if (marked.contains(text)) {
        assertThat(vector.get(i)).as("left vector of %s", text).isEqualTo(expected.get(i) + MARK);
      } else {
        assertThat(vector.get(i)).as("vector of %s", text).isCloseTo(expected.get(i), within());
      }
    }
  }

  private static Offset<Float> within() {
    return Offset.offset(TinyBert.TOLERANCE);
  }

  private static List<Integer> ids(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }

  private static List<String> names(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "partitions=keep",
        "partitions=auto",
        "partitions=5",
        "partitions=keep partition-by=class",
        "partitions=keep window-rows=7"
      })
  void rowsAndTheirOrderAreThoseOfAnUninterruptedRun(String options) {
    String[] more = options.split("[ =]");
    EmbedResult whole = run(settings("whole", more));
    leave("whole", "id between 30 and 79", "table", "dead");
    EmbedResult resumed = run(settings("table", more));
    // Of 50 rows 5 are null and 5 blank; and the text that is everywhere is in 7 more.
    assertThat(resumed.takenOver()).isEqualTo(47);
    assertThat(encoded(resumed)).isLessThanOrEqualTo(encoded(whole) - 35);
    assertThat(notes).contains("Taken over from an interrupted run: 47 rows");
    assertThat(resumed.table().rows()).isEqualTo(ROWS);
    assertSame("whole", "table", ids(30, 80));
    assertThat(names(folder)).as("what is left").containsExactly("corpus", "table", "whole");
  }

  /** They go through a shuffle, which orders rows by what they hold. */
  @Test
  void aTableOfFewFilesHasTheRowsOfAnUninterruptedRun() {
    run(settings("whole", "partitions", "7", "files", "2"));
    leave("whole", "id between 30 and 79", "table", "dead");
    assertThat(run(settings("table", "partitions", "7", "files", "2")).takenOver()).isEqualTo(47);
    assertThat(table("table").manifest().files()).hasSize(2);
    List<String> marked = ids(30, 80).stream().map(FinishedVectorsTest::text).toList();
    List<Row> want = table("whole").rows(spark).orderBy("id").collectAsList();
    List<Row> got = table("table").rows(spark).orderBy("id").collectAsList();
    for (int i = 0; i < ROWS; i++) {
      assertSame(want.get(i), got.get(i), marked);
    }
  }

  private static long encoded(EmbedResult result) {
    return result.work().encoding().distinctTexts();
  }

  private static long tokens(EmbedResult result) {
    return result.work().encoding().tokens();
  }

  /** The fifth task fails, since an empty string cannot be the name of a partition. */
  @Test
  void whatARunThatFailedHadFinishedIsTakenOver() {
    Map<String, String> settings = settings("table", "partitions", "keep", "partition-by", "class");
    writeCorpus(0, 90);
    for (int failures = 1; failures <= 2; failures++) {
      assertThatThrownBy(() -> run(settings))
          .hasMessageContaining("Cannot partition by column 'class'");
      assertThat(names(folder)).contains(".table.publish").doesNotContain("table");
    }
    // Tasks begin in order, two at a time, so the first three had ended.
    assertThat(notes)
        .anyMatch(note -> note.matches("Taken over from an interrupted run: [56789]\\d rows"));
    assertThat(names(work("table"))).hasSize(2).anyMatch(name -> name.startsWith("left-"));
    writeCorpus(0);
    EmbedResult whole = run(settings("whole", "partitions", "keep", "partition-by", "class"));
    EmbedResult resumed = run(settings);
    assertThat(resumed.takenOver()).isGreaterThanOrEqualTo(3 * 16);
    assertThat(encoded(resumed)).isLessThanOrEqualTo(encoded(whole) / 2);
    assertSame("whole", "table", List.of());
    assertThat(names(folder)).containsExactly("corpus", "table", "whole");
  }

  @Test
  void ofATaskThatSeveralRunsFinishedOneFileStays() throws IOException {
    run(settings("whole", "partitions", "keep"));
    for (String run : List.of("first", "second", "third")) {
      Path left = Files.createDirectories(work("table").resolve("new-" + run));
      for (String file : names(folder.resolve("whole"))) {
        boolean finished = file.matches("part-0000[0-" + run.length() % 4 + "].*");
        if (finished) {
          String name =
              file.replaceFirst("-[0-9a-f]{8}-", "-" + "%08x".formatted(run.hashCode()) + "-");
          Files.copy(folder.resolve("whole").resolve(file), left.resolve(name));
          Files.write(left.resolve("part-00005-torn.parquet"), new byte[] {'P', 'A', 'R', '1'});
        }
      }
    }
    assertThatThrownBy(
            () -> run(settings("table", "where", "if(id = 70, raise_error('Zeile kaputt'), true)")))
        .hasStackTraceContaining("Zeile kaputt");
    List<String> left = new ArrayList<>();
    for (String run : names(work("table"))) {
      left.addAll(
          names(work("table").resolve(run)).stream()
              .filter(name -> name.endsWith(".parquet"))
              .toList());
    }
    assertThat(left).noneMatch(name -> name.contains("torn"));
    assertThat(left.stream().map(name -> name.substring(0, 10)))
        .contains("part-00000", "part-00001", "part-00002")
        .doesNotHaveDuplicates();
    assertThat(run(settings("table", "partitions", "keep")).takenOver()).isGreaterThanOrEqualTo(48);
  }

  @Test
  void aVectorOfAnotherModelOrOfOtherSettingsIsNotTakenOver() {
    run(settings("whole", "max-seq-length", "9"));
    leave("whole", "true", "table", "dead");
    assertThat(run(settings("table")).takenOver()).isZero();
    assertThat(notes).noneMatch(note -> note.contains("interrupted run"));
    assertThat(names(folder)).containsExactly("corpus", "table", "whole");
  }

  /** Their scales are doubled in what the dead runs left, to know them again. */
  @Test
  void vectorsWithAByteEachAreTakenOverBitForBitAndNeverAsFloats() {
    run(settings("whole", "output-precision", "int8"));
    for (String table : List.of("bytes", "floats")) {
      table("whole")
          .rows(spark)
          .where("id between 30 and 79")
          .withColumn("embedding_scale", functions.expr("CAST(embedding_scale * 2 AS FLOAT)"))
          .coalesce(1)
          .write()
          .parquet(work(table).resolve("new-dead").toString());
    }
    assertThat(run(settings("floats")).takenOver()).isZero();
    EmbedResult result = run(settings("bytes", "output-precision", "int8"));
    assertThat(result.takenOver()).isGreaterThanOrEqualTo(40);
    Dataset<Row> whole =
        table("whole")
            .rows(spark)
            .selectExpr("id", "embedding AS vector", "CAST(embedding_scale * 2 AS FLOAT) AS scale");
    assertThat(
            table("bytes")
                .rows(spark)
                .join(whole, "id")
                .where("id between 30 and 79")
                .where("embedding <=> vector AND embedding_scale <=> scale")
                .count())
        .isEqualTo(50);
  }

  private static Row worth(EmbeddingTable table, SparkSession spark) {
    return table.rows(spark).selectExpr("count(embedding)", "sum(embedding_tokens)").head();
  }

  private EmbeddingProvenance made(String table) {
    return table(table).manifest().embeddings().get("embedding");
  }

  /** The sample, of which the mean is, is all texts here. */
  @Test
  void ofBitsNoTextIsEncodedTwice() {
    EmbedResult asFloats = run(settings("floats", "partitions", "1"));
    EmbedResult asBits = run(settings("bits", "output-precision", "binary", "partitions", "1"));
    assertThat(tokens(asBits)).isPositive().isEqualTo(tokens(asFloats));
    assertThat(encoded(asBits)).isPositive().isEqualTo(encoded(asFloats));
    assertThat(asBits.takenOver()).isZero();
    assertThat(notes).noneMatch(note -> note.contains("interrupted"));
    assertThat(worth(table("bits"), spark)).isEqualTo(worth(table("floats"), spark));
    assertThat(table("bits").rows(spark).select("id", "text").collectAsList())
        .isEqualTo(table("floats").rows(spark).select("id", "text").collectAsList());
    assertThat(names(folder)).containsExactly("bits", "corpus", "floats");
  }

  /** The bits that a dead run left are inverted, to know them again. */
  @Test
  void bitsThatWereLeftAreTakenOverWithTheirMean() {
    EmbedResult all = run(settings("whole", "output-precision", "binary"));
    List<Double> mean = made("whole").mean();
    List<Double> other = mean.stream().map(value -> value + 0.25).toList();
    leaveBits("id between 30 and 79", made("whole").withBits(other), "table");
    EmbedResult result = run(settings("table", "output-precision", "binary"));
    assertThat(result.takenOver()).isEqualTo(47);
    assertThat(made("table").mean()).isEqualTo(other).isNotEqualTo(mean);
    assertThat(tokens(result)).isPositive().isLessThan(tokens(all) * 2 / 3);
    Dataset<Row> whole = table("whole").rows(spark).selectExpr("id", inverted() + " AS left_bits");
    assertThat(
            table("table")
                .rows(spark)
                .join(whole, "id")
                .where("id between 30 and 79 AND embedding <=> left_bits")
                .count())
        .isEqualTo(50);
    assertThat(names(folder)).containsExactly("corpus", "table", "whole");
  }

  private static String inverted() {
    return "unhex(translate(hex(embedding), '0123456789ABCDEF', 'FEDCBA9876543210'))";
  }

  private void leaveBits(String condition, EmbeddingProvenance made, String table) {
    table("whole")
        .rows(spark)
        .where(condition)
        .withColumn("embedding", functions.expr(inverted()))
        .withMetadata("embedding", made.toMetadata())
        .coalesce(1)
        .write()
        .parquet(work(table).resolve("new-dead").toString());
  }

  @Test
  void bitsOfAnotherCorpusGiveNoMean() {
    run(settings("whole", "output-precision", "binary"));
    leaveBits("id < 60", made("whole"), "table");
    writeCorpus(1_000);
    run(settings("other", "output-precision", "binary"));
    assertThat(run(settings("table", "output-precision", "binary")).takenOver()).isZero();
    assertThat(notes)
        .contains(
            "Cannot take over bits of an interrupted run: most of its texts are not in this corpus, whose mean is another");
    assertThat(made("table")).isEqualTo(made("other")).isNotEqualTo(made("whole"));
  }

  @Test
  void bitsAboutZeroAreTakenOverByTheirLikeOnly() {
    String[] zero = {"output-precision", "binary", "binary-mean", "zero"};
    run(settings("whole", zero));
    leaveBits("id between 30 and 79", made("whole"), "like");
    leaveBits("id between 30 and 79", made("whole"), "other");
    assertThat(run(settings("like", zero)).takenOver()).isEqualTo(47);
    assertThat(made("like").mean()).containsOnly(0.0);
    assertThat(run(settings("other", "output-precision", "binary")).takenOver()).isZero();
    assertThat(made("other").mean()).doesNotContain(0.0);
    assertThat(notes).noneMatch(note -> note.contains("interrupted run"));
  }

  /** The run dies when it writes its table, behind the sample. */
  @Test
  void theSampleOfARunThatFailedIsTakenOver() {
    Map<String, String> settings =
        settings("table", "output-precision", "binary", "partition-by", "class");
    writeCorpus(0, 90);
    assertThatThrownBy(() -> run(settings))
        .hasMessageContaining("Cannot partition by column 'class'");
    assertThat(names(work("table"))).anyMatch(name -> name.endsWith("-kept"));
    writeCorpus(0);
    EmbedResult resumed = run(settings);
    assertThat(tokens(resumed)).isZero();
    assertThat(resumed.takenOver()).isEqualTo(96);
    run(settings("whole", "output-precision", "binary", "partition-by", "class"));
    assertThat(made("table")).isEqualTo(made("whole"));
    String bits = "hex(embedding)";
    assertThat(table("table").rows(spark).selectExpr("id", bits).orderBy("id").collectAsList())
        .isEqualTo(table("whole").rows(spark).selectExpr("id", bits).orderBy("id").collectAsList());
    assertThat(names(folder)).containsExactly("corpus", "table", "whole");
  }

  @Test
  void aTableWithoutItsTextsCannotBeTakenOverAndSaysSo() {
    run(settings("whole", "keep-columns", "id"));
    leave("whole", "id < 40", "table", "dead");
    assertThat(run(settings("table", "keep-columns", "id")).takenOver()).isZero();
    assertThat(notes)
        .contains(
            "Cannot take over 40 rows of an interrupted run: without their column 'text' nobody knows of which texts they are");
  }

  @Test
  void columnsMayHaveOtherNamesThanInTheInterruptedRun() {
    run(settings("whole"));
    leave("whole", "id between 30 and 79", "table", "dead");
    Path renamed = folder.resolve("renamed");
    spark
        .read()
        .parquet(corpus.toString())
        .selectExpr("id", "text AS body", "id AS finished_task", "id AS embedding")
        .write()
        .parquet(renamed.toString());
    EmbedResult resumed =
        run(
            settings(
                "table",
                "input",
                renamed.toString(),
                "text-column",
                "body",
                "embedding-column",
                "vector"));
    assertThat(resumed.takenOver()).isEqualTo(47);
    assertThat(table("table").rows(spark).columns())
        .containsExactly(
            "id",
            "body",
            "finished_task",
            "embedding",
            "vector",
            "vector_status",
            "vector_tokens",
            "vector_error");
    assertThat(table("table").rows(spark).where("finished_task <> id or embedding <> id").count())
        .isZero();
  }

  @Test
  void aCorpusThatChangedMeanwhileGetsTheVectorsOfTheTextsThatStayed() {
    run(settings("whole"));
    leave("whole", "true", "table", "dead");
    writeCorpus(60);
    run(settings("other"));
    EmbedResult resumed = run(settings("table"));
    // Sixty rows are as before, with 12 texts that are null or blank; of the others 6 repeat.
    assertThat(resumed.takenOver()).isEqualTo(48 + 6);
    assertSame("other", "table", ids(0, 120));
  }

  @Test
  void failedRowsAndDamagedFilesAreEncodedAgain() throws IOException {
    run(settings("whole"));
    leave("whole", "id < 60", "table", "failed");
    Path left = work("table").resolve("new-failed");
    Dataset<Row> failed = spark.read().parquet(left.toString());
    failed
        .withColumn("embedding_status", functions.lit("failed"))
        .coalesce(1)
        .write()
        .parquet(work("table").resolve("new-other").toString());
    for (String file : names(left)) {
      if (file.startsWith("part-")) {
        byte[] bytes = Files.readAllBytes(left.resolve(file));
        bytes[bytes.length / 2] ^= 4;
        Files.write(left.resolve(file), bytes);
        Files.deleteIfExists(left.resolve("." + file + ".crc"));
      }
    }
    EmbedResult resumed = run(settings("table"));
    assertThat(resumed.table().rows()).isEqualTo(ROWS);
    assertSame("whole", "table", List.of());
  }

  @Test
  void otherWritersOfTheTableDeleteWhatIsLeft() {
    run(settings("whole"));
    leave("whole", "true", "table", "dead");
    TableWriter.write(
        table("whole").rows(spark),
        List.of(),
        TableTarget.of(
            Settings.NONE.with(OutputOptions.OUTPUT, folder.resolve("table").toString())),
        RunInfo.begin(new RunManifest.Input(List.of(), "parquet", ""), ""));
    assertThat(names(folder)).containsExactly("corpus", "table", "whole");
  }
}
