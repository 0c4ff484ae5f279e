package org.sparkgbert.search;

import static org.apache.spark.sql.functions.min_by;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.corpus.ColumnNames;

/**
 * Exact search for the best neighbours of each row of a corpus among all others.
 *
 * <p>Blocks of rows are multiplied in float32. Such a score only serves to discard pairs that
 * cannot be among the best, whatever its rounding; all others are scored again in double precision,
 * by a sum over the elements in their order. So the result is a function of the rows alone:
 * partitions, blocks and devices do not change it.
 */
public final class NearestNeighbours {
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
   * compute. The driver holds one block of rows at a time and hands each to Spark as a broadcast,
   * which is freed when the result is garbage-collected. Scores are computed whenever the result
   * is.
   *
   * @throws IllegalArgumentException if a column is missing, of the wrong type or would occur twice
   *     in the result, if ids are not unique or one is null, or if embeddings differ in dimension
   */
  public static Dataset<Row> find(Dataset<Row> rows, NeighbourSettings settings) {
    return find(rows, settings, read -> {});
  }

  /**
   * The same.
   *
   * @param read is told how many rows were read, before anything is compared
   */
  static Dataset<Row> find(Dataset<Row> rows, NeighbourSettings settings, LongConsumer read) {
    NeighbourColumns columns = NeighbourColumns.of(rows.schema(), settings);
    Blocks blocks = read(rows, columns, settings);
    read.accept(blocks.rows);
    var spark = (org.apache.spark.sql.classic.SparkSession) rows.sparkSession();
    List<Slice> slices =
        Slice.cut(blocks.sizes, Slice.TASKS_PER_CORE * spark.sparkContext().defaultParallelism());
    if (slices.isEmpty()) {
      return spark.createDataFrame(List.of(), columns.result());
    }
    List<Integer> indices = IntStream.range(0, slices.size()).boxed().toList();
    JavaRDD<InternalRow> found =
        context(spark)
            .parallelize(indices, slices.size())
            .flatMap(
                new NeighboursOfSlice(
                    settings, new RowKeys(columns.key()), blocks.broadcasts, slices));
    Dataset<Row> pairs =
        spark.internalCreateDataFrame(found.rdd(), columns.numberedResult(), false);
    return settings.unordered() ? once(pairs) : pairs.select(NeighbourColumns.PAIR + ".*");
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

  /** Blocks as broadcasts, how many rows each has, and how many were read for them. */
  private record Blocks(
      ArrayList<Broadcast<VectorBlock>> broadcasts, List<Integer> sizes, long rows) {}

  private static Blocks read(
      Dataset<Row> rows, NeighbourColumns columns, NeighbourSettings settings) {
    Dataset<Row> sorted =
        rows.select(ColumnNames.columns(columns.read()))
            .orderBy(IdOrder.column(rows.schema().apply(settings.idColumn())));
    BlockReader reader =
        new BlockReader(
            "find partners",
            PackRows.of(sorted, columns.key()).toLocalIterator(),
            new RowKeys(columns.key()),
            settings.similarity(),
            settings.blockRows(),
            leftOut -> {});
    JavaSparkContext context = context(rows.sparkSession());
    ArrayList<Broadcast<VectorBlock>> broadcasts = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    while (reader.hasNext()) {
      VectorBlock block = reader.next();
      sizes.add(block.rows());
      broadcasts.add(context.broadcast(block));
    }
    return new Blocks(broadcasts, sizes, reader.rowsRead());
  }

  private static JavaSparkContext context(SparkSession spark) {
    return JavaSparkContext.fromSparkContext(spark.sparkContext());
  }

  private static Dataset<Row> once(Dataset<Row> pairs) {
    Column pair = ColumnNames.column(NeighbourColumns.PAIR);
    Column rank = pair.getField(NeighbourColumns.RANK);
    return pairs
        .groupBy(NeighbourColumns.LOWER, NeighbourColumns.HIGHER)
        .agg(min_by(pair, rank).as(NeighbourColumns.PAIR))
        .orderBy(
            ColumnNames.column(NeighbourColumns.LOWER),
            rank,
            ColumnNames.column(NeighbourColumns.HIGHER))
        .select(NeighbourColumns.PAIR + ".*");
  }
}
