package org.sparkgbert.lake;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.commons.lang3.concurrent.BasicThreadFactory;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparkgbert.files.HadoopFiles;

/**
 * A run's lease on a table, which makes it the only writer, on any file system that lists a file
 * once it is written.
 *
 * <p>A writer puts down its lease, then looks for those of others, and gives up if one of them is
 * alive; so of two that come at once at most one goes on. The lease is renewed every few seconds:
 * one that stands still belongs to a dead process. On the writer's own machine the process table
 * tells at once. A process that only stood still finds its lease gone when it goes on: a lease that
 * is lost is never taken up again.
 *
 * <p><b>Ownership:</b> owns its file and the thread that renews it.
 */
public final class Lease implements AutoCloseable {
  /** How often a lease is renewed. */
  static final Duration HEARTBEAT = Duration.ofSeconds(5);

  /** How long a lease from another machine must stand still to count as expired. */
  static final Duration EXPIRY = HEARTBEAT.multipliedBy(3);

  /** No run is taken for dead within this time of its last sign of life. */
  private static final Duration SAFE = HEARTBEAT.multipliedBy(2);

  /** How often a writer looks whether a reader has done, and the time between. */
  private static final int LOOKS = 20;

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

  /** What the name of a lease's file begins with; the run's id follows. */
  static final String PREFIX = "claim-";

  /** What the ids of readers begin with, which hold a lease for two renames only. */
  static final String READER = "reader-";

  private static final Logger LOG = LoggerFactory.getLogger(Lease.class);

  private final FileSystem files;
  private final Path file;
  private final LeaseHolder holder;
  private final ScheduledExecutorService heart;
  private boolean lost;

  private Lease(FileSystem files, Path file, LeaseHolder holder) throws IOException {
    this.files = files;
    this.file = file;
    this.holder = holder;
    writeFirst();
    this.heart =
        Executors.newSingleThreadScheduledExecutor(
            BasicThreadFactory.builder().namingPattern("spark-gbert-lease").daemon().build());
    var beat =
        heart.scheduleAtFixedRate(
            this::renew, HEARTBEAT.toMillis(), HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS);
    if (beat.isCancelled()) {
      throw new IllegalStateException("Cannot renew lease " + file);
    }
  }

  /**
   * Takes the lease on a table.
   *
   * @param directory where the leases on the table lie
   * @param holder this process
   * @param expiry how long a lease from another machine must stand still to count as expired
   * @throws IllegalArgumentException if a living process holds it
   * @throws IOException if the file system fails, or this process stood still meanwhile and another
   *     took the lease
   */
  static Lease acquire(FileSystem files, Path directory, LeaseHolder holder, Duration expiry)
      throws IOException {
    return acquire(files, directory, holder, expiry, Contents.TABLE.toString());
  }

  /**
   * Takes the lease on something that is no table.
   *
   * @param directory where the leases on it lie; it is made if it is missing
   * @param runId the run
   * @param what what it is, as in "Cannot write cache articles"
   * @throws IllegalArgumentException if a living process holds it
   * @throws UncheckedIOException if the file system fails
   */
  public static Lease take(Path directory, String runId, String what, Configuration hadoop) {
    FileSystem files = HadoopFiles.of(directory, hadoop);
    try {
      files.mkdirs(directory);
      return acquire(files, directory, LeaseHolder.self(runId), EXPIRY, what);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot take the lease on %s: %s".formatted(what, e.getMessage()), e);
    }
  }

  /** Takes the lease on a directory that nobody else but a successor wants. */
  static Lease onOwn(FileSystem files, Path directory, LeaseHolder holder) throws IOException {
    return new Lease(files, new Path(directory, PREFIX + holder.runId()), holder);
  }

  /** The same for a place of any contents. */
  static Lease acquire(TablePlace place, LeaseHolder holder, Duration expiry) throws IOException {
    return acquire(place.files(), place.work(), holder, expiry, place.contents().toString());
  }

  private static Lease acquire(
      FileSystem files, Path directory, LeaseHolder holder, Duration expiry, String contents)
      throws IOException {
    Lease lease = new Lease(files, new Path(directory, PREFIX + holder.runId()), holder);
    try {
      lease.refuseIfContested(directory, expiry, contents);
      lease.requireHeld();
      return lease;
    } catch (IOException | RuntimeException e) {
      lease.close();
      throw e;
    }
  }

