package org.sparkgbert.job;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/**
 * Files that finished tasks of dead runs left.
 *
 * @param paths their paths
 */
record LeftFiles(List<String> paths) {
  /** Those anywhere in a directory; none if it is not there. */
  static LeftFiles in(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      return new LeftFiles(files.map(Path::toString).filter(LeftFiles::isFinished).toList());
    } catch (NoSuchFileException | FileNotFoundException none) {
      return new LeftFiles(List.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isFinished(String path) {
    return path.contains("/part-") && path.endsWith(".parquet") && !path.contains("/_temporary/");
  }

  /** How many values a column has in them. */
  long distinct(SparkSession spark, String column) {
    return paths.isEmpty()
        ? 0
        : spark.read().parquet(paths.toArray(String[]::new)).select(column).distinct().count();
  }
}
