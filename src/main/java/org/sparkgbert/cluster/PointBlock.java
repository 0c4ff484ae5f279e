package org.sparkgbert.cluster;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Some of many vectors, as Spark caches them, with their positions and keys. Immutable. It is no
 * record, since Kryo cannot serialize those.
 */
final class PointBlock implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final int MOST_ROWS = 5_000;

  /** So that a block takes 40 MiB at most. */
  private static final int MOST_VALUES = 5_120_000;

  private final long[] ids;
  private final long[] keys;
  private final Points points;

  /**
   * @param ids their positions, ascending; owned, like all that follows
   * @param keys the hashes of their values
   * @param points the vectors
   */
  private PointBlock(long[] ids, long[] keys, Points points) {
    this.ids = ids;
    this.keys = keys;
    this.points = points;
  }

  /**
   * Reads blocks, each when it is asked for.
   *
   * @param rows an id, a key and a vector each
   */
  static Iterator<PointBlock> read(Iterator<Row> rows) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public PointBlock next() {
        if (!rows.hasNext()) {
          throw new NoSuchElementException();
        }
        List<Row> some = new ArrayList<>();
        int dimension = 0;
        while (rows.hasNext() && hasRoom(some.size(), dimension)) {
          some.add(rows.next());
          dimension = some.get(0).<Vector>getAs(2).size();
        }
        return of(some);
      }
    };
  }

  private static boolean hasRoom(int rows, int dimension) {
    return rows == 0 || (rows < MOST_ROWS && (rows + 1L) * dimension <= MOST_VALUES);
  }

  private static PointBlock of(List<Row> rows) {
    double[][] vectors =
        rows.stream().map(row -> row.<Vector>getAs(2).toArray()).toArray(double[][]::new);
    return new PointBlock(
        rows.stream().mapToLong(row -> row.getLong(0)).toArray(),
        rows.stream().mapToLong(row -> row.getLong(1)).toArray(),
        Points.of(vectors.length, vectors[0].length, row -> vectors[row]));
  }

  /** All vectors of several blocks, at least one. */
  static PointBlock together(List<PointBlock> blocks) {
    double[][] vectors =
        blocks.stream()
            .flatMap(block -> IntStream.range(0, block.rows()).mapToObj(block.points::row))
            .toArray(double[][]::new);
    return new PointBlock(
        blocks.stream().flatMapToLong(block -> Arrays.stream(block.ids)).toArray(),
        blocks.stream().flatMapToLong(block -> Arrays.stream(block.keys)).toArray(),
        Points.of(vectors.length, blocks.get(0).points.dimension(), row -> vectors[row]));
  }

  /** The vectors whose positions are chosen. */
  PointBlock where(LongPredicate id) {
    int[] some = IntStream.range(0, ids.length).filter(row -> id.test(ids[row])).toArray();
    return new PointBlock(
        IntStream.of(some).mapToLong(row -> ids[row]).toArray(),
        IntStream.of(some).mapToLong(row -> keys[row]).toArray(),
        points.at(some));
  }

  /** As rows of an id, a key and a vector. */
  Iterator<Row> read() {
    return IntStream.range(0, ids.length)
        .mapToObj(row -> RowFactory.create(ids[row], keys[row], Vectors.dense(points.row(row))))
        .iterator();
  }

  int rows() {
    return ids.length;
  }

  /** The position of the first vector, which no other block has. */
  long first() {
    return ids[0];
  }

  long[] ids() {
    return ids;
  }

  long[] keys() {
    return keys;
  }

  Points points() {
    return points;
  }
}
