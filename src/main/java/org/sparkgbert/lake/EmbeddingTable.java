package org.sparkgbert.lake;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparkgbert.corpus.InputPaths;
import org.sparkgbert.corpus.WholeReads;
import org.sparkgbert.files.HadoopFiles;

/**
 * A Parquet table that spark-gbert wrote.
 *
 * @param path its directory
 * @param manifest manifest of the run that wrote it
 */
public record EmbeddingTable(String path, RunManifest manifest) {

  /**
   * Opens a table by its manifest; what a run that died left half done is finished first.
   *
   * @throws IllegalArgumentException if there is none, or its manifest cannot be read
   */
  public static EmbeddingTable open(String path, Configuration hadoop) {
    finishSwap(path, hadoop);
    if (!HadoopFiles.exists(new Path(path), hadoop)) {
      throw new IllegalArgumentException(
          "Cannot read table %s: there is no such directory".formatted(path));
    }
    return HadoopFiles.readText(new Path(path, RunManifest.FILE), hadoop)
        .map(json -> new EmbeddingTable(path, RunManifest.parse(json)))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Cannot read table %s: it has no %s, so spark-gbert did not write it"
                        .formatted(path, RunManifest.FILE)));
  }

  /**
   * Finishes what a run left half done that died while it replaced a table; nothing happens to a
   * path that leads to something.
   *
   * @throws IllegalArgumentException if another run is replacing it, or it cannot be finished; the
   *     message says what to do
   */
  public static void finishSwap(String path, Configuration hadoop) {
    HalfSwap.finishBeforeReading(path, hadoop);
  }

  /**
   * Its rows; a page that does not match its checksum is an error.
   *
   * @throws IllegalArgumentException if a setting of the session leaves out rows without a word
   */
  public Dataset<Row> rows(SparkSession spark) {
    WholeReads.require(spark);
    return InputPaths.literally(spark)
        .option("parquet.page.verify-checksum.enabled", "true")
        .parquet(path);
  }
}
