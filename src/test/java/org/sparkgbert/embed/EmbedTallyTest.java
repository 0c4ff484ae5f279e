package org.sparkgbert.embed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.sparkgbert.TestSpark;
import org.sparkgbert.encode.EncodingWork;
import org.sparkgbert.encode.StageNanos;

class EmbedTallyTest {
  private static EmbedWork work(long rows, String executor) {
    StageNanos nanos = new StageNanos(6, 7, 8, 9);
    return EmbedWork.window(rows, new EncodingWork(rows, 2, 3, 4, 5, nanos), 8, 1000 - rows)
        .plus(EmbedWork.written(9, 1000 + rows))
        .plus(EmbedWork.by(new ExecutorUse(executor, "host", "cpu", "", 1)));
  }

  @Test
  void talliesMergeToTheSumOfTheirWork() {
    EmbedTally one = new EmbedTally();
    one.add(work(10, "1"));
    EmbedTally other = new EmbedTally();
    other.add(work(20, "2"));
    other.add(work(30, "2"));
    one.merge(other);
    assertThat(one.value().rows()).isEqualTo(60);
    assertThat(one.value().encoding())
        .isEqualTo(new EncodingWork(60, 6, 9, 12, 15, new StageNanos(18, 21, 24, 27)));
    assertThat(one.value().span()).isEqualTo(new WorkSpan(970, 1030));
    assertThat(one.value().readNanos()).isEqualTo(24);
    assertThat(one.value().writeNanos()).isEqualTo(27);
    assertThat(one.value().executors().keySet()).containsExactly("1 cpu", "2 cpu");
    assertThat(other.value().rows()).as("the merged one stays").isEqualTo(50);
  }

  @Test
  void aCopyIsIndependentAndAResetTallyIsZero() {
    EmbedTally tally = new EmbedTally();
    assertThat(tally.isZero()).isTrue();
    tally.add(work(10, "1"));
    EmbedTally copy = tally.copy();
    tally.reset();
    assertThat(tally.isZero()).isTrue();
    assertThat(copy.isZero()).isFalse();
    assertThat(copy.value()).isEqualTo(work(10, "1"));
  }

  @Test
  void theWorkOfAllTasksArrivesAtTheDriver() {
    EmbedTally tally = new EmbedTally();
    TestSpark.session().sparkContext().register(tally, "embedding");
    List<String> texts = List.of("Guten Morgen", "Guten Abend", "Guten Morgen", "");
    Dataset<Row> rows = TestSpark.texts(texts, 2);
    List<Row> embedded = TinyBert.embedder().transformCounting(rows, tally).collectAsList();
    EmbedWork work = tally.value();
    assertThat(work.rows()).isEqualTo(4);
    assertThat(work.encoding().texts()).isEqualTo(4);
    assertThat(work.encoding().tokens())
        .isEqualTo(embedded.stream().mapToInt(row -> row.getInt(4)).sum());
    assertThat(work.encoding().batches()).isEqualTo(2);
    assertThat(work.readNanos()).isPositive();
    assertThat(work.writeNanos()).isPositive();
    assertThat(work.executors()).hasSize(1);
    assertThat(work.executors().get("driver cpu, 1 thread per run"))
        .satisfies(use -> assertThat(use.sessions()).isEqualTo(ExecutorEncoders.count()));
  }

  @Test
  void equalTextsOfAWindowCountOnce() {
    EmbedTally tally = new EmbedTally();
    TestSpark.session().sparkContext().register(tally, "embedding");
    Dataset<Row> rows = TestSpark.texts(List.of("Ja", "Nein", "Ja", "Ja"), 1);
    TinyBert.embedder().transformCounting(rows, tally).collectAsList();
    assertThat(tally.value().encoding().texts()).isEqualTo(4);
    assertThat(tally.value().encoding().distinctTexts()).isEqualTo(2);
  }

  @Test
  void nothingOfTheModelTravelsToTheExecutors() throws IOException {
    EmbedTally tally = new EmbedTally();
    TestSpark.session().sparkContext().register(tally, "embedding");
    SentenceEmbedder embedder = TinyBert.embedder();
    embedder.transform(TestSpark.texts(List.of("Hallo"), 1)).collectAsList();
    EmbedTexts function =
        new EmbedTexts(
            embedder.modelReference(),
            embedder.modelReference().open().identity(),
            embedder.encoderSettings(1),
            tally);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(function);
    }
    assertThat(bytes.size()).isLessThan(4096);
  }
}
