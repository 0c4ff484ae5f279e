package org.sparkgbert.search;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Measures by held-out questions how many cells have to be asked. A question is a row of the corpus
 * that centroids were not trained on; it is not its own neighbour. A neighbour counts as found if
 * its cell is asked, and if its code is among the best when all cells are: so a search finds it.
 *
 * @param questions the questions
 * @param centroids those of all cells with rows
 * @param counts rows by cell
 */
record HeldOutRecall(Questions questions, Centroids centroids, Map<Integer, Long> counts) {
  /** Neighbours that are looked for. */
  static final int AT = 10;

  /** Candidates of a question that are scored with their full vectors; it is one itself. */
  static final int CANDIDATES = FindCandidates.number(AT) + 1;

  /**
   * Recall by number of cells that are asked.
   *
   * @param found what exact search finds for the questions: one more than {@link #AT}, with the
   *     cell
   * @param candidates those of the same questions, of all cells
   * @param idColumn column with the id
   * @return for 1 cell, 2, ... and all of them; empty if no question has a neighbour
   */
  List<ProbeRecall> of(Dataset<Row> found, Candidates candidates, String idColumn) {
    Map<Integer, List<Integer>> cells = cellsByQuestion(found, candidates, idColumn);
    if (cells.isEmpty()) {
      return List.of();
    }
    double[] recall = new double[centroids.count()];
    double[] rows = new double[centroids.count()];
    long all = counts.values().stream().mapToLong(Long::longValue).sum();
    cells.forEach(
        (number, ofNeighbours) -> {
          int[] ranked = centroids.ranked(questions.vector(number));
          for (int rank = 0; rank < ranked.length; rank++) {
            int cell = centroids.cell(ranked[rank]);
            long inCell = ofNeighbours.stream().filter(each -> each == cell).count();
            recall[rank] += (double) inCell / ofNeighbours.size();
            rows[rank] += (double) counts.get(cell) / all;
          }
        });
    List<ProbeRecall> recalls = new ArrayList<>();
    double sumOfRecall = 0;
    double sumOfRows = 0;
    for (int rank = 0; rank < recall.length; rank++) {
      sumOfRecall += recall[rank] / cells.size();
      sumOfRows += rows[rank] / cells.size();
      recalls.add(new ProbeRecall(rank + 1, Math.min(1, sumOfRecall), Math.min(1, sumOfRows)));
    }
    return recalls;
  }

  /** Cells of the neighbours; {@link IndexColumns#NO_CELL} for one that is no candidate. */
  private static Map<Integer, List<Integer>> cellsByQuestion(
      Dataset<Row> found, Candidates candidates, String idColumn) {
    Column hit = functions.col(SearchColumns.HIT);
    RowKeys keys = new RowKeys(new StructType().add(field(found, idColumn)));
    Map<Integer, List<Integer>> cells = new HashMap<>();
    found
        .where(isOther(idColumn))
        .select(
            functions.col(SearchColumns.NUMBER),
            hit.getField(IndexColumns.CELL),
            hit.getField(idColumn))
        .orderBy(functions.col(SearchColumns.NUMBER), hit.getField(SearchColumns.RANK))
        .collectAsList()
        .forEach(
            row -> {
              List<Integer> ofQuestion =
                  cells.computeIfAbsent(row.getInt(0), number -> new ArrayList<>());
              if (ofQuestion.size() < AT) {
                boolean isCandidate =
                    candidates.has(row.getInt(0), row.getInt(1), keys.ofId(row.get(2)));
                ofQuestion.add(isCandidate ? row.getInt(1) : IndexColumns.NO_CELL);
              }
            });
    return cells;
  }

  private static StructField field(Dataset<Row> found, String idColumn) {
    StructType hit = (StructType) found.schema().apply(SearchColumns.HIT).dataType();
    return hit.apply(idColumn);
  }

  /**
   * Whether what was found is not the question itself.
   *
   * @param idColumn column with the id
   */
  static Column isOther(String idColumn) {
    Column hit = functions.col(SearchColumns.HIT);
    return functions.not(hit.getField(SearchColumns.QUERY_ID).eqNullSafe(hit.getField(idColumn)));
  }

  /** Those for a few numbers of cells, with one of them in any case. */
  static List<ProbeRecall> some(List<ProbeRecall> all, int probe) {
    SortedSet<Integer> shown = new TreeSet<>();
    for (int asked = 1; asked < all.size(); asked *= 2) {
      shown.add(asked);
    }
    shown.add(probe);
    shown.add(all.size());
    return shown.stream()
        .filter(asked -> asked <= all.size())
        .map(asked -> all.get(asked - 1))
        .toList();
  }
}
