package org.sparkgbert.lake;

import java.util.List;
import org.sparkgbert.settings.Setting;

/** Settings for the table that an action writes; {@link TableTarget#of} reads them. */
public final class OutputOptions {
  /** Where the table is. */
  public static final Setting<String> OUTPUT =
      Setting.required("output")
          .label("TABLE")
          .meaning("Table to write: a directory, or a name in the catalog for other formats.");

  /** What it is written as. */
  public static final Setting<String> OUTPUT_FORMAT =
      Setting.text("output-format", "parquet")
          .label("NAME")
          .meaning("parquet, or a table format through Spark's writer: iceberg, delta, ...");

  /** What happens if it exists. */
  public static final Setting<WriteMode> MODE =
      Setting.choice("mode", WriteMode.ERROR)
          .meaning("error or overwrite: what happens if the table exists.");

  /** What happens to the table that was there. */
  public static final Setting<KeepOld> KEEP_OLD =
      Setting.of("keep-old", KeepOld.TYPE, KeepOld.NEXT_RUN)
          .label("TIME")
          .meaning(
              "How long a replaced Parquet table stays in the directory .NAME.publish beside the new"
                  + " one: none, next-run (the next run that writes the table deletes it), or"
                  + " next-run and at least 30m, 6h, 7d.");

  /** Columns that it is partitioned by. */
  public static final Setting<List<String>> PARTITION_BY =
      Setting.names("partition-by").meaning("Columns to partition the table by.");

  /** Number of its files. */
  public static final Setting<Integer> FILES =
      Setting.integer("files", 0)
          .atLeast(0)
          .label("N")
          .meaning("Number of files of the table; 0 for one per task. At least 0.");

  /** Size of its files. */
  public static final Setting<Long> TARGET_FILE_SIZE =
      Setting.size("target-file-size")
          .meaning("Target size of a file, such as 256m, instead of --files; 0 for none.");

  /** Share of rows that may fail. */
  public static final Setting<Double> MAX_FAILED =
      Setting.number("max-failed", "0.001")
          .share()
          .label("SHARE")
          .meaning("Share of rows that may fail; if more fail, nothing is written. From 0 to 1.");

  /** All but {@link #MAX_FAILED}, which belongs to those of models. */
  public static final List<Setting<?>> TABLE =
      List.of(OUTPUT, OUTPUT_FORMAT, MODE, KEEP_OLD, PARTITION_BY, FILES, TARGET_FILE_SIZE);

  private OutputOptions() {}
}
