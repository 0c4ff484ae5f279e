package org.sparkgbert.lake;

import java.util.List;
import org.sparkgbert.files.HadoopFiles;
import org.sparkgbert.settings.Settings;

/**
 * A table to write.
 *
 * @param path its directory, or its name if the format has named tables
 * @param format {@code parquet}, or another of Spark's data sources
 * @param mode what happens to an existing table
 * @param keepOld how long a replaced table stays; for Parquet
 * @param partitionBy columns to partition by, possibly none
 * @param maxFailedShare share of rows that may fail, from 0 to 1; if more fail, nothing is written
 */
public record TableTarget(
    String path,
    String format,
    WriteMode mode,
    KeepOld keepOld,
    List<String> partitionBy,
    double maxFailedShare) {
  public TableTarget {
    path = HadoopFiles.unambiguous(path);
  }

  /** Reads the settings of {@link OutputOptions}. */
  public static TableTarget of(Settings settings) {
    return new TableTarget(
        settings.get(OutputOptions.OUTPUT),
        settings.get(OutputOptions.OUTPUT_FORMAT),
        settings.get(OutputOptions.MODE),
        settings.get(OutputOptions.KEEP_OLD),
        settings.get(OutputOptions.PARTITION_BY),
        settings.get(OutputOptions.MAX_FAILED));
  }

  /** The same with another mode. */
  public TableTarget withMode(WriteMode other) {
    return new TableTarget(path, format, other, keepOld, partitionBy, maxFailedShare);
  }

  /** Whether it is a directory of Parquet files. */
  public boolean isParquet() {
    return format.equalsIgnoreCase("parquet");
  }

  /** Whether it is at a path, and not in the catalog under a name. */
  public boolean hasPath() {
    return isParquet() || path.contains("/") || path.contains(":");
  }
}
