package org.sparkgbert.search;

import static org.apache.spark.sql.functions.min_by;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
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
    NeighbourColumns columns = NeighbourColumns.of(rows.schema(), settings);
    Blocks blocks = read(rows, columns, settings);
    SparkSession spark = rows.sparkSession();
    List<Slice> slices =
        Slice.cut(blocks.sizes, Slice.TASKS_PER_CORE * spark.sparkContext().defaultParallelism());
    if (slices.isEmpty()) {
      return spark.createDataFrame(List.of(), columns.result());
    }
    Dataset<Long> tasks = spark.range(0, slices.size(), 1, slices.size()).as(Encoders.LONG());
    StructType numbered = columns.numberedResult();
    Dataset<Row> pairs =
        tasks.flatMap(
            new NeighboursOfSlice(settings, blocks.broadcasts, slices), Encoders.row(numbered));
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

  /** Blocks as broadcasts, and how many rows each has. */
  private record Blocks(ArrayList<Broadcast<VectorBlock>> broadcasts, List<Integer> sizes) {}

  private static Blocks read(
      Dataset<Row> rows, NeighbourColumns columns, NeighbourSettings settings) {
    Iterator<Row> packed =
        rows.select(ColumnNames.columns(columns.read()))
            .orderBy(order(rows.schema(), settings.idColumn()))
            .mapPartitions(new PackVectors(), Encoders.row(columns.packed()))
            .toLocalIterator();
    BlockReader reader = new BlockReader(packed, settings.similarity(), settings.blockRows());
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(rows.sparkSession().sparkContext());
    Blocks blocks = new Blocks(new ArrayList<>(), new ArrayList<>());
    while (reader.hasNext()) {
      VectorBlock block = reader.next();
      blocks.sizes.add(block.rows());
      blocks.broadcasts.add(context.broadcast(block));
    }
    return blocks;
  }

  /** Strings by their bytes, since a collation may treat different ones as equal. */
  private static Column order(StructType schema, String id) {
    Column column = ColumnNames.column(id);
    return schema.apply(id).dataType() instanceof StringType
        ? column.cast(DataTypes.StringType)
        : column;
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
