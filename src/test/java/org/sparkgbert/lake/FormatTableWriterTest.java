package org.sparkgbert.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.TestSpark;
import org.sparkgbert.embed.EmbedTally;
import org.sparkgbert.embed.TinyBert;

class FormatTableWriterTest {
  private static final String NAME = "embedded_sentences";

  private final SparkSession spark = TestSpark.session();

  @TempDir Path folder;

  @AfterEach
  void dropTable() {
    spark.sql("DROP TABLE IF EXISTS " + NAME);
  }

  private static Dataset<Row> embedded(String... texts) {
    return TinyBert.embedder().transform(TestSpark.texts(List.of(texts), 2));
  }

  private static WrittenTable write(
      Dataset<Row> table, String path, String format, WriteMode mode, String... partitionBy) {
    return TableWriter.write(
        table,
        List.of(StatusColumn.of(new EmbeddingColumns("embedding"))),
        new TableTarget(path, format, mode, KeepOld.NONE, List.of(partitionBy), 0),
        RunInfo.begin(new RunManifest.Input(List.of(), "parquet", ""), "tiny-bert"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "orc"})
  void aTableOfAnotherFormatIsReadBackAsItWasEmbedded(String format) {
    Dataset<Row> table = embedded("Guten Morgen", "", "Gute Nacht");
    String path = folder.resolve("table").toString();
    WrittenTable written = write(table, path, format, WriteMode.ERROR);
    assertThat(written.location()).isEqualTo(path);
    assertThat(written.rows()).isEqualTo(3);
    assertThat(written.rowsByStatus().get("embedding_status"))
        .containsEntry("ok", 2L)
        .containsEntry("empty", 1L);
    assertThat(
            spark
                .read()
                .format(format)
                .schema(table.schema())
                .load(path)
                .orderBy("id")
                .collectAsList())
        .isEqualTo(table.orderBy("id").collectAsList());
  }

  @Test
  void anExistingPathIsRefusedOrReplaced() {
    String path = folder.resolve("table").toString();
    write(embedded("Eins", "Zwei"), path, "orc", WriteMode.ERROR);
    assertThatThrownBy(() -> write(embedded("Drei"), path, "orc", WriteMode.ERROR))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot write table: %s exists; choose another output or --mode overwrite", path);
    assertThat(spark.read().orc(path).count()).isEqualTo(2);
    write(embedded("Drei"), path, "orc", WriteMode.OVERWRITE);
    assertThat(spark.read().orc(path).count()).isEqualTo(1);
  }

  @Test
  void aTableIsWrittenByNameAndRefusedOrReplaced() {
    write(embedded("Eins", "Zwei"), NAME, "orc", WriteMode.ERROR);
    assertThat(spark.table(NAME).count()).isEqualTo(2);
    assertThatThrownBy(() -> write(embedded("Drei"), NAME, "orc", WriteMode.ERROR))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot write table: %s exists; choose another output or --mode overwrite", NAME);
    write(embedded("Drei"), NAME, "orc", WriteMode.OVERWRITE);
    assertThat(spark.table(NAME).select("text").as(Encoders.STRING()).collectAsList())
        .containsExactly("Drei");
  }

  @Test
  void partitionsAreThoseAskedFor() {
    String path = folder.resolve("table").toString();
    write(embedded("Eins", ""), path, "json", WriteMode.ERROR, "embedding_status");
    assertThat(folder.resolve("table").resolve("embedding_status=ok")).isDirectory();
    assertThat(folder.resolve("table").resolve("embedding_status=empty")).isDirectory();
  }

  @Test
  void tooManyFailuresLeaveTheOldTable() {
    String path = folder.resolve("table").toString();
    write(embedded("Eins", "Zwei"), path, "orc", WriteMode.ERROR);
    assertThatThrownBy(
            () -> write(TableWriterTest.withFailures(10, 1), path, "orc", WriteMode.OVERWRITE))
        .isInstanceOf(TooManyFailuresException.class)
        .hasMessageContaining("1 of 10 rows failed, more than 0 %");
    assertThat(spark.read().orc(path).count()).isEqualTo(2);
  }

  @Test
  void textsAreEncodedOnce() {
    EmbedTally tally = new EmbedTally();
    spark.sparkContext().register(tally, "embedding");
    Dataset<Row> table =
        TinyBert.embedder()
            .transformCounting(TestSpark.texts(List.of("Eins", "Zwei", "Drei"), 2), tally);
    write(table, folder.resolve("table").toString(), "orc", WriteMode.ERROR);
    assertThat(tally.value().rows()).isEqualTo(3);
  }

  @Test
  void nothingStaysInTheExecutorsStorage() {
    int before = spark.sparkContext().getPersistentRDDs().size();
    write(embedded("Eins"), folder.resolve("table").toString(), "orc", WriteMode.ERROR);
    assertThat(spark.sparkContext().getPersistentRDDs().size()).isEqualTo(before);
  }
}
