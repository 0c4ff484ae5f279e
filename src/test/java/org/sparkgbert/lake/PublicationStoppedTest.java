package org.sparkgbert.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Stops a writer before each change that it makes on disk, lets a second one that cannot see its
 * process take over, and then lets the first go on as if nothing had been.
 */
class PublicationStoppedTest {
  /** More than a run changes. */
  private static final int MOST_STEPS = 100;

  private static final Duration EXPIRY = Duration.ofMillis(1);

  @TempDir Path folder;

  /**
   * One encounter of two writers.
   *
   * @param target the table that both write
   * @param step before which change the first stops
   * @param secondEnds whether the second is through when the first goes on
   */
  private static final class Encounter {
    private final Path target;
    private final int step;
    private final boolean secondEnds;
    private final AtomicInteger steps = new AtomicInteger();
    private boolean firstHadClaim;
    private boolean firstHadPublished;
    private boolean firstSucceeded;
    private Publication second;

    Encounter(Path target, int step, boolean secondEnds) {
      this.target = target;
      this.step = step;
      this.secondEnds = secondEnds;
    }

    void play() throws IOException {
      FaultyFileSystem.follow(this::stop);
      try (Publication first =
          Publication.begin(
              "faulty:" + target,
              WriteMode.OVERWRITE,
              KeepOld.NONE,
              elsewhere("first"),
              FaultyFileSystem.configuration(),
              EXPIRY)) {
        FakeTable.write(first.files(), first.staging(), "first");
        first.commit();
        firstSucceeded = true;
      } catch (IOException | IllegalArgumentException refused) {
        assertThat(firstSucceeded && !firstHadPublished).isFalse();
      }
      FaultyFileSystem.heal();
      if (second != null && !secondEnds) {
        end();
      }
    }

    boolean stopped() {
      return second != null;
    }

    private boolean stop(FaultyFileSystem.Step change) throws IOException {
      if (second == null) {
        Path claim = target.resolveSibling(".table.publish").resolve(Lease.PREFIX + "first");
        firstHadClaim |= Files.exists(claim);
      }
      if (steps.getAndIncrement() == step) {
        firstHadPublished = Files.exists(target) && FakeTable.runOf(target).equals("first");
        second =
            Publication.begin(
                target.toString(),
                WriteMode.OVERWRITE,
                KeepOld.NONE,
                LeaseHolder.self("second"),
                new Configuration(),
                EXPIRY);
        FakeTable.write(second.files(), second.staging(), "second");
        if (secondEnds) {
          end();
        }
      }
      return true;
    }

    private void end() throws IOException {
      try (Publication ending = second) {
        ending.commit();
      }
    }

    /** It was first in name only if it had not even come in when the second was through. */
    private String lastWriter() {
      return secondEnds && !firstHadClaim ? "first" : "second";
    }
  }

  @AfterEach
  void heal() {
    FaultyFileSystem.heal();
  }

  @ParameterizedTest
  @CsvSource({"true, true", "true, false", "false, true", "false, false"})
  void whereverAWriterStoodStillTheOtherOnesTableStays(boolean replaces, boolean secondEnds)
      throws IOException {
    int published = 0;
    for (int step = 0; step < MOST_STEPS; step++) {
      Path lake = Files.createDirectory(folder.resolve("lake-" + step));
      Path target = lake.resolve("table");
      if (replaces) {
        FakeTable.write(target, "old");
      }
      Encounter encounter = new Encounter(target, step, secondEnds);
      encounter.play();
      if (!encounter.stopped()) {
        assertThat(FakeTable.runOf(target)).isEqualTo("first");
        break;
      }
      String when = "the first stood still before step " + step;
      assertThat(FakeTable.runOf(target)).as(when).isEqualTo(encounter.lastWriter());
      assertThat(FakeTable.visible(lake)).as(when).containsExactly("table");
      if (encounter.firstHadClaim) {
        assertThat(encounter.firstSucceeded).as(when).isEqualTo(encounter.firstHadPublished);
      }
      published += encounter.firstHadPublished ? 1 : 0;
    }
    assertThat(published).as("moments after publication").isPositive();
  }

  /** A process of which this machine cannot tell whether it lives. */
  private static LeaseHolder elsewhere(String runId) {
    return new LeaseHolder(runId, "elsewhere.example", "", 1, "then", "then");
  }
}
