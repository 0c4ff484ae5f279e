package org.sparkgbert.corpus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.DataSource;
import org.sparkgbert.files.HadoopFiles;

/**
 * Paths as users write them: what is there is itself, whatever its name; anything else is a glob.
 */
public final class InputPaths {
  private static final Pattern GLOB_CHARACTER = Pattern.compile("[{}\\[\\]*?\\\\]");

  private InputPaths() {}

  /**
   * Reads one path as it is, whatever characters its name has. Of several paths of which one looks
   * like a glob, Spark would read the others twice then.
   */
  public static DataFrameReader literally(SparkSession spark) {
    return spark.read().option(DataSource.GLOB_PATHS_KEY(), "false");
  }

  /** A path as a glob that matches nothing else. */
  private static String asGlob(Path path) {
    return GLOB_CHARACTER.matcher(path.toString()).replaceAll("\\\\$0");
  }

  /**
   * Reads files and directories.
   *
   * @param paths as users write them; of what is not there, Spark says so
   */
  static Dataset<Row> load(DataFrameReader reader, List<String> paths, Configuration hadoop) {
    List<Path> found = new ArrayList<>();
    List<String> globs = new ArrayList<>();
    for (String path : paths) {
      List<Path> there = find(path, hadoop);
      found.addAll(there);
      globs.addAll(
          there.isEmpty() ? List.of(path) : there.stream().map(InputPaths::asGlob).toList());
    }
    return found.size() == 1 && globs.size() == 1
        ? reader.option(DataSource.GLOB_PATHS_KEY(), "false").load(found.get(0).toString())
        : reader.load(globs.toArray(String[]::new));
  }

  /**
   * Finds what a path or glob names.
   *
   * @return files and directories with their whole paths; none if nothing is there
   * @throws UncheckedIOException if the file system fails
   */
  public static List<Path> find(String path, Configuration hadoop) {
    Path named = new Path(path);
    FileSystem files = HadoopFiles.of(named, hadoop);
    if (HadoopFiles.exists(named, hadoop)) {
      return List.of(files.makeQualified(named));
    }
    try {
      FileStatus[] matches = files.globStatus(named);
      return matches == null ? List.of() : Arrays.stream(matches).map(FileStatus::getPath).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + path + ": " + e.getMessage(), e);
    }
  }
}
