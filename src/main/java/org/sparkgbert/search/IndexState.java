package org.sparkgbert.search;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * Rows and cells of an index at one time: when it was built, or now.
 *
 * @param rows rows of the index
 * @param compared those of them that lie in cells; the others have no embedding to compare
 * @param cells cells with rows
 * @param largest rows of the largest cell
 * @param recall recall at 10 that held-out questions reach with the cells that are asked by
 *     default, from 0 to 1; empty if no question was held out
 */
public record IndexState(
    long rows, long compared, int cells, long largest, Optional<Double> recall) {
  /**
   * @param counts rows by cell, of all cells with rows
   * @param recall as measured
   */
  static IndexState of(Map<Integer, Long> counts, Optional<Double> recall) {
    Collection<Long> inCells =
        counts.entrySet().stream()
            .filter(cell -> cell.getKey() != IndexColumns.NO_CELL)
            .map(Map.Entry::getValue)
            .toList();
    long all = counts.values().stream().mapToLong(Long::longValue).sum();
    return new IndexState(
        all,
        inCells.stream().mapToLong(Long::longValue).sum(),
        inCells.size(),
        inCells.stream().mapToLong(Long::longValue).max().orElse(0),
        recall);
  }

  /** Rows of the largest cell over the mean of all cells; 1 for cells of the same size. */
  public double imbalance() {
    return (double) largest * cells / Math.max(1, compared);
  }

  /** Whether both have the same rows and cells, however they are found. */
  boolean hasCellsOf(IndexState other) {
    return rows == other.rows
        && compared == other.compared
        && cells == other.cells
        && largest == other.largest;
  }
}
