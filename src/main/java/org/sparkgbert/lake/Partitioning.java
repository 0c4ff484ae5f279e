package org.sparkgbert.lake;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.corpus.Corpus;
import org.sparkgbert.settings.Setting;
import org.sparkgbert.settings.Settings;

/**
 * How rows are divided among the tasks that encode them, and among the files of the table.
 *
 * @param partitions {@code auto}, {@code keep} or a number of tasks
 * @param files files of the table, 0 for one per task
 * @param targetFileSize target size of a file in bytes, 0 for none
 */
public record Partitioning(String partitions, int files, long targetFileSize) {
  /** Tasks that encode. */
  public static final Setting<String> PARTITIONS =
      Setting.text("partitions", "auto")
          .matching("auto|keep|[1-9]\\d{0,6}", "must be auto, keep or a positive number")
          .label("N")
          .meaning(
              "Number of tasks that encode: auto (at least two per core), keep (as Spark reads the"
                  + " corpus, which keeps the order of rows), or a number.");

  private static final int TASKS_PER_CORE = 2;

  /**
   * @throws IllegalArgumentException if a value is invalid
   */
  public Partitioning {
    PARTITIONS.require(partitions);
    if (files > 0 && targetFileSize > 0) {
      throw new IllegalArgumentException(
          "Cannot run: give --files or --target-file-size, found both");
    }
  }

  /**
   * Reads the settings of tasks and files.
   *
   * @throws IllegalArgumentException if they exclude each other
   */
  public static Partitioning of(Settings settings) {
    return new Partitioning(
        settings.get(PARTITIONS),
        settings.get(OutputOptions.FILES),
        settings.get(OutputOptions.TARGET_FILE_SIZE));
  }

  /** Divides the corpus among tasks. Text is small, so moving it costs little. */
  public Dataset<Row> overTasks(Dataset<Row> corpus) {
    boolean asRead =
        partitions.equals("keep")
            || (partitions.equals("auto") && corpus.rdd().getNumPartitions() >= wanted(corpus));
    return asRead ? corpus : corpus.repartition(tasks(corpus));
  }

  /** Among how many tasks {@link #overTasks} divides a corpus. */
  public int tasks(Dataset<Row> corpus) {
    return switch (partitions) {
      case "keep" -> corpus.rdd().getNumPartitions();
      case "auto" -> Math.max(wanted(corpus), corpus.rdd().getNumPartitions());
      default -> Integer.parseInt(partitions);
    };
  }

  private static int wanted(Dataset<Row> rows) {
    return tasks(rows.sparkSession());
  }

  /** As many tasks as keep all cores busy until the end, if each has much to do: two per core. */
  public static int tasks(SparkSession spark) {
    return TASKS_PER_CORE * spark.sparkContext().defaultParallelism();
  }

  /** Divides rows that come out of a shuffle, and so have no order to keep. */
  public Dataset<Row> overNewTasks(Dataset<Row> rows) {
    return partitions.matches("\\d+")
        ? rows.repartition(Integer.parseInt(partitions))
        : rows.repartition(wanted(rows));
  }

  /**
   * Divides the table among files, after encoding, so that few files do not mean few encoding
   * tasks.
   *
   * @param corpus what the table's rows come from
   * @param dimension length of an embedding
   * @param partitionBy columns that the table is partitioned by; equal values then go to one task,
   *     so that not every task writes a file for every value
   */
  public Dataset<Row> overFiles(
      Dataset<Row> table, Corpus corpus, int dimension, List<String> partitionBy) {
    if (files > 0) {
      return divide(table, files, partitionBy);
    }
    if (targetFileSize > 0) {
      long rows = corpus.count().orElseGet(() -> corpus.rows().count());
      long wanted =
          Math.max(1, Math.round((double) rows * rowBytes(table, dimension) / targetFileSize));
      return divide(table, Math.toIntExact(wanted), partitionBy);
    }
    return table;
  }

  private static Dataset<Row> divide(Dataset<Row> table, int tasks, List<String> partitionBy) {
    return partitionBy.isEmpty()
        ? table.repartition(tasks)
        : table.repartition(tasks, ColumnNames.columns(partitionBy));
  }

  /** Vectors do not compress; for other columns, a guess by type has to do. */
  private static long rowBytes(Dataset<Row> table, int dimension) {
    return Arrays.stream(table.schema().fields())
        .mapToLong(
            field ->
                field.dataType() instanceof ArrayType array && isElement(array.elementType())
                    ? (long) dimension * array.elementType().defaultSize()
                    : field.dataType().defaultSize())
        .sum();
  }

  private static boolean isElement(DataType type) {
    return type.equals(DataTypes.FloatType) || type.equals(DataTypes.ByteType);
  }
}
