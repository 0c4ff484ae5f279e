package org.sparkgbert.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.SparkException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.TestSpark;
import org.sparkgbert.files.Directories;

class SparkErrorsTest {
  @TempDir private Path folder;

  @Test
  void whatFailsInATaskIsNoBadInput() {
    Throwable error =
        catchThrowable(
            () ->
                TestSpark.session()
                    .sql("SELECT raise_error(concat('torn ', id)) FROM range(3)")
                    .collect());
    assertThat(SparkErrors.isOfTask(error)).isTrue();
    assertThat(SparkErrors.asBadInput("Cannot read", (Exception) error))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("torn ");
    assertThat(SparkErrors.oneLine(error)).doesNotContain("Job aborted", "SQLSTATE");
  }

  @Test
  void whatSparkFindsBeforeIsBadInput() {
    Throwable error = catchThrowable(() -> TestSpark.session().sql("SELECT nosuch"));
    assertThat(SparkErrors.isOfTask(error)).isFalse();
    assertThat(SparkErrors.asBadInput("Cannot read", (Exception) error))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("`nosuch` cannot be resolved");
  }

  @Test
  void aTableThatWasReplacedWhileItWasReadShouldBeReadAgain() throws IOException {
    String table = folder.resolve("table").toString();
    TestSpark.session().range(9).coalesce(1).write().parquet(table);
    Dataset<Row> read = TestSpark.session().read().parquet(table);
    Directories.delete(Path.of(table));
    Throwable error = catchThrowable(read::collectAsList);
    assertThat(SparkErrors.oneLine(error))
        .contains("FILE_NOT_EXIST", table)
        .endsWith("if another run replaced the table meanwhile, run this again");
  }

  @Test
  void theReasonAtTheEndOfTheCausesIsSaid() {
    Throwable full =
        new SparkException(
            "[TASK_WRITE_FAILED] Task failed while writing rows to file:/o. SQLSTATE: 58030",
            new IOException("x", new IOException("No space left on device")));
    assertThat(SparkErrors.oneLine(full))
        .isEqualTo(
            "[TASK_WRITE_FAILED] Task failed while writing rows to file:/o: No space left on"
                + " device");
    assertThat(SparkErrors.oneLine(new IllegalStateException(new UnknownHostException("nowhere"))))
        .contains("UnknownHostException: nowhere");
  }

  @Test
  void whatSparkKnowsAsTextOnlyIsSaidWithoutItsTask() {
    Throwable lost =
        new SparkException(
            """
            Job aborted due to stage failure: Task 0 in stage 1.0 failed 1 times, most recent failure: Lost task 0.0 in stage 1.0 (TID 1) (localhost executor driver): scala.MatchError: java.lang.UnsatisfiedLinkError: /t/libsnappyjava.so: failed to map segment from shared object
            \tat x\
            """);
    assertThat(SparkErrors.isOfTask(lost)).isTrue();
    assertThat(SparkErrors.oneLine(lost))
        .startsWith("scala.MatchError: java.lang.UnsatisfiedLinkError: /t/libsnappyjava.so: ")
        .contains("mounted noexec", "-Djava.io.tmpdir=DIR");
  }

  @Test
  void aNameTooLongForADirectoryIsSaidShort() {
    String name = "part=" + "x".repeat(300);
    Throwable error = new IOException("Mkdirs failed to create file:/o/" + name + "/f (exists=no)");
    assertThat(SparkErrors.oneLine(error))
        .startsWith("Cannot write: the name part=xxxx")
        .endsWith("has 305 bytes, and file systems take at most 255; partition by another column")
        .hasSizeLessThan(160);
  }

  @Test
  void errorsOfTheJvmSayWhatHelps() {
    assertThat(SparkErrors.oneLine(new StackOverflowError()))
        .startsWith("StackOverflowError; ")
        .contains("-Xss16m");
    assertThat(SparkErrors.oneLine(new OutOfMemoryError("Java heap space")))
        .startsWith("OutOfMemoryError: Java heap space; ")
        .contains("--driver-memory");
    assertThat(SparkErrors.oneLine(new IllegalStateException())).isEqualTo("IllegalStateException");
  }

  @Test
  void aCompressionWithoutItsLibraryIsNamedBeforeAnyWork() throws IOException {
    Path file = Files.createDirectory(folder.resolve("in")).resolve("a.parquet");
    Files.copy(Path.of("src/test/resources/parquet/brotli.parquet"), file);
    assertThat(
            catchThrowable(
                () ->
                    ParquetFiles.readFooters(
                        List.of(file.toString()),
                        TestSpark.session().sessionState().newHadoopConf())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a.parquet: column 'id' is compressed with BROTLI, for which Spark")
        .hasMessageContaining("--jars");
  }
}
