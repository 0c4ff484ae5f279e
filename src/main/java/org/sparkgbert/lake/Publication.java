package org.sparkgbert.lake;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.lib.output.FileOutputCommitter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparkgbert.files.HadoopFiles;

/**
 * Makes a directory visible under its name in one step.
 *
 * <p>The new table grows in a hidden directory beside its target, {@link TablePlace}. Its manifest
 * comes last. Then one rename gives it its name; a table that was there is renamed away first, and
 * stays there for the time that {@link KeepOld} says. A run that dies between the two renames
 * leaves both tables without the name: the next run, writer or reader, sees to it before it does
 * anything else.
 *
 * <p>A run may stand still at any moment, be taken for dead, and go on. Before each rename it makes
 * sure that the lease is still its own and that nobody cleared its staging directory.
 *
 * <p>Where rows can be made of what a run left that failed or died, its staging directory stays,
 * and is renamed when the next run begins; it is deleted once a run has published the table.
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
  private final KeepOld keepOld;
  private final Unfinished unfinished;
  private final Lease lease;
  private final List<Path> kept;
  private boolean published;

  private Publication(
      TablePlace place,
      String runId,
      WriteMode mode,
      KeepOld keepOld,
      Unfinished unfinished,
      Lease lease)
      throws IOException {
    this.place = place;
    this.files = place.files();
    this.target = place.target();
    this.runId = runId;
    this.mode = mode;
    this.keepOld = keepOld;
    this.unfinished = unfinished;
    this.lease = lease;
    this.kept = new HalfSwap(place, keepOld, unfinished, lease).mend();
    place.requireFree(mode);
    deleteDue();
    HadoopFiles.write(files, mark(), runId);
  }

  /** Of the tables that earlier runs replaced, those that have stayed long enough. */
  private void deleteDue() throws IOException {
    Instant now = Instant.now();
    for (FileStatus left : place.left()) {
      Optional<Instant> replaced = TablePlace.replaced(left.getPath().getName());
      if (replaced.isPresent() && !keepOld.keeps(replaced.get(), now)) {
        lease.requireHeld();
        files.delete(left.getPath(), true);
      }
    }
  }

  /**
   * Takes the lease on a target, and repairs what a dead run left there.
   *
   * @throws IllegalArgumentException if the target exists and must not be overwritten, if it is not
   *     a table, or if another run is writing it
   */
  static Publication begin(
      String target, WriteMode mode, KeepOld keepOld, String runId, Configuration hadoop)
      throws IOException {
    return begin(target, mode, keepOld, LeaseHolder.self(runId), hadoop, Lease.EXPIRY);
  }

  /**
   * The same for a table whose rows may be made of what earlier runs left; see {@link #finished}.
   */
  static Publication resume(
      String target, WriteMode mode, KeepOld keepOld, LeaseHolder writer, Configuration hadoop)
      throws IOException {
    return begin(
        TablePlace.of(target, hadoop), mode, keepOld, Unfinished.KEEP, writer, Lease.EXPIRY);
  }

  static Publication begin(
      String target,
      WriteMode mode,
      KeepOld keepOld,
      LeaseHolder writer,
      Configuration hadoop,
      Duration expiry)
      throws IOException {
    return begin(TablePlace.of(target, hadoop), mode, keepOld, Unfinished.DELETE, writer, expiry);
  }

  static Publication begin(
      TablePlace place,
      WriteMode mode,
      KeepOld keepOld,
      Unfinished unfinished,
      LeaseHolder writer,
      Duration expiry)
      throws IOException {
    place.requireRenameable();
    place.files().mkdirs(place.work());
    try {
      Lease lease = Lease.acquire(place, writer, expiry);
      try {
        return new Publication(place, writer.runId(), mode, keepOld, unfinished, lease);
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
              + " is not atomic: a reader may see part of a table, and a run that dies may leave"
              + " one behind. A table format (--output-format iceberg or delta) publishes"
              + " atomically there.");
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

  /**
   * Gives the new table its name.
   *
   * @throws IOException if a rename fails, or another run took the lease or cleared the staging
   *     directory while this one stood still; the old table is then in its place
   */
  void commit() throws IOException {
    boolean replaces = files.exists(target);
    if (replaces) {
      place.requireFree(mode);
    }
    requireOwn(staging());
    if (!place.isComplete(staging(), runId)) {
      throw new IOException(
          "Cannot publish %s: files that its manifest lists are gone or changed"
              .formatted(staging()));
    }
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
    published = true;
    if (replaces) {
      settle(old());
    }
  }

  /**
   * What earlier runs left of this table that did not publish it, the data files of their finished
   * tasks; and where this run may leave more.
   *
   * @throws IOException if the file system fails, or another run took the lease
   */
  UnpublishedFiles unpublished(Configuration hadoop) throws IOException {
    lease.requireHeld();
    return new UnpublishedFiles(
        FinishedFiles.in(files, left(), hadoop), rows -> keep(rows, hadoop));
  }

  private FinishedFiles keep(Dataset<Row> rows, Configuration hadoop) throws IOException {
    lease.requireHeld();
    Path directory = place.left(runId + "-kept");
    rows.write()
        .mode(SaveMode.Overwrite)
        .options(VectorFiles.options(rows.schema()))
        .option(FileOutputCommitter.FILEOUTPUTCOMMITTER_ALGORITHM_VERSION, "2")
        .parquet(directory.toString());
    return FinishedFiles.in(files, List.of(directory), hadoop);
  }

  private List<Path> left() throws IOException {
    return Arrays.stream(place.left())
        .map(FileStatus::getPath)
        .filter(path -> path.getName().startsWith(TablePlace.LEFT))
        .toList();
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
  private void settle(Path old) {
    try {
      place.settle(old, keepOld);
    } catch (IOException e) {
      LOG.warn("Cannot keep or delete the replaced table {}; the next run will", old, e);
    }
  }

  /** A rename onto a directory that appeared meanwhile would have moved the table inside it. */
  private void requireOwn(Path directory) throws IOException {
    if (!place.contents().isOf(files, directory, runId)) {
      throw new IOException(
          "Cannot publish %s: another %s already exists there"
              .formatted(directory, place.contents()));
    }
  }

  /**
   * Removes what is left of the hidden directory, and releases the target. Whoever lost the lease
   * between its renames leaves both tables to the run that has it. What finished tasks wrote of a
   * table that was not published stays where it can be resumed.
   */
  @Override
  public void close() throws IOException {
    try (lease) {
      if (lease.isHeld()) {
        closeHeld();
      } else if (!files.exists(old())) {
        files.delete(staging(), true);
      }
    }
    removeIfEmpty(place);
  }

  private void closeHeld() throws IOException {
    if (published) {
      for (Path left : left()) {
        files.delete(left, true);
      }
    }
    if (unfinished == Unfinished.DELETE || !FinishedFiles.mayBeIn(files, staging())) {
      files.delete(staging(), true);
    } else {
      LOG.info("Leaving {} to the next run", staging());
    }
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
