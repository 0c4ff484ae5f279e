package org.sparkgbert.job;

import static org.sparkgbert.job.OptionChecks.named;

import java.util.ArrayList;
import java.util.List;
import org.sparkgbert.lake.TableTarget;
import org.sparkgbert.lake.WriteMode;
import picocli.CommandLine.Option;

/** Settings of the table that a job writes: name, default, range and meaning of each. */
final class OutputOptions {
  @Option(
      names = "--output",
      required = true,
      paramLabel = "TABLE",
      description = "Table to write: a directory, or a name in the catalog for other formats.")
  String output;

  @Option(
      names = "--output-format",
      defaultValue = "parquet",
      paramLabel = "NAME",
      description = "parquet, or a table format through Spark's writer: iceberg, delta, ...")
  String outputFormat;

  @Option(
      names = "--mode",
      defaultValue = "error",
      description = "error or overwrite: what happens if the table exists.")
  WriteMode mode;

  @Option(
      names = "--partition-by",
      split = ",",
      paramLabel = "NAMES",
      description = "Columns to partition the table by.")
  List<String> partitionBy = new ArrayList<>();

  @Option(
      names = "--files",
      defaultValue = "0",
      paramLabel = "N",
      description = "Files of the table; 0 for one per task. At least 0.")
  int files;

  @Option(
      names = "--target-file-size",
      defaultValue = "0",
      paramLabel = "SIZE",
      description = "Size to aim at for files, such as 256m, in place of --files; 0 for none.")
  String targetFileSize;

  /**
   * The table to write.
   *
   * @param maxFailed share of rows that may fail
   */
  TableTarget target(double maxFailed) {
    return new TableTarget(named("--output", output), outputFormat, mode, partitionBy, maxFailed);
  }
}
