package org.sparkgbert.search;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.sparkgbert.corpus.Corpus;
import org.sparkgbert.corpus.CorpusSource;
import org.sparkgbert.lake.EmbeddingTable;

/**
 * An index that was opened. Its files were listed once, so that centroids and rows are those of one
 * run, whoever replaces it meanwhile.
 *
 * @param table the table
 * @param info what it says of itself
 * @param centroids those of its cells
 * @param corpus its rows, without a condition
 */
record OpenedIndex(EmbeddingTable table, IndexInfo info, Centroids centroids, Corpus corpus) {
  private static final int TRIES = 3;

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
   * @param source its condition is left out
   * @throws IllegalArgumentException if it is no index, has other files than its manifest lists, or
   *     has not a centroid for each cell
   * @throws IllegalStateException if it is replaced again and again
   */
  static OpenedIndex open(CorpusSource source, SparkSession spark) {
    return open(source.paths().get(0), spark, table -> source.openUnfiltered(spark));
  }

  /**
   * The same for a corpus that is opened in another way.
   *
   * @param path the index
   * @param corpus lists its files
   */
  static OpenedIndex open(
      String path, SparkSession spark, Function<EmbeddingTable, Corpus> corpus) {
    for (int tries = 0; tries < TRIES; tries++) {
      EmbeddingTable table = EmbeddingTable.find(path, spark);
      try {
        OpenedIndex opened = of(table, corpus);
        if (opened.isCurrent(spark)) {
          return opened;
        }
      } catch (Exception e) {
        if (isCurrent(table, spark)) {
          throw e;
        }
      }
    }
    throw new IllegalStateException(
        "Cannot search: the index %s was replaced while it was opened, %d times; run again"
            .formatted(path, TRIES));
  }

  private static OpenedIndex of(EmbeddingTable table, Function<EmbeddingTable, Corpus> corpus) {
    IndexInfo info = info("search", table, ", or search it with --input");
    Corpus opened = corpus.apply(table);
    IndexFiles.require(table, opened.rows());
    return new OpenedIndex(table, info, allCentroids(opened.rows(), info, table.path()), opened);
  }

  private static boolean isCurrent(EmbeddingTable table, SparkSession spark) {
    String run = EmbeddingTable.find(table.path(), spark).manifest().runId();
    return table.manifest().runId().equals(run);
  }

  /** Whether the table is still that of the run whose manifest was read. */
  private boolean isCurrent(SparkSession spark) {
    return isCurrent(table, spark);
  }

  /**
   * Does some work with the index. Files that were listed and are gone make it fail.
   *
   * @throws IllegalStateException if it fails, and another run replaced the index meanwhile
   */
  <T> T use(SparkSession spark, Supplier<T> work) {
    try {
      return work.get();
    } catch (Exception e) {
      if (isCurrent(spark)) {
        throw e;
      }
      throw new IllegalStateException(
          "Cannot search: the index %s was replaced while it was searched; run again"
              .formatted(table.path()),
          e);
    }
  }

  /**
   * Reads the centroids of an index.
   *
   * @param rows all its rows
   * @param where the index, for messages
   * @throws IllegalArgumentException if there is not one for each cell
   */
  static Centroids allCentroids(Dataset<Row> rows, IndexInfo info, String where) {
    Centroids centroids = centroids(rows, info.dimension(), where);
    if (centroids.count() != info.cells()) {
      throw new IllegalArgumentException(
          "Cannot read index %s: it should have a centroid for each of %,d cells, found %,d; build it again with jobs/index.sh"
              .formatted(where, info.cells(), centroids.count()));
    }
    return centroids;
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
