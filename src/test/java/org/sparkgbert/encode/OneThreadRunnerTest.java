package org.sparkgbert.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.sparkgbert.batch.Batch;
import org.sparkgbert.batch.TokenMatrix;

class OneThreadRunnerTest {
  @Test
  void callersOfManyThreadsAreServedByOne() throws Exception {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    try (OneThreadRunner runner =
        new OneThreadRunner(new FakeRunner(() -> threads.add(Thread.currentThread())))) {
      List<FutureTask<float[]>> calls =
          IntStream.range(0, 8)
              .mapToObj(i -> new FutureTask<>(() -> run(runner, 2, 10 + i, 3)))
              .toList();
      calls.forEach(call -> new Thread(call).start());
      for (int i = 0; i < calls.size(); i++) {
        assertThat(calls.get(i).get()).isEqualTo(FakeRunner.vectorOf(new long[] {2, 10 + i, 3}));
      }
      assertThat(runner.dimension()).isEqualTo(FakeRunner.DIMENSION);
    }
    assertThat(threads).hasSize(1);
    Thread worker = threads.iterator().next();
    assertThat(worker.getName()).isEqualTo("spark-gbert-gpu");
    assertThat(worker.isDaemon()).isTrue();
  }

  @Test
  void aModelsFailureReachesItsCallerUnchanged() {
    try (OneThreadRunner runner = new OneThreadRunner(new FakeRunner())) {
      assertThatThrownBy(() -> run(runner, FakeRunner.POISON))
          .isInstanceOf(EncodingException.class)
          .hasMessage("Cannot encode a batch of [1, 1] tokens: poison");
      assertThat(run(runner, 5, 6)).isEqualTo(FakeRunner.vectorOf(new long[] {5, 6}));
    }
  }

  @Test
  void anyOtherFailureBecomesAnEncodingException() {
    FakeRunner broken =
        new FakeRunner(
            () -> {
              throw new IllegalStateException("broken");
            });
    try (OneThreadRunner runner = new OneThreadRunner(broken)) {
      assertThatThrownBy(() -> run(runner, 5))
          .isInstanceOf(EncodingException.class)
          .hasMessage("Cannot encode a batch: java.lang.IllegalStateException: broken")
          .hasCauseInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void anInterruptedCallerWaitsForItsBuffersAndStaysInterrupted() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    FakeRunner slow =
        new FakeRunner(
            () -> {
              running.countDown();
              try {
                mayEnd.await();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    try (OneThreadRunner runner = new OneThreadRunner(slow)) {
      FutureTask<Boolean> call =
          new FutureTask<>(
              () -> {
                float[] vector = run(runner, 7, 8);
                assertThat(vector).isEqualTo(FakeRunner.vectorOf(new long[] {7, 8}));
                return Thread.currentThread().isInterrupted();
              });
      Thread caller = new Thread(call);
      caller.start();
      running.await();
      caller.interrupt();
      while (caller.isInterrupted() && caller.isAlive()) {
        Thread.onSpinWait();
      }
      assertThat(call.isDone()).isFalse();
      mayEnd.countDown();
      assertThat(call.get()).isTrue();
    }
  }

  @Test
  void closingItClosesTheModel() {
    FakeRunner model = new FakeRunner();
    new OneThreadRunner(model).close();
    assertThat(model.closes()).isEqualTo(1);
  }

  private static float[] run(BatchRunner runner, long... ids) {
    TokenMatrix matrix = new TokenMatrix();
    matrix.fill(new Batch(new int[] {0}, ids.length), List.of(ids));
    FloatBuffer embeddings = FloatBuffer.allocate(FakeRunner.DIMENSION);
    runner.run(matrix, embeddings);
    return embeddings.array();
  }
}
