package org.sparkgbert.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class AtOnceTest {
  @Test
  void whatIsBegunRunsAtOnce() {
    CountDownLatch both = new CountDownLatch(2);
    try (AtOnce threads = new AtOnce(2)) {
      var one = threads.begin(() -> meet(both, 1));
      var two = threads.begin(() -> meet(both, 2));
      assertThat(one.get() + two.get()).isEqualTo(3);
    }
  }

  private static int meet(CountDownLatch both, int value) throws InterruptedException {
    both.countDown();
    both.await();
    return value;
  }

  @Test
  void anErrorIsThrownAndWhatStillRunsIsEnded() {
    AtomicBoolean ended = new AtomicBoolean();
    CountDownLatch running = new CountDownLatch(1);
    assertThatThrownBy(() -> failBeside(running, ended))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("so");
    assertThat(ended).isTrue();
  }

  private static void failBeside(CountDownLatch running, AtomicBoolean ended) {
    try (AtOnce threads = new AtOnce(2)) {
      threads.begin(
          () -> {
            try {
              running.countDown();
              return meet(new CountDownLatch(2), 1);
            } finally {
              ended.set(true);
            }
          });
      threads
          .begin(
              () -> {
                running.await();
                throw new IllegalArgumentException("so");
              })
          .get();
    }
  }
}
