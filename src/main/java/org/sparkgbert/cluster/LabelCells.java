package org.sparkgbert.cluster;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.hex;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.sparkgbert.cluster.ClusterQuality.LabelAgreement;
import org.sparkgbert.cluster.LabelAgreements.Sums;

/**
 * The contingency table of clusters and known labels of few rows, in the driver, which adds it up
 * as {@link LabelAgreements} and {@link LabelCounts} let Spark do for many.
 *
 * @param cells of rows that have both, each pair of cluster and label once
 */
record LabelCells(List<Cell> cells) {
  /**
   * A cell.
   *
   * @param cluster the cluster
   * @param label the label
   * @param bytes the label's bytes, in hexadecimal: those that are no UTF-8 may look the same
   * @param n number of rows
   */
  record Cell(String cluster, String label, String bytes, long n) {
    /** The label as text that tells labels apart. */
    static Column bytes(Column label) {
      return hex(label.cast(DataTypes.BinaryType));
    }
  }

  /** Counts the rows that have both. */
  static LabelCells of(Dataset<Row> rows, String clusterColumn, String labelColumn) {
    return new LabelCells(
        LabelAgreements.cells(rows, clusterColumn, labelColumn)
            .select(col("cluster"), col("label"), Cell.bytes(col("label")), col("n"))
            .collectAsList()
            .stream()
            .map(
                row ->
                    new Cell(row.getString(0), row.getString(1), row.getString(2), row.getLong(3)))
            .toList());
  }

  /**
   * The agreement of clusters and labels.
   *
   * @throws IllegalArgumentException if no row has both
   */
  LabelAgreement agreement(String clusterColumn, String labelColumn) {
    LabelAgreements.requireSome(!cells.isEmpty(), clusterColumn, labelColumn);
    Collection<Long> labels = rowsBy(Cell::bytes).values();
    return LabelAgreements.agreement(
        labelColumn,
        Sums.of(cells.stream().map(Cell::n).toList()),
        Sums.of(rowsBy(Cell::cluster).values()),
        Sums.of(labels),
        Sums.of(List.of(labels.stream().mapToLong(n -> n).sum())));
  }

  /**
   * How the rows of labels are divided among the clusters.
   *
   * @param clusters their number
   */
  List<LabelCounts> counts(int clusters) {
    Set<String> top =
        rowsBy(Cell::bytes).entrySet().stream()
            .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
            .limit(LabelCounts.MOST)
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    return LabelCounts.byLabel(
        cells.stream()
            .map(
                cell ->
                    top.contains(cell.bytes) ? cell : new Cell(cell.cluster, null, null, cell.n))
            .toList(),
        clusters);
  }

  /** In the order of the keys. */
  private Map<String, Long> rowsBy(Function<Cell, String> key) {
    return cells.stream()
        .collect(Collectors.groupingBy(key, TreeMap::new, Collectors.summingLong(Cell::n)));
  }
}
