package org.sparkgbert.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delta.exceptions.MetadataChangedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.junit.jupiter.api.Test;
import org.sparkgbert.action.Progress;

class CommitRetryTest {
  private static final CommitRetry THREE =
      new CommitRetry(3, Duration.ofMillis(2), Duration.ofMillis(4));

  private final AtomicInteger attempts = new AtomicInteger();
  private final List<String> notes = new ArrayList<>();
  private final Progress progress =
      new Progress() {
        @Override
        public void note(String line) {
          notes.add(line);
        }
      };

  private void run(int losing, RuntimeException loss) {
    THREE.run(
        "merge into table t",
        () -> {
          if (attempts.incrementAndGet() <= losing) {
            throw loss;
          }
        },
        progress);
  }

  @Test
  void aCommitThatLostIsRepeated() {
    run(2, new ValidationException("Found conflicting files"));
    assertThat(attempts).hasValue(3);
    assertThat(notes)
        .containsExactly(
            "Another writer committed first; trying again to merge into table t (2 of 3)",
            "Another writer committed first; trying again to merge into table t (3 of 3)");
  }

  @Test
  void conflictsOfDeltaAndThoseInsideOthersAreKnown() {
    run(1, new MetadataChangedException("[DELTA_METADATA_CHANGED] it changed"));
    run(1, new IllegalStateException("Writing failed", new CommitFailedException("stale")));
    assertThat(attempts).hasValue(3);
  }

  @Test
  void itGivesUpAndSaysWhy() {
    assertThatThrownBy(() -> run(9, new CommitFailedException("Version 7 exists")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot merge into table t: other writers committed first, 3 times in a row; run it"
                + " again when there are fewer: Version 7 exists");
    assertThat(attempts).hasValue(3);
  }

  @Test
  void otherErrorsAreThrownAtOnce() {
    assertThatThrownBy(() -> run(9, new IllegalStateException("disk full")))
        .hasMessage("disk full");
    assertThat(attempts).hasValue(1);
    assertThat(notes).isEmpty();
  }
}
