package org.sparkgbert.lake;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.CollectionAccumulator;

/**
 * The rows of each file that tasks write, as the tasks counted them. Only tasks that succeeded
 * count, each once, so what lies in the directory afterwards has to agree.
 *
 * <p><b>Ownership:</b> {@link CountedParquet} finds the tally by its id until {@link #close}.
 */
final class WriteTally implements AutoCloseable {
  private static final Map<String, CollectionAccumulator<FileRows>> OPEN =
      new ConcurrentHashMap<>();

  private final String id = UUID.randomUUID().toString();
  private final CollectionAccumulator<FileRows> counts;

  /**
   * A file that a task wrote.
   *
   * @param path where the task wrote it, before it was committed
   * @param rows its rows
   */
  record FileRows(String path, long rows) implements Serializable {}

  private WriteTally(CollectionAccumulator<FileRows> counts) {
    this.counts = counts;
    OPEN.put(id, counts);
  }

  /** A new tally that a session's tasks may add to. */
  static WriteTally registered(SparkSession spark) {
    return new WriteTally(spark.sparkContext().collectionAccumulator("spark-gbert files"));
  }

  /** Names this tally in the options of a write. */
  String id() {
    return id;
  }

  static CollectionAccumulator<FileRows> rowsOf(String id) {
    return OPEN.get(id);
  }

  /**
   * Rows by file.
   *
   * @param partitionColumns how many directories stand between the table and a file
   * @return paths relative to the table
   */
  Map<String, Long> byFile(int partitionColumns) {
    Map<String, Long> rows = new TreeMap<>();
    for (FileRows file : counts.value()) {
      rows.merge(relative(new Path(file.path()), partitionColumns), file.rows(), Long::sum);
    }
    return rows;
  }

  private static String relative(Path file, int directories) {
    String name = file.getName();
    return directories == 0 ? name : relative(file.getParent(), directories - 1) + "/" + name;
  }

  @Override
  public void close() {
    OPEN.remove(id);
  }
}
