package org.sparkgbert.cluster;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.sparkgbert.cluster.LabelCells.Cell;

/**
 * How the rows of a known label are divided among the clusters.
 *
 * @param label the label; null for all labels that have no counts of their own
 * @param rows number of rows by cluster, {@code [k]}; owned
 */
public record LabelCounts(String label, long[] rows) {
  /** Most labels that have counts of their own. */
  static final int MOST = 40;

  /** Number of rows with this label. */
  public long total() {
    long total = 0;
    for (long each : rows) {
      total += each;
    }
    return total;
  }

  /**
   * Counts the rows that have both; the {@value #MOST} most frequent labels are listed, most
   * frequent first, then all others as one.
   *
   * @param clusterColumn column with clusters from 0 to k - 1
   * @param clusters k
   */
  static List<LabelCounts> of(
      Dataset<Row> rows, String clusterColumn, String labelColumn, int clusters) {
    Dataset<Row> cells = LabelAgreements.cells(rows, clusterColumn, labelColumn);
    Dataset<Row> top =
        cells
            .groupBy("label")
            .agg(sum("n").as("rows"))
            .orderBy(col("rows").desc(), col("label"))
            .limit(MOST);
    List<Cell> counted =
        cells
            .join(broadcast(top), "label", "left")
            .groupBy(when(col("rows").isNotNull(), col("label")).as("label"), col("cluster"))
            .agg(sum("n").as("n"))
            .withColumn("bytes", Cell.bytes(col("label")))
            .collectAsList()
            .stream()
            .map(
                row ->
                    new Cell(row.getString(1), row.getString(0), row.getString(3), row.getLong(2)))
            .toList();
    return byLabel(counted, clusters);
  }

  /**
   * Adds up cells, most frequent label first.
   *
   * @param cells the label and its bytes are null for all labels that have no counts of their own
   * @param clusters k
   */
  static List<LabelCounts> byLabel(List<Cell> cells, int clusters) {
    Map<String, LabelCounts> byBytes = new TreeMap<>(Comparator.nullsLast(String::compareTo));
    for (Cell cell : cells) {
      LabelCounts counts =
          byBytes.computeIfAbsent(
              cell.bytes(), bytes -> new LabelCounts(cell.label(), new long[clusters]));
      counts.rows[Integer.parseInt(cell.cluster())] += cell.n();
    }
    return byBytes.values().stream()
        .sorted(
            Comparator.comparing((LabelCounts each) -> each.label == null)
                .thenComparing(LabelCounts::total, Comparator.reverseOrder()))
        .toList();
  }
}
