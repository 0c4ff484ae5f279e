package org.sparkgbert.lake;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparkgbert.files.HadoopFiles;

/**
 * Makes a directory visible under its name in one step.
 *
 * <p>The new table grows in a hidden directory beside its target, {@link TablePlace}. Its manifest
 * comes last. Then one rename gives it its name; a table that was there is renamed away first, and
 * deleted after. A run that dies between the two renames leaves both tables without the name: the
 * next run, writer or reader, sees to it before it does anything else.
 *
 * <p>A run may stand still at any moment, be taken for dead, and go on. Before each rename it makes
 * sure that the lease is still its own and that nobody cleared its staging directory.
 *
 * <p><b>Ownership:</b> owns the hidden directory until {@link #close}.
 */
final class Publication implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Publication.class);

  /** File in the staging directory until it is published; readers of tables do not see its name. */
  static final String MARK = "_unpublished";

  private final TablePlace place;
  private final FileSystem files;
  private final Path target;
  private final String runId;
  private final WriteMode mode;
  private final Lease lease;
  private final List<Path> kept;

  private Publication(TablePlace place, String runId, WriteMode mode, Lease lease)
      throws IOException {
    this.place = place;
    this.files = place.files();
    this.target = place.target();
    this.runId = runId;
    this.mode = mode;
    this.lease = lease;
    this.kept = new HalfSwap(place, lease).mend();
    requireFree();
    HadoopFiles.write(files, mark(), runId);
  }

  /**
   * Takes the lease on a target, and repairs what a dead run left there.
   *
   * @throws IllegalArgumentException if the target exists and must not be overwritten, if it is not
   *     a table, or if another run is writing it
   */
  static Publication begin(String target, WriteMode mode, String runId, Configuration hadoop)
      throws IOException {
    return begin(target, mode, LeaseHolder.self(runId), hadoop, Lease.EXPIRY);
  }

  static Publication begin(
      String target, WriteMode mode, LeaseHolder writer, Configuration hadoop, Duration expiry)
      throws IOException {
    TablePlace place = TablePlace.of(target, hadoop);
    place.requireRenameable();
    place.files().mkdirs(place.work());
    try {
      Lease lease = Lease.acquire(place.files(), place.work(), writer, expiry);
      try {
        return new Publication(place, writer.runId(), mode, lease);
      } catch (IOException | RuntimeException e) {
        place.files().delete(place.staging(writer.runId()), true);
        lease.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      removeIfEmpty(place);
      throw e;
    }
  }

  /** Whether a rename on this file system is atomic. */
  boolean isAtomic() {
    return place.isAtomic();
  }

  /** What users should know of this file system and of what lies there; empty for nothing. */
  String warning() {
    List<String> warnings = new ArrayList<>();
    if (!isAtomic()) {
      warnings.add(
          "A rename on "
              + files.getUri().getScheme()
              + " is not atomic: a reader may see part of a table, and a run that dies may leave one"
              + " behind. A table format (--output-format iceberg or delta) publishes atomically there.");
    }
    for (Path table : kept) {
      warnings.add(
          "An earlier table stays in "
              + table
              + ": the run that replaced it died, and its table was not found whole. Delete it if"
              + " it is not needed.");
    }
    return String.join(" ", warnings);
  }

  /** Where the new table grows. */
  Path staging() {
    return place.staging(runId);
  }

  /** Whoever takes the lease clears the staging directory; if it grows again, this is not there. */
  private Path mark() {
    return new Path(staging(), MARK);
  }

  /** The file system of target and staging. */
  FileSystem files() {
    return files;
  }

  private void requireFree() throws IOException {
    if (!files.exists(target)) {
      return;
    }
    switch (mode) {
      case ERROR ->
          throw new IllegalArgumentException(
              "Cannot write table: %s exists; choose another output or --mode overwrite"
                  .formatted(target));
      case OVERWRITE -> requireTable();
    }
  }

  /** Overwriting deletes, so what is overwritten has to look like a table. */
  private void requireTable() throws IOException {
    if (files.getFileStatus(target).isFile()) {
      throw new IllegalArgumentException(
          "Cannot overwrite %s: it is a file, not a table".formatted(target));
    }
    List<String> parts = parts();
    for (FileStatus child : files.listStatus(target)) {
      String name = child.getPath().getName();
      boolean ofTable =
          parts.contains(name)
              || name.startsWith("_")
              || name.startsWith(".")
              || (child.isDirectory() ? name.contains("=") : name.endsWith(".parquet"));
      if (!ofTable) {
        throw new IllegalArgumentException(
            "Cannot overwrite %s: it is not a Parquet table, found %s".formatted(target, name));
      }
    }
  }

  /** What a run of spark-gbert put there besides data files. */
  private List<String> parts() throws IOException {
    if (!files.exists(new Path(target, RunManifest.FILE))) {
      return List.of();
    }
    try {
      return manifest(target).parts();
    } catch (IllegalArgumentException e) {
      LOG.warn("Cannot tell the parts of {}: {}", target, e.getMessage());
      return List.of();
    }
  }

  /**
   * Gives the new table its name.
   *
   * @throws IOException if a rename fails, or another run took the lease or cleared the staging
   *     directory while this one stood still; the old table is then in its place
   */
  void commit() throws IOException {
    boolean replaces = files.exists(target);
    if (replaces) {
      requireFree();
    }
    requireOwn(staging());
    try {
      if (replaces) {
        lease.requireHeld();
        requireMark(files.exists(mark()));
        place.rename(target, old());
      }
      lease.requireHeld();
      requireMark(files.delete(mark(), false));
      place.rename(staging(), target);
      requireOwn(target);
    } catch (IOException | RuntimeException e) {
      undo(e);
      throw e;
    }
    if (replaces) {
      deleteReplaced(old());
    }
  }

  private Path old() {
    return place.old(runId);
  }

  private void requireMark(boolean isThere) throws IOException {
    if (!isThere) {
      throw new IOException(
          "another run cleared %s while this one stood still".formatted(staging()));
    }
  }

  /** Whoever lost the lease still puts back what it took away. */
  private void undo(Exception failure) {
    try {
      if (files.exists(target)) {
        files.delete(new Path(target, staging().getName()), true);
      } else if (files.exists(old())) {
        place.rename(old(), target);
      }
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /** The new table is already visible, so a failure here does not fail the run. */
  private void deleteReplaced(Path old) {
    try {
      if (files.delete(old, true)) {
        return;
      }
      LOG.warn("Cannot delete the table that was replaced, {}; the next run will", old);
    } catch (IOException e) {
      LOG.warn("Cannot delete the table that was replaced, {}; the next run will", old, e);
    }
  }

  /** A rename onto a directory that appeared meanwhile would have moved the table inside it. */
  private void requireOwn(Path table) throws IOException {
    if (!manifest(table).runId().equals(runId)) {
      throw new IOException(
          "Cannot publish %s: another table already exists there".formatted(table));
    }
  }

  private RunManifest manifest(Path table) throws IOException {
    return RunManifest.read(files, new Path(table, RunManifest.FILE));
  }

  /**
   * Removes what is left of the hidden directory, and releases the target. Whoever lost the lease
   * between its renames leaves both tables to the run that has it.
   */
  @Override
  public void close() throws IOException {
    try (lease) {
      if (lease.isHeld() || !files.exists(old())) {
        files.delete(staging(), true);
      }
    }
    removeIfEmpty(place);
  }

  /** An empty hidden directory harms nobody, and another run may be about to use it. */
  private static void removeIfEmpty(TablePlace place) {
    try {
      if (place.left().length == 0) {
        place.files().delete(place.work(), false);
      }
    } catch (IOException e) {
      LOG.info("Leaving {}: {}", place.work(), e.toString());
    }
  }
}
