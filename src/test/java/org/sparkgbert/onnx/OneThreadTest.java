package org.sparkgbert.onnx;

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
import org.sparkgbert.encode.FakeRunner;

class OneThreadTest {
  @Test
  void callersOfManyThreadsAreServedByOne() throws Exception {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    FakeRunner model = new FakeRunner(() -> threads.add(Thread.currentThread()));
    try (OneThread thread = new OneThread()) {
      List<FutureTask<float[]>> calls =
          IntStream.range(0, 8)
              .mapToObj(i -> new FutureTask<>(() -> run(thread, model, 2, 10 + i, 3)))
              .toList();
      calls.forEach(call -> new Thread(call).start());
      for (int i = 0; i < calls.size(); i++) {
        assertThat(calls.get(i).get()).isEqualTo(FakeRunner.vectorOf(new long[] {2, 10 + i, 3}));
      }
    }
    assertThat(threads).hasSize(1);
    Thread worker = threads.iterator().next();
    assertThat(worker.getName()).isEqualTo("spark-gbert-gpu");
    assertThat(worker.isDaemon()).isTrue();
  }

  @Test
  void aModelsFailureReachesItsCallerUnchanged() {
    FakeRunner model = new FakeRunner();
    try (OneThread thread = new OneThread()) {
      assertThatThrownBy(() -> run(thread, model, FakeRunner.POISON))
          .isInstanceOf(OnnxException.class)
          .hasMessage("Cannot encode a batch of [1, 1] tokens: poison");
      assertThat(run(thread, model, 5, 6)).isEqualTo(FakeRunner.vectorOf(new long[] {5, 6}));
    }
  }

  @Test
  void anyOtherFailureBecomesAnOnnxException() {
    FakeRunner broken =
        new FakeRunner(
            () -> {
              throw new IllegalStateException("broken");
            });
    try (OneThread thread = new OneThread()) {
      assertThatThrownBy(() -> run(thread, broken, 5))
          .isInstanceOf(OnnxException.class)
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
    try (OneThread thread = new OneThread()) {
      FutureTask<Boolean> call =
          new FutureTask<>(
              () -> {
                float[] vector = run(thread, slow, 7, 8);
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

  private static float[] run(OneThread thread, BatchRunner model, long... ids) {
    TokenMatrix matrix = new TokenMatrix();
    matrix.fill(new Batch(new int[] {0}, ids.length), List.of(ids));
    FloatBuffer embeddings = FloatBuffer.allocate(FakeRunner.DIMENSION);
    thread.run("encode a batch", () -> model.run(matrix, embeddings));
    return embeddings.array();
  }
}
