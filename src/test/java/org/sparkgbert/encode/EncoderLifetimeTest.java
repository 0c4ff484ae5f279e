package org.sparkgbert.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.sparkgbert.TinyModel;
import org.sparkgbert.tokenize.LongText;

class EncoderLifetimeTest {
  private static final int THREADS = 8;

  @Test
  void anEncoderIsNotUsedAfterItIsClosed() {
    SentenceEncoder encoder = Encoders.tiny();
    encoder.close();
    String message = "Cannot encode: the encoder of " + encoder.bundle() + " is closed";
    assertThat(message).contains("tiny-bert (revision 1, ");
    assertThatThrownBy(() -> encoder.encode(List.of("Haus")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> encoder.encodeWindow(List.of()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(message);
  }

  @Test
  void closingTwiceClosesOnce() {
    FakeRunner runner = new FakeRunner();
    SentenceEncoder encoder = Encoders.around(runner, TinyModel.settings());
    assertThat(runner.isClosed()).isFalse();
    encoder.close();
    encoder.close();
    assertThat(runner.closes()).isEqualTo(1);
  }

  @Test
  void aRealEncoderClosesTwiceAndAnotherOneOpensAfterwards() {
    SentenceEncoder encoder = Encoders.tiny();
    encoder.close();
    encoder.close();
    try (SentenceEncoder other = Encoders.tiny()) {
      assertThat(other.encode(List.of("Haus"))[0]).hasSize(TinyModel.DIMENSION);
    }
  }

  @Test
  void closeWaitsForTheCallsUnderWay() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    FakeRunner runner =
        new FakeRunner(
            () -> {
              running.countDown();
              await(mayEnd);
            });
    SentenceEncoder encoder = Encoders.around(runner, TinyModel.settings());
    FutureTask<float[][]> call = new FutureTask<>(() -> encoder.encode(List.of("Haus")));
    Thread caller = new Thread(call);
    Thread closer = new Thread(encoder::close);
    caller.start();
    running.await();
    closer.start();
    while (closer.getState() != Thread.State.WAITING
        && closer.getState() != Thread.State.TERMINATED) {
      Thread.onSpinWait();
    }
    assertThat(runner.isClosed()).isFalse();
    mayEnd.countDown();
    assertThat(call.get()[0]).isEqualTo(FakeRunner.vectorOf(Encoders.ids("Haus")));
    closer.join();
    caller.join();
    assertThat(runner.isClosed()).isTrue();
  }

  @Test
  void callsOfManyThreadsRunAtTheSameTime() throws Exception {
    CyclicBarrier allInside = new CyclicBarrier(THREADS);
    FakeRunner runner = new FakeRunner(() -> await(allInside));
    try (SentenceEncoder encoder = Encoders.around(runner, TinyModel.settings())) {
      List<float[][]> results = inParallel(() -> encoder.encode(List.of("Haus")));
      for (float[][] vectors : results) {
        assertThat(vectors[0]).isEqualTo(FakeRunner.vectorOf(Encoders.ids("Haus")));
      }
    }
    assertThat(runner.shapes).hasSize(THREADS);
  }

  @Test
  void eightThreadsShareOneEncoderAndGetTheSameBits() throws Exception {
    List<String> texts = TinyModel.texts();
    try (SentenceEncoder encoder = Encoders.tiny(TinyModel.settings(0, LongText.CUT, 600, true))) {
      float[][] expected = encoder.encode(texts);
      List<Boolean> equal =
          inParallel(
              () -> {
                boolean same = true;
                for (int round = 0; round < 10; round++) {
                  same &= Arrays.deepEquals(expected, encoder.encode(texts));
                }
                return same;
              });
      assertThat(equal).hasSize(THREADS).containsOnly(true);
    }
  }

  private static <T> List<T> inParallel(Callable<T> task) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> result : threads.invokeAll(Collections.nCopies(THREADS, task))) {
        results.add(result.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
