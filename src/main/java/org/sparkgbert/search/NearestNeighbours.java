package org.sparkgbert.search;

import static org.apache.spark.sql.functions.min_by;
import static org.apache.spark.sql.functions.struct;

import java.util.List;
import java.util.function.LongConsumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.sparkgbert.corpus.ColumnNames;
import scala.Option;

/**
 * Exact search for the best neighbours of each row of a corpus among all others.
 *
 * <p>Blocks of rows are multiplied in a byte per element on a CPU, and in float32 on a GPU. Such a
 * score only serves to discard pairs that cannot be among the best, whatever its error; all others
 * are scored again in double precision, by a sum over the elements in their order. So the result is
 * a function of the rows alone: partitions, blocks and devices do not change it.
 *
 * <p><b>Memory:</b> the corpus is sorted by id and kept by the executors, on disk where their
 * memory for storage does not suffice. A task compares a slice of it, which is bounded, and the
 * whole corpus streams past that: one block is held at a time. So the corpus is read once for each
 * slice, that is {@code rows * (4 * dimension + 64 * topK) / 2^25} times or a little more, if
 * columns are not carried. None of it passes through the driver.
 */
public final class NearestNeighbours {
  /** What rows are read for, as in "Cannot find partners". */
  static final String WHAT = "find partners";

  /** Most memory for a slice's vectors and for what is found for them. */
  static final long SLICE_BYTES = 1 << 25;

  /** Of a score and the reference to a key, in a heap of the best. */
  private static final int HIT_BYTES = 64;

  private static final String LOWER = "lower";
  private static final String HIGHER = "higher";
  private static final String PAIR = "pair";

  private NearestNeighbours() {}

  /**
   * Finds neighbours. A higher score, in double precision, is better, and among equal scores the
   * lower id. A row is not a neighbour of itself; another row with an equal embedding is.
   *
   * <p>A row has no neighbours if its embedding is null or has an element that is null, NaN or
   * infinite, or if all elements are zero and the similarity is not defined for zero vectors.
   *
   * <p><b>Columns:</b> the id; {@code partner_} and the id's name; {@code rank}, from 1, the best;
   * the similarity's column, a float, infinite beyond the range of floats; and each carried column,
   * both under its name and under {@code partner_} with its name. Sorted by id and rank. For an
   * unordered pair {@code rank} is the better of both; equal ranks are sorted by the neighbour's
   * id.
   *
   * <p><b>When:</b> the rows are read immediately, more than once, so persist what is costly to
   * compute. What executors keep of them is freed when the result is garbage-collected. Scores are
   * computed whenever the result is.
   *
   * @throws IllegalArgumentException if a column is missing, of the wrong type or would occur twice
   *     in the result, if ids are not unique or one is null, or if embeddings differ in dimension
   */
  public static Dataset<Row> find(Dataset<Row> rows, NeighbourSettings settings) {
    return find(rows, settings, SLICE_BYTES, read -> {});
  }

  /**
   * The same.
   *
   * @param sliceBytes most memory for a slice; the result does not depend on it
   * @param read is told how many rows were read, before anything is compared
   */
  static Dataset<Row> find(
      Dataset<Row> rows, NeighbourSettings settings, long sliceBytes, LongConsumer read) {
    NeighbourColumns columns = NeighbourColumns.of(rows.schema(), settings);
    RowKeys keys = new RowKeys(columns.key());
    JavaRDD<SortedBlock> corpus = sorted(rows, columns, new SortedBlocks(settings, keys));
    List<SortedBlock> ends = corpus.filter(SortedBlock::isEnd).collect();
    requireComparable(ends);
    read.accept(ends.stream().mapToLong(SortedBlock::rowsRead).sum());
    var spark = (org.apache.spark.sql.classic.SparkSession) rows.sparkSession();
    int wanted = Slice.TASKS_PER_CORE * spark.sparkContext().defaultParallelism();
    SliceLayout layout = layout(ends, wanted, settings.topK(), sliceBytes);
    if (layout.tasks() == 0) {
      return spark.createDataFrame(List.of(), columns.result());
    }
    RDD<SortedBlock> byTask =
        corpus.rdd().coalesce(layout.tasks(), false, Option.apply(layout), null);
    JavaRDD<InternalRow> found =
        new JavaRDD<>(byTask, corpus.classTag())
            .mapPartitionsWithIndex(new NeighboursOfSlice(settings, keys, layout), false);
    Dataset<Row> pairs = spark.internalCreateDataFrame(found.rdd(), columns.result(), false);
    return settings.unordered() ? once(pairs) : pairs;
  }

