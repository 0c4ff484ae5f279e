package org.sparkgbert.lake;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run's claim to be the only writer of a table, on any file system that lists what it wrote.
 *
 * <p>A writer puts down its claim, then looks for those of others, and gives up if one of them is
 * alive; so of two that come at once at most one goes on. The claim is written anew every few
 * seconds: one that stands still belongs to a dead process. On the writer's own machine the process
 * table tells at once.
 *
 * <p><b>Ownership:</b> owns its file and the thread that renews it.
 */
final class Claim implements AutoCloseable {
  /** How often a claim is written anew. */
  static final Duration HEARTBEAT = Duration.ofSeconds(5);

  static final String PREFIX = "claim-";

  private static final Logger LOG = LoggerFactory.getLogger(Claim.class);

  private final FileSystem files;
  private final Path file;
  private final ClaimOwner owner;
  private final ScheduledExecutorService heart;

  private Claim(FileSystem files, Path file, ClaimOwner owner) throws IOException {
    this.files = files;
    this.file = file;
    this.owner = owner;
    writeFirst();
    this.heart =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "spark-gbert-claim");
              thread.setDaemon(true);
              return thread;
            });
    var beat =
        heart.scheduleAtFixedRate(
            this::renew, HEARTBEAT.toMillis(), HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS);
    if (beat.isCancelled()) {
      throw new IllegalStateException("Cannot renew claim " + file);
    }
  }

  /**
   * Claims a table.
   *
   * @param directory where the claims on the table lie
   * @param patience how long a claim from another machine must stand still to count as dead
   * @throws IllegalArgumentException if a living process claims it
   */
  static Claim make(FileSystem files, Path directory, String runId, Duration patience)
      throws IOException {
    Claim claim = new Claim(files, new Path(directory, PREFIX + runId), ClaimOwner.self(runId));
    try {
      claim.refuseIfContested(directory, patience);
      return claim;
    } catch (IOException | RuntimeException e) {
      claim.close();
      throw e;
    }
  }

  private void refuseIfContested(Path directory, Duration patience) throws IOException {
    for (FileStatus other : files.listStatus(directory)) {
      String name = other.getPath().getName();
      if (!name.startsWith(PREFIX) || name.equals(file.getName())) {
        continue;
      }
      Optional<ClaimOwner> writer = read(other.getPath());
      if (writer.flatMap(ClaimOwner::isAlive).orElseGet(() -> beats(other, patience))) {
        throw new IllegalArgumentException(
            "Cannot write table: another run is writing it, %s; wait until it ends"
                .formatted(writer.map(ClaimOwner::toString).orElse(other.getPath().toString())));
      }
      LOG.info("Removing the claim of a dead run, {}", other.getPath());
      files.delete(other.getPath(), false);
    }
  }

  private Optional<ClaimOwner> read(Path claim) throws IOException {
    try (InputStream in = files.open(claim)) {
      return ClaimOwner.parse(in.readAllBytes());
    } catch (FileNotFoundException | ChecksumException goneOrTorn) {
      return Optional.empty();
    }
  }

  private boolean beats(FileStatus claim, Duration patience) {
    try {
      TimeUnit.MILLISECONDS.sleep(patience.toMillis());
      return files.getFileStatus(claim.getPath()).getModificationTime()
          != claim.getModificationTime();
    } catch (FileNotFoundException gone) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot look at claim " + claim.getPath(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Cannot claim table: interrupted", e);
    }
  }

  private void renew() {
    try {
      write();
    } catch (IOException e) {
      LOG.warn("Cannot renew claim {}: {}", file, e.toString());
    }
  }

  /** Half a claim would have the next run wait for its beat. */
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
      out.write(owner.toJson());
    }
  }

  /** Gives the table free. */
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
