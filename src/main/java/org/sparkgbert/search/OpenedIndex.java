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
import org.sparkgbert.lake.EmbeddingTable;

/**
 * An index that was opened.
 *
 * @param info what it says of itself
 * @param centroids those of its cells
 */
record OpenedIndex(IndexInfo info, Centroids centroids) {
  /**
   * What a table says of itself as an index.
   *
   * @param what what it is wanted for, as in "Cannot search"
   * @param remedy what else can be done
   * @throws IllegalArgumentException if it is no index
   */
  static IndexInfo info(String what, EmbeddingTable table, String remedy) {
    return IndexInfo.of(table.manifest().derived(), table.path())
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Cannot %s: %s is no index, it has no column '%s'; make one of it with jobs/index.sh%s"
                        .formatted(what, table.path(), IndexColumns.CODE, remedy)));
  }

  /**
   * Opens an index and reads its centroids: a few bytes of each file.
   *
   * @throws IllegalArgumentException if it is no index, or has not a centroid for each cell
   */
  static OpenedIndex open(CorpusSource source, SparkSession spark) {
    EmbeddingTable table = EmbeddingTable.find(source.paths().get(0), spark);
    return of(
        table.rows(spark), info("search", table, ", or search it with --input"), table.path());
  }

  /**
   * Reads the centroids of an index.
   *
   * @param rows all its rows
   * @param where the index, for messages
   * @throws IllegalArgumentException if there is not one for each cell
   */
  static OpenedIndex of(Dataset<Row> rows, IndexInfo info, String where) {
    Centroids centroids = centroids(rows, info.dimension(), where);
    if (centroids.count() != info.cells()) {
      throw new IllegalArgumentException(
          "Cannot read index %s: it should have a centroid for each of %,d cells, found %,d; build it again with jobs/index.sh"
              .formatted(where, info.cells(), centroids.count()));
    }
    return new OpenedIndex(info, centroids);
  }

  /**
   * Reads the centroids of an index, however many there are.
   *
   * @param rows all its rows
   * @param where the index, for messages
   * @throws IllegalArgumentException if a cell has several
   */
  static Centroids centroids(Dataset<Row> rows, int dimension, String where) {
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
    if (different != cells.length) {
      throw new IllegalArgumentException(
          "Cannot read index %s: it should have a centroid for each cell, found %,d for %,d; build it again with jobs/index.sh"
              .formatted(where, cells.length, different));
    }
    float[] vectors = new float[Math.multiplyExact(cells.length, dimension)];
    for (int i = 0; i < cells.length; i++) {
      List<Float> centroid = found.get(i).getList(1);
      AssignCells.requireDimension(dimension, centroid.size());
      for (int j = 0; j < centroid.size(); j++) {
        vectors[i * dimension + j] = centroid.get(j);
      }
    }
    return new Centroids(dimension, cells, vectors);
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
    return wanted.orElse(Math.min(info.probe(), info.cells()));
  }
}
