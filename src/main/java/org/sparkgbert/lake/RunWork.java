package org.sparkgbert.lake;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparkgbert.files.HadoopFiles;

/**
 * A run's own directory of unfinished work, {@code run-RUN}, beside those of other runs. Runs that
 * are alive leave each other alone; what a dead one left is renamed into the directory of the next.
 *
 * <p><b>Ownership:</b> owns its directory until {@link #close}, which leaves it for the next run
 * unless the work is finished.
 */
public final class RunWork implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunWork.class);

  private static final String RUN = "run-";
  private static final String TAKEN = "taken-";

  private final FileSystem files;
  private final Path directory;
  private final Lease lease;
  private final List<Path> takenOver;
  private boolean finished;

  private RunWork(FileSystem files, Path directory, Lease lease, List<Path> takenOver) {
    this.files = files;
    this.directory = directory;
    this.lease = lease;
    this.takenOver = takenOver;
  }

  /**
   * Makes a run's directory, and takes over what dead runs left.
   *
   * @param root directory of all runs; it is made if it is missing, and goes with the last of them
   * @throws UncheckedIOException if the file system fails
   */
  public static RunWork begin(Path root, String runId, Configuration hadoop) {
    FileSystem files = HadoopFiles.of(root, hadoop);
    Path directory = new Path(files.makeQualified(root), RUN + runId);
    try {
      files.mkdirs(directory);
      LeaseHolder self = LeaseHolder.self(runId);
      Lease lease = Lease.onOwn(files, directory, self);
      try {
        return new RunWork(files, directory, lease, takeOver(files, directory, self));
      } catch (IOException | RuntimeException e) {
        lease.close();
        throw e;
      }
    } catch (IOException e) {
      deleteIfEmpty(files, directory);
      throw failed(directory, e);
    }
  }

  private static List<Path> takeOver(FileSystem files, Path own, LeaseHolder self)
      throws IOException {
    List<Path> taken = new ArrayList<>();
    for (FileStatus other : files.listStatus(own.getParent())) {
      String name = other.getPath().getName();
      if (other.isDirectory() && name.startsWith(RUN) && !name.equals(own.getName())) {
        taken.addAll(takeOver(files, other, own, self));
      }
    }
    return taken;
  }

  private static List<Path> takeOver(FileSystem files, FileStatus found, Path own, LeaseHolder self)
      throws IOException {
    List<Path> taken = new ArrayList<>();
    Path other = found.getPath();
    if (isEmpty(files, other)) {
      if (isOld(found)) {
        deleteIfEmpty(files, other);
      }
      return taken;
    }
    try (Lease dead = Lease.acquire(files, other, self, Lease.EXPIRY)) {
      for (FileStatus left : files.listStatus(other)) {
        if (left.isDirectory()) {
          Path place = new Path(own, TAKEN + UUID.randomUUID() + "-" + kind(left.getPath()));
          dead.requireHeld();
          if (files.rename(left.getPath(), place)) {
            taken.add(place);
          }
        }
      }
      dead.requireHeld();
      files.delete(other, true);
    } catch (IOException e) {
      // Some file systems have errors of their own for a directory that goes meanwhile.
      if (!(e instanceof Lease.LostException) && files.exists(other)) {
        throw e;
      }
      LOG.info("{} was finished or taken over meanwhile: {}", other, e.getMessage());
    } catch (IllegalArgumentException alive) {
      LOG.info("Leaving {}: {}", other, alive.getMessage());
    }
    return taken;
  }

  /** What a directory is for, however often it was taken over. */
  private static String kind(Path directory) {
    String name = directory.getName();
    return name.substring(name.lastIndexOf('-') + 1);
  }

  /** Whether it is that of a run that begins at this very moment, or has just ended. */
  private static boolean isEmpty(FileSystem files, Path directory) throws IOException {
    try {
      return files.listStatus(directory).length == 0;
    } catch (FileNotFoundException gone) {
      return true;
    }
  }

  /** Whether a run that made it would have a lease by now. */
  private static boolean isOld(FileStatus directory) {
    Instant made = Instant.ofEpochMilli(directory.getModificationTime());
    return made.isBefore(Instant.now().minus(Lease.EXPIRY.multipliedBy(20)));
  }

  /** The run's directory. */
  public Path directory() {
    return directory;
  }

  /** Directories inside it with what dead runs left; their names end with those that they had. */
  public List<Path> takenOver() {
    return takenOver;
  }

  /** Says that nothing in the directory is needed any more. */
  public void finish() {
    finished = true;
  }

  /** Releases the directory, and deletes it if the work is finished. */
  @Override
  public void close() {
    try {
      lease.close();
      if (finished || files.listStatus(directory).length == 0) {
        files.delete(directory, true);
        deleteIfEmpty(files, directory.getParent());
        deleteIfEmpty(files, directory.getParent().getParent());
      }
    } catch (IOException e) {
      throw failed(directory, e);
    }
  }

  /** Another run may be about to use it. */
  private static void deleteIfEmpty(FileSystem files, Path directory) {
    try {
      if (files.listStatus(directory).length == 0) {
        files.delete(directory, false);
      }
    } catch (IOException e) {
      LOG.info("Leaving {}: {}", directory, e.toString());
    }
  }

  private static UncheckedIOException failed(Path directory, IOException e) {
    return new UncheckedIOException(
        "Cannot keep unfinished work in %s: %s".formatted(directory, e.getMessage()), e);
  }
}
