package org.sparkgbert.lake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** The run {@code new}, killed on the {@link FaultyFileSystem} before one of its changes. */
final class KilledRun {
  /** More than a run changes. */
  static final int MOST_STEPS = 100;

  private KilledRun() {}

  /** A killed run does nothing any more, so neither its cleaning nor its heart reaches the disk. */
  private static final class Killed extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /** What a run does. */
  @FunctionalInterface
  interface Run {
    void publish(LeaseHolder self) throws IOException;
  }

  /**
   * Kills a run before its change with this number.
   *
   * @return false if the run did not live to its end
   */
  static boolean at(int step, Run run) throws IOException {
    AtomicInteger steps = new AtomicInteger();
    FaultyFileSystem.follow(
        change -> {
          if (steps.getAndIncrement() >= step) {
            throw new Killed();
          }
          return true;
        });
    try {
      run.publish(LeaseHolder.self("new"));
    } catch (IOException killed) {
      // Its process is gone; what counts is what it left.
    }
    boolean finished = steps.get() <= step;
    FaultyFileSystem.heal();
    return finished;
  }

  /**
   * Says so in its lease: the process that runs this test is alive, unlike the one whose death it
   * plays.
   *
   * @param work the hidden directory beside the run's target
   */
  static void markDead(Path work) throws IOException {
    Path lease = work.resolve(Lease.PREFIX + "new");
    if (Files.exists(lease) && Files.size(lease) > 0) {
      LeaseHolder self = LeaseHolder.self("new");
      Files.write(
          lease,
          new LeaseHolder(
                  "new", self.host(), self.processSpace(), self.pid(), "earlier", self.since())
              .toJson());
    }
  }
}