  /**
   * Columns of the neighbours, before any row is read.
   *
   * @param rows columns of the corpus, its embedding among them
   * @throws IllegalArgumentException if a column is missing, of the wrong type or would occur twice
   *     in the result
   */
  public static StructType schema(StructType rows, NeighbourSettings settings) {
    return NeighbourColumns.of(rows, settings).result();
  }

  /** Blocks of rows in the order of their ids, which the executors keep. */
  private static JavaRDD<SortedBlock> sorted(
      Dataset<Row> rows, NeighbourColumns columns, SortedBlocks blocks) {
    Dataset<Row> sorted =
        rows.select(ColumnNames.columns(columns.read()))
            .orderBy(IdOrder.column(columns.key().apply(0)));
    return PackRows.of(sorted, columns.key())
        .mapPartitions(blocks)
        .persist(StorageLevel.MEMORY_AND_DISK());
  }

  private static void requireComparable(List<SortedBlock> ends) {
    int dimension = -1;
    for (SortedBlock end : ends) {
      if (end.dimension() >= 0 && dimension >= 0 && end.dimension() != dimension) {
        throw new IllegalArgumentException(
            BlockReader.differentDimensions(WHAT, dimension, end.dimension(), end.firstId()));
      }
      if (end.fault() != null) {
        throw new IllegalArgumentException(end.fault());
      }
      dimension = Math.max(dimension, end.dimension());
    }
  }

  /** Cuts the corpus into as many slices as cores want, or more, so that each is bounded. */
  static SliceLayout layout(List<SortedBlock> ends, int wanted, int topK, long sliceBytes) {
    int[] starts = new int[ends.size() + 1];
    long keyBytes = 0;
    int dimension = 0;
    for (int i = 0; i < ends.size(); i++) {
      starts[i + 1] = Math.addExact(starts[i], ends.get(i).rows());
      keyBytes += ends.get(i).keyBytes();
      dimension = Math.max(dimension, ends.get(i).dimension());
    }
    int rows = starts[ends.size()];
    long ofHit = HIT_BYTES + keyBytes / Math.max(1, rows);
    long ofRow = (long) Float.BYTES * dimension + Math.min(topK, rows) * ofHit;
    int most = (int) Math.max(1, Math.min(rows, sliceBytes / Math.max(1, ofRow)));
    return new SliceLayout(starts, Slice.cut(rows, wanted, most));
  }

  /** Each pair once, with the better rank, by lower id, rank and higher id. */
  private static Dataset<Row> once(Dataset<Row> pairs) {
    StructType schema = pairs.schema();
    Column pair = ColumnNames.column(PAIR);
    Column[] all = ColumnNames.columns(List.of(schema.fieldNames()));
    return pairs
        .groupBy(
            IdOrder.column(schema.apply(0)).as(LOWER), IdOrder.column(schema.apply(1)).as(HIGHER))
        .agg(min_by(struct(all), ColumnNames.column(NeighbourColumns.RANK)).as(PAIR))
        .orderBy(
            ColumnNames.column(LOWER),
            pair.getField(NeighbourColumns.RANK),
            ColumnNames.column(HIGHER))
        .select(PAIR + ".*");
  }
}
