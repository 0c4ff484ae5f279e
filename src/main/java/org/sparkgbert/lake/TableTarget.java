package org.sparkgbert.lake;

import java.util.List;
import org.sparkgbert.settings.Settings;

/**
 * A table to write.
 *
 * @param path its directory, or its name if the format has named tables
 * @param format {@code parquet}, or another of Spark's data sources
 * @param mode what happens to an existing table
 * @param partitionBy columns to partition by, possibly none
 * @param maxFailedShare share of rows that may fail, from 0 to 1; if more fail, nothing is written
 */
public record TableTarget(
    String path, String format, WriteMode mode, List<String> partitionBy, double maxFailedShare) {

  /** Reads the settings of {@link OutputOptions}. */
  public static TableTarget of(Settings settings) {
    return new TableTarget(
        settings.get(OutputOptions.OUTPUT),
        settings.get(OutputOptions.OUTPUT_FORMAT),
        settings.get(OutputOptions.MODE),
        settings.get(OutputOptions.PARTITION_BY),
        settings.get(OutputOptions.MAX_FAILED));
  }

  boolean isParquet() {
    return format.equalsIgnoreCase("parquet");
  }

  /** Whether it is at a path, and not in the catalog under a name. */
  boolean hasPath() {
    return isParquet() || path.contains("/") || path.contains(":");
  }
}
