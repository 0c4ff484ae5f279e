package org.sparkgbert.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparkgbert.files.HadoopFiles;

/**
 * A directory of several tables and files that become visible together, by one rename.
 *
 * <p><b>Ownership:</b> owns the hidden directory in which they grow until {@link #close}.
 *
 * <p><b>Threads:</b> different parts can be written at once. The manifest lists parts in the order
 * in which they were first named.
 */
public final class ResultDirectory implements AutoCloseable {
  private final SparkSession spark;
  private final TableTarget target;
  private final RunInfo run;
  private final Publication publication;
  private final List<String> parts = Collections.synchronizedList(new ArrayList<>());
  private final Map<String, Long> rows = new ConcurrentHashMap<>();

  private ResultDirectory(
      SparkSession spark, TableTarget target, RunInfo run, Publication publication) {
    this.spark = spark;
    this.target = target;
    this.run = run;
    this.publication = publication;
  }

  /**
   * Takes the lease on a directory.
   *
   * @param target the directory, in Parquet and without partitions
   * @throws IllegalArgumentException if it exists and must not be overwritten, or another run is
   *     writing it
   */
  public static ResultDirectory begin(SparkSession spark, TableTarget target, RunInfo run) {
    try {
      return new ResultDirectory(
          spark,
          target,
          run,
          Publication.begin(
              target.path(),
              target.mode(),
              target.keepOld(),
              run.runId(),
              spark.sessionState().newHadoopConf()));
    } catch (IOException e) {
      throw cannotWrite(target.path(), e);
    }
  }

  /**
   * Writes a table with that name; it can be read at once, by {@link #path}. The one that was named
   * first has the rows of the input.
   */
  public WrittenTable table(String name, Dataset<Row> table, List<StatusColumn> statuses) {
    return table(name, table, OptionalLong.empty(), statuses);
  }

  /**
   * The same for a table of which it is known how many rows it must have.
   *
   * @throws IllegalStateException if there are others
   */
  public WrittenTable table(
      String name, Dataset<Row> table, OptionalLong expected, List<StatusColumn> statuses) {
    try {
      WrittenTable written =
          new StagedTable(publication.files(), part(name), target, run, statuses, Unfinished.DELETE)
              .write(table, expected, Optional.empty());
      rows.put(name, written.rows());
      return written;
    } catch (IOException e) {
      throw cannotWrite(target.path() + "/" + name, e);
    }
  }

  /** Writes a file with that name, in UTF-8. */
  public void file(String name, String text) {
    try {
      HadoopFiles.write(publication.files(), part(name), text);
    } catch (IOException e) {
      throw cannotWrite(target.path() + "/" + name, e);
    }
  }

  /** Where a part is, or where the caller should write it, until the directory is published. */
  public String path(String name) {
    return part(name).toString();
  }

  private Path part(String name) {
    synchronized (parts) {
      if (!parts.contains(name)) {
        parts.add(name);
      }
    }
    return new Path(publication.staging(), name);
  }

  /**
   * Gives the directory its name.
   *
   * @return what users of this file system should know, empty otherwise
   */
  public String publish() {
    Map<String, Long> rowsByPart = new LinkedHashMap<>();
    parts.stream().filter(rows::containsKey).forEach(part -> rowsByPart.put(part, rows.get(part)));
    RunManifest manifest = RunManifest.ofParts(run, spark.version(), parts, rowsByPart);
    file(RunManifest.FILE, manifest.toJson());
    try {
      publication.commit();
    } catch (IOException e) {
      throw cannotWrite(target.path(), e);
    }
    return publication.warning();
  }

  private static UncheckedIOException cannotWrite(String path, IOException e) {
    return new UncheckedIOException("Cannot write %s: %s".formatted(path, e.getMessage()), e);
  }

  /** Removes what was not published, and releases the directory. */
  @Override
  public void close() {
    try {
      publication.close();
    } catch (IOException e) {
      throw cannotWrite(target.path(), e);
    }
  }
}
