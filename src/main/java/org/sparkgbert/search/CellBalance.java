package org.sparkgbert.search;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Centroids, and how many rows their cells have.
 *
 * @param centroids the centroids; their cells are numbered from 0
 * @param counts rows by cell; none for a cell without rows
 */
record CellBalance(Centroids centroids, Map<Integer, Long> counts) {
  /**
   * A cell with more rows than so many times the mean is divided; only equal vectors stay together.
   */
  static final double MOST_OF_MEAN = 2.5;

  /** Rows of a part of a divided cell, over those that a cell may have. */
  private static final double PART = 0.6;

  /** Cells with less of the mean may make place for parts of others. */
  private static final double SMALL = 0.5;

  /**
   * Rows that a cell may have.
   *
   * @param rows rows of all cells
   * @param cells number of cells that was wanted
   * @param mostOfMean most rows of a cell over the mean
   */
  static long most(long rows, int cells, double mostOfMean) {
    return Math.max(1, (long) (mostOfMean * rows / cells));
  }

  /** Rows of all cells. */
  long rows() {
    return counts.entrySet().stream()
        .filter(cell -> cell.getKey() != IndexColumns.NO_CELL)
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** The cells with more rows than they may have, sorted. */
  List<Integer> crowded(long most) {
    return counts.entrySet().stream()
        .filter(cell -> cell.getKey() != IndexColumns.NO_CELL && cell.getValue() > most)
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /** The same without centroids of cells that have no rows. */
  CellBalance used() {
    return new CellBalance(centroids.ofCells(counts.keySet()), counts);
  }

  /**
   * Divides crowded cells.
   *
   * @param rows rows of each crowded cell, all or some
   * @param most rows that a cell may have
   * @param wanted number of cells that was wanted; while there are more, small ones are given up,
   *     whose rows then fall to their neighbours
   * @param mayGiveUp whether small cells may be given up
   * @return numbered anew; empty if no cell can be divided
   */
  Optional<Centroids> divided(
      Map<Integer, List<float[]>> rows,
      long most,
      int wanted,
      boolean mayGiveUp,
      CellDivision division) {
    List<float[]> parts = new ArrayList<>();
    Set<Integer> gone = new HashSet<>();
    for (int cell : crowded(most)) {
      List<float[]> ofCell = rows.getOrDefault(cell, List.of());
      int number = (int) Math.min(ofCell.size(), Math.ceil(counts.get(cell) / (PART * most)));
      List<float[]> means = ofCell.isEmpty() ? List.of() : division.means(ofCell, number);
      if (means.size() > 1) {
        parts.addAll(means);
        gone.add(cell);
      }
    }
    if (parts.isEmpty()) {
      return Optional.empty();
    }
    if (mayGiveUp) {
      gone.addAll(small(gone, counts.size() - gone.size() + parts.size() - wanted));
    }
    return Optional.of(numbered(gone, parts));
  }

  /** The smallest cells, at most so many. */
  private List<Integer> small(Set<Integer> gone, int number) {
    double small = SMALL * rows() / Math.max(1, centroids.count());
    return counts.entrySet().stream()
        .filter(cell -> cell.getKey() != IndexColumns.NO_CELL && !gone.contains(cell.getKey()))
        .filter(cell -> cell.getValue() < small)
        .sorted(
            Map.Entry.<Integer, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
        .limit(Math.max(0, number))
        .map(Map.Entry::getKey)
        .toList();
  }

  private Centroids numbered(Set<Integer> gone, List<float[]> parts) {
    List<float[]> all = new ArrayList<>();
    for (int centroid = 0; centroid < centroids.count(); centroid++) {
      int cell = centroids.cell(centroid);
      if (counts.containsKey(cell) && !gone.contains(cell)) {
        all.add(centroids.vector(centroid));
      }
    }
    all.addAll(parts);
    return Centroids.numbered(all);
  }
}
