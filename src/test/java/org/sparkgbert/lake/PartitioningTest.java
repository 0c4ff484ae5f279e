package org.sparkgbert.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.TestSpark;
import org.sparkgbert.corpus.Corpus;

class PartitioningTest {
  private static final int ROWS = 100;

  @Test
  void fewPartitionsBecomeTwoACore() {
    assertThat(partitions(new Partitioning("auto", 0, 0).overTasks(corpus(1)))).isEqualTo(4);
  }

  @Test
  void enoughPartitionsStayAsTheyAre() {
    Dataset<Row> corpus = corpus(5);
    assertThat(new Partitioning("auto", 0, 0).overTasks(corpus)).isSameAs(corpus);
  }

  @Test
  void partitionsAreKeptIfAskedFor() {
    Dataset<Row> corpus = corpus(1);
    assertThat(new Partitioning("keep", 0, 0).overTasks(corpus)).isSameAs(corpus);
  }

  @Test
  void aNumberOfPartitionsIsObeyed() {
    assertThat(partitions(new Partitioning("3", 0, 0).overTasks(corpus(8)))).isEqualTo(3);
  }

  @Test
  void aTableHasOneFileATaskUnlessAskedFor() {
    Dataset<Row> table = table(3);
    assertThat(new Partitioning("auto", 0, 0).overFiles(table, of(corpus(3)), 32, List.of()))
        .isSameAs(table);
  }

  @Test
  void aNumberOfFilesIsObeyed() {
    assertThat(
            partitions(
                new Partitioning("auto", 7, 0).overFiles(table(3), of(corpus(3)), 32, List.of())))
        .isEqualTo(7);
  }

  @Test
  void aSizeOfFilesCountsVectorsByTheirDimension() {
    // An int, a string of 20 bytes by Spark's guess, and 250 floats.
    long rowBytes = 4 + 20 + 1_000;
    Partitioning partitioning = new Partitioning("auto", 0, rowBytes * ROWS / 5);
    assertThat(partitions(partitioning.overFiles(table(1), of(corpus(1)), 250, List.of())))
        .isEqualTo(5);
  }

  @Test
  void aHugeSizeGivesOneFile() {
    Partitioning partitioning = new Partitioning("auto", 0, 1L << 40);
    assertThat(partitions(partitioning.overFiles(table(4), of(corpus(4)), 32, List.of())))
        .isEqualTo(1);
  }

  @Test
  void rowsAreCountedWhereNoFooterTellsThem() {
    Corpus uncounted = new Corpus(corpus(2), OptionalLong.empty());
    Partitioning partitioning = new Partitioning("auto", 0, (4 + 20 + 128) * ROWS / 4);
    assertThat(partitions(partitioning.overFiles(table(2), uncounted, 32, List.of()))).isEqualTo(4);
  }

  @Test
  void rowsOfOnePartitionValueStandInOneTask() {
    Dataset<Row> table = table(4).selectExpr("id % 5 AS day", "embedding");
    Dataset<Row> partitioning =
        new Partitioning("auto", 3, 0).overFiles(table, of(corpus(4)), 32, List.of("day"));
    long placesOfDays = partitioning.selectExpr("day", "spark_partition_id()").distinct().count();
    assertThat(placesOfDays).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", "1.5", "Auto", "10000000"})
  void otherPartitionsAreRefused(String partitions) {
    assertThatThrownBy(() -> new Partitioning(partitions, 0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot run: --partitions must be auto, keep or a positive number, found '%s'",
            partitions);
  }

  @Test
  void countAndSizeOfFilesExcludeEachOther() {
    assertThatThrownBy(() -> new Partitioning("auto", 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot run: give --files or --target-file-size, found both");
  }

  private static Dataset<Row> corpus(int partitions) {
    List<String> texts = IntStream.range(0, ROWS).mapToObj(Integer::toString).toList();
    return TestSpark.texts(texts, partitions);
  }

  private static Dataset<Row> table(int partitions) {
    return corpus(partitions).selectExpr("*", "array(float(1)) AS embedding");
  }

  private static Corpus of(Dataset<Row> rows) {
    return new Corpus(rows, OptionalLong.of(ROWS));
  }

  private static int partitions(Dataset<Row> rows) {
    return rows.rdd().getNumPartitions();
  }
}
