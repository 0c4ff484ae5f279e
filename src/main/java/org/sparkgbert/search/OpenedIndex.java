package org.sparkgbert.search;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.sparkgbert.corpus.CorpusSource;
import org.sparkgbert.lake.DerivedProvenance;
import org.sparkgbert.lake.EmbeddingTable;

/**
 * An index that was opened.
 *
 * @param info what it says of itself
 * @param centroids those of its cells
 */
record OpenedIndex(IndexInfo info, Centroids centroids) {
  private static IndexInfo info(EmbeddingTable table) {
    DerivedProvenance made =
        Optional.ofNullable(table.manifest().derived().get(IndexColumns.CODE))
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "Cannot search: %s is no index, it has no column '%s'; make one of it with jobs/index.sh, or search it with --input"
                            .formatted(table.path(), IndexColumns.CODE)));
    return IndexInfo.of(made, table.path());
  }

  /**
   * Opens an index and reads its centroids: a few bytes of each file.
   *
   * @throws IllegalArgumentException if it is no index, or has not a centroid for each cell
   */
  static OpenedIndex open(CorpusSource source, SparkSession spark) {
    EmbeddingTable table = EmbeddingTable.find(source.paths().get(0), spark);
    return of(table.rows(spark), info(table), table.path());
  }

  /**
   * Reads the centroids of an index.
   *
   * @param rows all its rows
   * @param where the index, for messages
   * @throws IllegalArgumentException if there is not one for each cell
   */
  static OpenedIndex of(Dataset<Row> rows, IndexInfo info, String where) {
    List<Row> found =
        rows
            .select(IndexColumns.CELL, IndexColumns.CENTROID)
            .where(functions.col(IndexColumns.CENTROID).isNotNull())
            .collectAsList()
            .stream()
            .sorted(Comparator.comparingInt(row -> row.getInt(0)))
            .toList();
    int[] cells = found.stream().mapToInt(row -> row.getInt(0)).toArray();
    long different = Arrays.stream(cells).distinct().count();
    if (cells.length != info.cells() || different != cells.length) {
      throw new IllegalArgumentException(
          "Cannot read index %s: it should have a centroid for each of %,d cells, found %,d for %,d; build it again with jobs/index.sh"
              .formatted(where, info.cells(), cells.length, different));
    }
    float[] vectors = new float[Math.multiplyExact(cells.length, info.dimension())];
    for (int i = 0; i < cells.length; i++) {
      List<Float> centroid = found.get(i).getList(1);
      AssignCells.requireDimension(info.dimension(), centroid.size());
      for (int j = 0; j < centroid.size(); j++) {
        vectors[i * info.dimension() + j] = centroid.get(j);
      }
    }
    return new OpenedIndex(info, new Centroids(info.dimension(), cells, vectors));
  }

  /**
   * How many cells a search asks.
   *
   * @param wanted if the user says
   * @throws IllegalArgumentException if there are fewer
   */
  int probe(Optional<Integer> wanted) {
    wanted
        .filter(probe -> probe > info.cells())
        .ifPresent(
            probe -> {
              throw new IllegalArgumentException(
                  "Cannot search: %s must be at most %d, the cells of the index, found %d"
                      .formatted(SearchOptions.PROBE.option(), info.cells(), probe));
            });
    return wanted.orElse(info.probe());
  }
}
