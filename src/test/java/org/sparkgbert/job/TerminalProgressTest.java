package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.sparkgbert.TestSpark;
import org.sparkgbert.embed.EmbedTally;
import org.sparkgbert.embed.EncodedRows;
import org.sparkgbert.embed.SentenceEmbedder;
import org.sparkgbert.onnx.DeviceChoice;
import org.sparkgbert.onnx.DeviceOptions;

class TerminalProgressTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Console console =
      new Console(System.out, new PrintStream(err, true, StandardCharsets.UTF_8));

  @Test
  void rowsOfEndedTasksAreCounted() {
    SparkSession spark = TestSpark.session();
    try (TerminalProgress progress = new TerminalProgress(console)) {
      EncodedRows.during(
          spark,
          progress,
          OptionalLong.of(60),
          () -> {
            progress.draw();
            embed(spark, 45);
            waitForEvents(spark);
            progress.draw();
            return null;
          });
    }
    assertThat(printed()).hasSize(2);
    assertThat(printed().get(0)).startsWith("  0 % of 60 rows, 0 rows, ");
    assertThat(printed().get(1)).startsWith(" 75 % of 60 rows, 45 rows, ");
  }

  @Test
  void aRunShorterThanHalfAMinutePrintsNothing() {
    SparkSession spark = TestSpark.session();
    try (TerminalProgress progress = new TerminalProgress(console)) {
      EncodedRows.during(spark, progress, OptionalLong.empty(), () -> null);
      embed(spark, 3);
      waitForEvents(spark);
      assertThat(printed()).isEmpty();
      progress.draw();
      assertThat(printed().get(0)).as("it listens no more").startsWith("0 rows");
    }
  }

  @Test
  void ofADownloadTheShareComesLast() {
    try (TerminalProgress progress = new TerminalProgress(console)) {
      progress.bytes(0, 1_340_000_000);
      progress.bytes(335_000_000, 1_340_000_000);
      progress.note("trying again");
      progress.end();
    }
    assertThat(printed())
        .containsExactly("trying again", "[########......................]  25 % of 1.34 GB", "");
  }

  @Test
  void aStageWithoutRowsSaysItsNameItsStepsAndItsTime() {
    try (TerminalProgress progress = new TerminalProgress(console)) {
      progress.begin("check embeddings");
      progress.draw();
      progress.begin("find clusters");
      progress.steps(3, 10, "run");
      progress.draw();
      progress.end();
    }
    assertThat(printed())
        .containsExactly("check embeddings, 0:00:00", "find clusters: 3 of 10 runs, 0:00:00");
  }

  @Test
  void withoutADownloadThereIsNoBar() {
    try (TerminalProgress progress = new TerminalProgress(console)) {
      progress.bytes(0, 0);
      progress.end();
    }
    assertThat(printed()).isEmpty();
  }

  private static void waitForEvents(SparkSession spark) {
    try {
      spark.sparkContext().listenerBus().waitUntilEmpty();
    } catch (TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  private List<String> printed() {
    return err.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private static void embed(SparkSession spark, int rows) {
    EmbedTally tally = EmbedTally.registered(spark);
    List<String> texts = IntStream.range(0, rows).mapToObj(i -> "Zug " + i).toList();
    new SentenceEmbedder()
        .setModel(TinyModels.tiny().toString())
        .set(DeviceOptions.DEVICE, DeviceChoice.CPU)
        .transformCounting(TestSpark.texts(texts, 3), tally)
        .write()
        .format("noop")
        .mode("overwrite")
        .save();
    assertThat(tally.value().rows()).isEqualTo(rows);
  }
}
