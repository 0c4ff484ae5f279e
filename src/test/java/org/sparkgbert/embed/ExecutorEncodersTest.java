package org.sparkgbert.embed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.sparkgbert.TestSpark;
import org.sparkgbert.encode.EncoderOptions;
import org.sparkgbert.encode.EncoderSettings;
import org.sparkgbert.encode.SentenceEncoder;

class ExecutorEncodersTest {
  private static final int TASKS = 8;

  private static ModelReference tinyBert() {
    return new ModelReference(TinyBert.directory().toString(), "");
  }

  /** Settings that no other test uses, so that their session is new. */
  private static SentenceEmbedder withBudget(int budget) {
    return TinyBert.embedder().set(EncoderOptions.TOKEN_BUDGET, budget);
  }

  @Test
  void eightTasksAtOnceShareOneSession() throws Exception {
    EncoderSettings settings = withBudget(9_001).encoderSettings(1);
    int before = ExecutorEncoders.count();
    CyclicBarrier start = new CyclicBarrier(TASKS);
    ExecutorService threads = Executors.newFixedThreadPool(TASKS);
    try {
      List<Future<SentenceEncoder>> encoders = new ArrayList<>();
      for (int i = 0; i < TASKS; i++) {
        encoders.add(
            threads.submit(
                () -> {
                  start.await();
                  return ExecutorEncoders.shared(tinyBert(), settings);
                }));
      }
      SentenceEncoder first = encoders.get(0).get();
      for (Future<SentenceEncoder> encoder : encoders) {
        assertThat(encoder.get()).isSameAs(first);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(ExecutorEncoders.count()).isEqualTo(before + 1);
  }

  @Test
  void theTasksOfAllJobsShareOneSession() {
    int before = ExecutorEncoders.count();
    List<String> texts = IntStream.range(0, 80).mapToObj(i -> "Satz " + i).toList();
    Dataset<Row> rows = TestSpark.texts(texts, TASKS);
    assertThat(withBudget(9_002).transform(rows).collectAsList()).hasSize(80);
    assertThat(withBudget(9_002).transform(rows).collectAsList()).hasSize(80);
    assertThat(ExecutorEncoders.count()).isEqualTo(before + 1);
  }

  @Test
  void otherSettingsHaveTheirOwn() {
    SentenceEncoder one = ExecutorEncoders.shared(tinyBert(), withBudget(9_003).encoderSettings(1));
    SentenceEncoder other =
        ExecutorEncoders.shared(tinyBert(), withBudget(9_004).encoderSettings(1));
    assertThat(one).isNotSameAs(other);
  }
}
