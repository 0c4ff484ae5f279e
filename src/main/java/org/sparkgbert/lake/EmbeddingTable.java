package org.sparkgbert.lake;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A Parquet table that spark-gbert wrote.
 *
 * @param path its directory
 * @param manifest what its run says of it
 */
public record EmbeddingTable(String path, RunManifest manifest) {

  /**
   * Opens a table by its manifest.
   *
   * @throws IllegalArgumentException if there is none, or its manifest cannot be read
   */
  public static EmbeddingTable open(String path, Configuration hadoop) {
    Path file = new Path(path, RunManifest.FILE);
    try {
      FileSystem files = file.getFileSystem(hadoop);
      if (!files.exists(new Path(path))) {
        throw new IllegalArgumentException(
            "Cannot read table %s: there is no such directory".formatted(path));
      }
      try (InputStream in = files.open(file)) {
        String json = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        return new EmbeddingTable(path, RunManifest.parse(json));
      }
    } catch (FileNotFoundException e) {
      throw new IllegalArgumentException(
          "Cannot read table %s: it has no %s, so spark-gbert did not write it"
              .formatted(path, RunManifest.FILE),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /** Its rows; a page that does not match its checksum is an error. */
  public Dataset<Row> rows(SparkSession spark) {
    return spark.read().option("parquet.page.verify-checksum.enabled", "true").parquet(path);
  }
}
