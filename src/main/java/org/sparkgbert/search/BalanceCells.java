package org.sparkgbert.search;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.action.Progress;
import org.sparkgbert.corpus.ColumnNames;

/**
 * Counts the rows of cells over the whole corpus, and divides cells until none has more than {@link
 * CellBalance#MOST_OF_MEAN} times the mean, unless its vectors are equal. Each round reads the
 * corpus; mostly one or two are enough, since a sample was balanced before.
 *
 * @param corpus the corpus
 * @param chosen rows that are held out take no part in finding centroids
 * @param seed for the rows that stand for a cell
 */
record BalanceCells(IndexedCorpus corpus, HashedRows chosen, long seed) {
  /** From this round on no cell is given up, so that each leaves smaller ones behind. */
  private static final int GIVING_UP = 8;

  private static final int MOST_ROUNDS = 24;

  /** Rows that stand for a crowded cell. */
  private static final long SAMPLED = 512;

  private static final int BUCKETS = 1 << 20;

  /**
   * Balances.
   *
   * @param trained centroids to begin with
   * @param wanted number of cells that is wanted
   * @return centroids of cells with rows, and numbers of rows, also of {@link IndexColumns#NO_CELL}
   */
  CellBalance of(Centroids trained, int wanted, Progress progress) {
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(corpus.rows().sparkSession().sparkContext());
    CellDivision division = new CellDivision(corpus.similarity().ranking().orElseThrow());
    Centroids centroids = trained;
    for (int round = 0; ; round++) {
      Broadcast<Centroids> broadcast = context.broadcast(centroids);
      Dataset<Row> assigned = corpus.assigned(broadcast);
      CellBalance balance = new CellBalance(centroids, IndexedCorpus.counts(assigned)).used();
      long most = CellBalance.most(balance.rows(), wanted, CellBalance.MOST_OF_MEAN);
      List<Integer> crowded = balance.crowded(most);
      if (crowded.isEmpty()) {
        return balance;
      }
      Optional<Centroids> divided =
          round < MOST_ROUNDS
              ? balance.divided(
                  rows(assigned, crowded, balance, round),
                  most,
                  wanted,
                  round < GIVING_UP,
                  division)
              : Optional.empty();
      broadcast.unpersist();
      if (divided.isEmpty()) {
        progress.note(
            "%,d cells keep more than %,d rows: their vectors are equal, or nearly so"
                .formatted(crowded.size(), most));
        return balance;
      }
      centroids = divided.get();
    }
  }

  /** Rows of crowded cells, so many at most that the driver can hold them. */
  private Map<Integer, List<float[]>> rows(
      Dataset<Row> assigned, List<Integer> crowded, CellBalance balance, int round) {
    long all = crowded.stream().mapToLong(balance.counts()::get).sum();
    long most =
        Math.min(
            SAMPLED * crowded.size(), CellTraining.MOST_FLOATS / balance.centroids().dimension());
    long bucket = (long) Math.ceil(Math.min(1, (double) most / all) * BUCKETS);
    Column isSampled =
        functions
            .pmod(
                functions.xxhash64(
                    ColumnNames.column(corpus.idColumn()), functions.lit(seed + round)),
                functions.lit(BUCKETS))
            .lt(bucket);
    Dataset<Row> rows =
        assigned
            .where(functions.col(IndexColumns.CELL).isin(crowded.toArray()))
            .where(isSampled.and(functions.not(chosen.isHeldOut())))
            .select(functions.col(IndexColumns.CELL), ColumnNames.column(corpus.embeddingColumn()));
    StructType key = new StructType().add(IndexColumns.CELL, DataTypes.IntegerType);
    RowKeys keys = new RowKeys(key);
    Map<Integer, List<float[]>> byCell = new HashMap<>();
    for (PackedRow row : PackRows.of(rows, key).collect()) {
      byCell
          .computeIfAbsent((Integer) keys.value(row.key(), 0), cell -> new ArrayList<>())
          .add(AssignCells.compared(row.vector(), corpus.similarity()));
    }
    return byCell;
  }
}