  private void refuseIfContested(Path directory, Duration expiry, String contents)
      throws IOException {
    for (FileStatus other : files.listStatus(directory)) {
      String name = other.getPath().getName();
      if (!name.startsWith(PREFIX) || name.equals(file.getName())) {
        continue;
      }
      if (name.startsWith(PREFIX + READER) && isGoneSoon(other.getPath())) {
        continue;
      }
      Optional<LeaseHolder> writer = readWhole(other.getPath());
      if (writer.isEmpty() && !files.exists(other.getPath())) {
        continue;
      }
      if (writer.flatMap(LeaseHolder::isAlive).orElseGet(() -> beats(other, expiry))) {
        throw new IllegalArgumentException(
            "Cannot write %s: another run is writing it, %s; wait until it ends"
                .formatted(
                    contents,
                    writer.map(LeaseHolder::toString).orElse(other.getPath().toString())));
      }
      LOG.info("Removing the lease of a dead run, {}", other.getPath());
      files.delete(other.getPath(), false);
    }
  }

  /** Of two readers, none waits for the other. */
  private boolean isGoneSoon(Path reader) throws IOException {
    boolean isThere = files.exists(reader);
    for (int look = 0; isThere && look < LOOKS && !holder.runId().startsWith(READER); look++) {
      sleep(BETWEEN_LOOKS);
      isThere = files.exists(reader);
    }
    return !isThere;
  }

  private static void sleep(Duration time) {
    Pause.of(time, "Cannot take the lease on the table: interrupted");
  }

  /** A lease that is being written is whole in a moment. */
  private Optional<LeaseHolder> readWhole(Path lease) throws IOException {
    Optional<LeaseHolder> found = read(lease);
    for (int look = 0; found.isEmpty() && look < LOOKS / 4 && files.exists(lease); look++) {
      sleep(BETWEEN_LOOKS);
      found = read(lease);
    }
    return found;
  }

  private Optional<LeaseHolder> read(Path lease) throws IOException {
    try (InputStream in = files.open(lease)) {
      return LeaseHolder.parse(in.readAllBytes());
    } catch (FileNotFoundException | ChecksumException goneOrTorn) {
      return Optional.empty();
    }
  }

  private boolean beats(FileStatus lease, Duration expiry) {
    sleep(expiry);
    try {
      return files.getFileStatus(lease.getPath()).getModificationTime()
          != lease.getModificationTime();
    } catch (FileNotFoundException gone) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot look at lease " + lease.getPath(), e);
    }
  }

  /**
   * Whether nobody took the lease.
   *
   * @throws IOException if the file system does not tell
   */
  synchronized boolean isHeld() throws IOException {
    lost = lost || !isOnDisk();
    return !lost;
  }

  /**
   * @throws LostException if another run took the lease, or deleted what it is on
   * @throws IOException if the file system does not tell
   */
  public void requireHeld() throws IOException {
    if (!isHeld()) {
      throw new LostException(
          "another run took the lease while this one stood still, %s is gone".formatted(file));
    }
  }

  /** The lease is no longer there. */
  static final class LostException extends IOException {
    private static final long serialVersionUID = 1L;

    LostException(String message) {
      super(message);
    }
  }

  private boolean isOnDisk() throws IOException {
    try (InputStream in = files.open(file)) {
      return Arrays.equals(in.readAllBytes(), holder.toJson());
    } catch (FileNotFoundException gone) {
      return false;
    }
  }

  private synchronized void renew() {
    try {
      Instant looked = Instant.now();
      if (isHeld()) {
        write();
        forgetIfStoodStillSince(looked);
      }
    } catch (IOException e) {
      LOG.warn("Cannot renew lease {}: {}", file, e.toString());
    }
  }

  /** Whoever stood still between looking and writing may have put back what another took away. */
  private void forgetIfStoodStillSince(Instant looked) throws IOException {
    if (Duration.between(looked, Instant.now()).compareTo(SAFE) >= 0) {
      lost = true;
      files.delete(file, false);
    }
  }

  /** Half a lease would have the next run wait for its beat. */
  private void writeFirst() throws IOException {
    try {
      write();
    } catch (IOException e) {
      files.delete(file, false);
      throw e;
    }
  }

  private void write() throws IOException {
    try (OutputStream out = files.create(file, true)) {
      out.write(holder.toJson());
    }
  }

  /** Releases the table. */
  @Override
  public void close() throws IOException {
    heart.shutdown();
    try {
      heart.awaitTermination(HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    files.delete(file, false);
  }
}
