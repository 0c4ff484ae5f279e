package org.sparkgbert.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.sparkgbert.files.HadoopFiles;

/**
 * Where a table or bundle stands, and the hidden directory beside it, {@code .NAME.publish}, on the
 * same file system. In it the one that run RUN makes grows as {@code new-RUN}, and the one that it
 * replaces waits as {@code old-RUN}, and stays as {@code kept-TIME-RUN} once it is replaced. What a
 * run left that did not publish its table becomes {@code left-RUN} when the next one begins; {@code
 * left-RUN-kept} is what it wrote beside its table.
 *
 * @param files the file system
 * @param target its directory; it is no link
 * @param contents what it is
 */
record TablePlace(FileSystem files, Path target, Contents contents) {
  /** Name of the directory of a table that is not published yet; the run's id follows. */
  static final String NEW = "new-";

  /** Name of the directory of a table that is being replaced; the run's id follows. */
  static final String OLD = "old-";

  /** Name of the directory of a replaced table; when it was replaced and the run's id follow. */
  static final String KEPT = "kept-";

  /** Name of the directory with what a run left that did not publish; the run's id follows. */
  static final String LEFT = "left-";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final Pattern KEPT_NAME = Pattern.compile(KEPT + "(\\d{8}T\\d{6}Z)-.*");

  private static final Set<String> ATOMIC_RENAME =
      Set.of("file", "hdfs", "viewfs", "abfs", "abfss");

  /**
   * The place of a table, where links lead.
   *
   * @throws IllegalArgumentException if it is a root
   */
  static TablePlace of(String table, Configuration hadoop) {
    Path path = new Path(table);
    return of(HadoopFiles.of(path, hadoop), path, Contents.TABLE);
  }

  /** The same for other contents. */
  static TablePlace of(FileSystem files, Path path, Contents contents) {
    Path target = files.makeQualified(path);
    if (target.getParent() == null) {
      throw new IllegalArgumentException(
          "Cannot write %s: %s is a root".formatted(contents, target));
    }
    try {
      return new TablePlace(
          files, LocalFiles.isLocal(files) ? LocalFiles.follow(target) : target, contents);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot follow the link %s: %s".formatted(target, e.getMessage()), e);
    }
  }

  /** The hidden directory. */
  Path work() {
    return child(target.getParent(), "." + target.getName() + ".publish");
  }

  /** Where the new table of a run grows. */
  Path staging(String runId) {
    return child(work(), NEW + runId);
  }

  /** Where the table waits that a run replaces. */
  Path old(String runId) {
    return child(work(), OLD + runId);
  }

  /** Where that stays which a run left that did not publish. */
  Path left(String runId) {
    return child(work(), LEFT + runId);
  }

  /**
   * Keeps or deletes a table that was replaced just now.
   *
   * @param old where it waits
   * @throws IOException if the file system refuses
   */
  void settle(Path old, KeepOld keepOld) throws IOException {
    if (keepOld.keeps()) {
      String run = old.getName().substring(OLD.length());
      rename(old, child(work(), KEPT + TIME.format(Instant.now()) + "-" + run));
    } else if (!files.delete(old, true)) {
      throw new IOException("the file system refused to delete " + old);
    }
  }

  /** When a table was replaced; empty for another name than that of a replaced table. */
  static Optional<Instant> replaced(String name) {
    Matcher kept = KEPT_NAME.matcher(name);
    return kept.matches()
        ? Optional.of(TIME.parse(kept.group(1), Instant::from))
        : Optional.empty();
  }

  /** A name may hold a colon, which Hadoop takes for the end of a scheme. */
  private static Path child(Path parent, String name) {
    return new Path(parent, new Path(null, null, name));
  }

  boolean exists() throws IOException {
    return files.exists(target);
  }

  /** Whether a rename on this file system happens at once or not at all. */
  boolean isAtomic() {
    return ATOMIC_RENAME.contains(files.getUri().getScheme());
  }

  /**
   * Renames a directory; on the local disk in one step or not at all.
   *
   * @throws IOException if the file system refuses
   */
  void rename(Path from, Path to) throws IOException {
    if (LocalFiles.isLocal(files)) {
      LocalFiles.move(from, to);
    } else if (!files.rename(from, to)) {
      throw new IOException("Cannot rename %s to %s: the file system refused".formatted(from, to));
    }
  }

  /**
   * Finds out what would make the last rename fail, before work is spent.
   *
   * @throws IllegalArgumentException if the table's directory cannot be renamed
   */
  void requireRenameable() {
    if (LocalFiles.isLocal(files) && LocalFiles.isMountPoint(target)) {
      throw new IllegalArgumentException(
          "Cannot write %s: %s is a mount point, which no other directory can replace; choose a directory inside it"
              .formatted(contents, target));
    }
  }

  /**
   * Whether what a run made stands somewhere whole.
   *
   * @param directory where it should be
   */
  boolean isComplete(Path directory, String runId) throws IOException {
    return contents.isComplete(files, directory, runId);
  }

  /**
   * @throws IllegalArgumentException if something has the name, and must not be overwritten
   */
  void requireFree(WriteMode mode) throws IOException {
    if (!exists()) {
      return;
    }
    switch (mode) {
      case ERROR ->
          throw new IllegalArgumentException(
              "Cannot write %s: %s exists; choose another output or --mode overwrite"
                  .formatted(contents, target));
      case OVERWRITE -> contents.requireReplaceable(files, target);
    }
  }

  /** What lies in the hidden directory; nothing if there is none. */
  FileStatus[] left() throws IOException {
    return files.exists(work()) ? files.listStatus(work()) : new FileStatus[0];
  }
}
