package org.sparkgbert.corpus;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.GlobExpander;
import org.apache.hadoop.fs.GlobFilter;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.DataSource;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.files.HadoopFiles;

/**
 * Paths as users write them: what is there is itself, whatever its name; anything else is a glob.
 */
public final class InputPaths {
  private static final Pattern ESCAPED = Pattern.compile("\\\\(.)");
  private static final Pattern ASKS_FOR_HIDDEN = Pattern.compile("\\\\?[_.].*|[{\\[].*");

  /** Parquet readers compare pages with their checksums only when this is set. */
  static final Map<String, String> VERIFY_PAGES =
      Map.of("parquet.page.verify-checksum.enabled", "true");

  private InputPaths() {}

  /** Reads one path as it is, whatever characters its name has. */
  public static DataFrameReader literally(SparkSession spark) {
    return spark.read().option(DataSource.GLOB_PATHS_KEY(), "false");
  }

  /** The same with a schema, if there is one. */
  public static DataFrameReader literally(SparkSession spark, Optional<StructType> schema) {
    DataFrameReader reader = literally(spark);
    return schema.isPresent() ? reader.schema(schema.get()) : reader;
  }

  /** The same for Parquet, where a page that does not match its checksum is an error. */
  public static DataFrameReader verified(SparkSession spark, Optional<StructType> schema) {
    return literally(spark, schema).options(VERIFY_PAGES);
  }

  /**
   * Finds what a path or glob names. A wildcard stands for no hidden name, such as {@code
   * _SUCCESS}.
   *
   * @return files and directories with their whole paths, in the order of their names; none if
   *     nothing is there
   * @throws IllegalArgumentException if it is neither there nor a glob
   * @throws UncheckedIOException if the file system fails
   */
  public static List<Path> find(String path, Configuration hadoop) {
    Path named = new Path(HadoopFiles.unambiguous(path));
    if (HadoopFiles.exists(named, hadoop)) {
      return List.of(HadoopFiles.of(named, hadoop).makeQualified(named));
    }
    TreeSet<Path> found = new TreeSet<>();
    try {
      // Braces that hold slashes cannot be matched name by name.
      for (String pattern : GlobExpander.expand(named.toString())) {
        Path whole = new Path(pattern);
        FileSystem files = HadoopFiles.of(whole, hadoop);
        found.addAll(glob(files.makeQualified(whole), files));
      }
    } catch (IOException e) {
      if (e.getMessage() != null && e.getMessage().startsWith("Illegal file pattern")) {
        throw new IllegalArgumentException(
            "Cannot read %s: there is no such path, and it is no glob: %s"
                .formatted(path, SparkErrors.oneLine(e)),
            e);
      }
      throw new UncheckedIOException("Cannot list " + path + ": " + e.getMessage(), e);
    }
    return List.copyOf(found);
  }

  /** Hadoop's own way fails where any name in a listed directory has a colon. */
  private static List<Path> glob(Path pattern, FileSystem files) throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path directory : directories(pattern.getParent(), files)) {
      Optional<GlobFilter> filter = filter(pattern);
      if (filter.isEmpty()) {
        Path child = child(directory, literal(pattern.getName()));
        if (files.exists(child)) {
          found.add(child);
        }
        continue;
      }
      boolean hiddenToo = ASKS_FOR_HIDDEN.matcher(pattern.getName()).matches();
      for (FileStatus child : list(directory, files)) {
        boolean visible = hiddenToo || !ParquetFiles.isHidden(child.getPath().getName());
        if (visible && filter.get().accept(child.getPath())) {
          found.add(child.getPath());
        }
      }
    }
    return found;
  }

  private static List<Path> directories(Path pattern, FileSystem files) throws IOException {
    if (pattern == null) {
      return List.of();
    }
    for (Path part = pattern; part.getParent() != null; part = part.getParent()) {
      if (filter(part).isPresent()) {
        return glob(pattern, files);
      }
    }
    return List.of(
        new Path(
            pattern.toUri().getScheme(),
            pattern.toUri().getAuthority(),
            literal(pattern.toUri().getPath())));
  }

  /** What the last name of a path matches; empty if it has no wildcard. */
  private static Optional<GlobFilter> filter(Path pattern) throws IOException {
    GlobFilter filter = new GlobFilter(pattern.getName());
    return filter.hasPattern() ? Optional.of(filter) : Optional.empty();
  }

  private static String literal(String pattern) {
    return ESCAPED.matcher(pattern).replaceAll("$1");
  }

  /** A name may hold a colon, which Hadoop takes for the end of a scheme. */
  private static Path child(Path directory, String name) {
    return new Path(directory, new Path(null, null, name));
  }

  /** What a directory holds; nothing if it is a file or is not there. */
  private static List<FileStatus> list(Path directory, FileSystem files) throws IOException {
    try {
      List<FileStatus> children = List.of(files.listStatus(directory));
      boolean isFile = children.size() == 1 && children.get(0).getPath().equals(directory);
      return isFile ? List.of() : children;
    } catch (FileNotFoundException e) {
      return List.of();
    }
  }
}
