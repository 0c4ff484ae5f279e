package org.sparkgbert.lake;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparkgbert.files.HadoopFiles;

/**
 * Finishes what a run left half done that died between the two renames of its publication: its
 * table gets its name if it is complete, else the old table gets it back.
 *
 * @param place where the table stands
 * @param keepOld how long replaced tables stay
 * @param unfinished what becomes of tables that dead runs did not publish
 * @param lease held while this is done
 */
record HalfSwap(TablePlace place, KeepOld keepOld, Unfinished unfinished, Lease lease) {
  private static final Logger LOG = LoggerFactory.getLogger(HalfSwap.class);

  /** How long a reader looks again while another run is between its renames. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

  /**
   * Gives a table its name again before it is read, where a run died that was replacing it, or a
   * directory that it lies in.
   *
   * @param path what is read; what has a name is left alone
   * @throws IllegalArgumentException if a run is publishing it, or it cannot be renamed; the
   *     message says what to do
   */
  static void finishBeforeReading(String path, Configuration hadoop) {
    Path read = new Path(path);
    finishBeforeReading(HadoopFiles.of(read, hadoop), read, Contents.TABLE);
  }

  /** The same for other contents. */
  static void finishBeforeReading(FileSystem files, Path path, Contents contents) {
    try {
      for (Path at = files.makeQualified(path);
          at.getParent() != null && !files.exists(at);
          at = at.getParent()) {
        TablePlace place = TablePlace.of(files, at, contents);
        if (isHalfDone(place)) {
          finish(place);
        }
      }
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "Cannot read %s: a run died while it replaced it, and cannot be finished here, %s; let a user who may write there read it, or rename what lies beside it in a directory .NAME.publish"
              .formatted(path, e.getMessage()),
          e);
    }
  }

  private static boolean isHalfDone(TablePlace place) throws IOException {
    return !place.exists()
        && Arrays.stream(place.left())
            .anyMatch(left -> left.getPath().getName().startsWith(TablePlace.OLD));
  }

  /** A run that lives is between its renames for a moment only; so is another reader. */
  private static void finish(TablePlace place) throws IOException {
    Instant latest = Instant.now().plus(PATIENCE);
    for (int look = 0; isHalfDone(place); look++) {
      LeaseHolder reader = LeaseHolder.self(Lease.READER + UUID.randomUUID());
      try (Lease lease = Lease.acquire(place, reader, Lease.EXPIRY)) {
        new HalfSwap(place, KeepOld.FOREVER, Unfinished.KEEP, lease).mend();
        return;
      } catch (IllegalArgumentException beingWritten) {
        if (Instant.now().isAfter(latest)) {
          throw new IllegalArgumentException(
              "Cannot read %s: another run is replacing it; read it when that run has ended"
                  .formatted(place.target()),
              beingWritten);
        }
      }
      pause(place, look);
    }
  }

  /** Two that refused each other must not meet again. */
  private static void pause(TablePlace place, int look) {
    long most = FIRST_PAUSE.toMillis() << Math.min(look, 3);
    Pause.of(
        Duration.ofMillis(ThreadLocalRandom.current().nextLong(most)),
        "Cannot read %s: interrupted".formatted(place.target()));
  }

  /**
   * Gives the target its name, and clears what dead runs left.
   *
   * @return replaced tables that stay, since what replaced them is not in their place
   * @throws IOException if a rename fails, or another run took the lease
   */
  List<Path> mend() throws IOException {
    for (FileStatus left : place.left()) {
      String name = left.getPath().getName();
      if (name.startsWith(TablePlace.OLD) && !place.exists()) {
        LOG.warn("A run died while it published {}; finishing its work", place.target());
        finish(name.substring(TablePlace.OLD.length()));
      }
    }
    List<Path> kept = new ArrayList<>();
    for (FileStatus left : place.left()) {
      String name = left.getPath().getName();
      if (name.startsWith(TablePlace.NEW)) {
        leave(left.getPath(), name.substring(TablePlace.NEW.length()));
      } else if (name.startsWith(TablePlace.LEFT) && unfinished == Unfinished.DELETE) {
        delete(left.getPath());
      } else if (name.startsWith(TablePlace.OLD)) {
        if (place.isComplete(place.target(), name.substring(TablePlace.OLD.length()))) {
          lease.requireHeld();
          place.settle(left.getPath(), keepOld);
        } else {
          kept.add(left.getPath());
        }
      }
    }
    return kept;
  }

  private void finish(String runId) throws IOException {
    Path next = place.staging(runId);
    boolean forward = place.isComplete(next, runId);
    if (forward) {
      place.files().delete(new Path(next, Publication.MARK), false);
    }
    lease.requireHeld();
    place.rename(forward ? next : place.old(runId), place.target());
  }

  /** Under its new name it is out of reach of its run, should that only have stood still. */
  private void leave(Path staging, String runId) throws IOException {
    if (unfinished == Unfinished.KEEP && FinishedFiles.mayBeIn(place.files(), staging)) {
      lease.requireHeld();
      place.rename(staging, place.left(runId));
    } else {
      delete(staging);
    }
  }

  private void delete(Path left) throws IOException {
    lease.requireHeld();
    place.files().delete(left, true);
  }
}
