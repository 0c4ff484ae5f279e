package org.sparkgbert.cluster;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.sparkgbert.action.Amount;
import org.sparkgbert.lake.ArrayNulls;

/**
 * What a column of embeddings holds, found in one pass over it; if they are few, the vectors too,
 * so that they need not be read again.
 *
 * <p><b>Memory:</b> in all tasks together, what {@link LocalVectors} may hold.
 *
 * <p><b>Threads:</b> for one.
 */
final class EmbeddingTally implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Distance distance;
  private final long mostRows;
  private final long mostValues;
  private int partitions;
  private long rows;
  private long missing;
  private long zero;
  private long usable;
  private int shortest = Integer.MAX_VALUE;
  private int longest = -1;

  /** Null once they are too many. */
  private ArrayList<double[]> vectors = new ArrayList<>();

  private EmbeddingTally(Distance distance, long mostRows, long mostValues) {
    this.distance = distance;
    this.mostRows = mostRows;
    this.mostValues = mostValues;
  }

  /**
   * Reads vectors.
   *
   * @param vectors a table of one column, an array of float or double
   */
  static EmbeddingTally of(Dataset<Row> vectors, Distance distance) {
    ArrayType type = (ArrayType) vectors.schema().apply(0).dataType();
    JavaRDD<InternalRow> rows =
        ((org.apache.spark.sql.classic.Dataset<Row>) vectors).queryExecution().toRdd().toJavaRDD();
    return rows.mapPartitions(
            new Tally(
                distance, type.elementType().equals(DataTypes.FloatType), rows.getNumPartitions()))
        .fold(new EmbeddingTally(distance, 0, 0), EmbeddingTally::plus);
  }

  private static final class Tally
      implements FlatMapFunction<Iterator<InternalRow>, EmbeddingTally> {
    private static final long serialVersionUID = 1L;

    private final Distance distance;
    private final boolean floats;
    private final int tasks;

    Tally(Distance distance, boolean floats, int tasks) {
      this.distance = distance;
      this.floats = floats;
      this.tasks = tasks;
    }

    @Override
    public Iterator<EmbeddingTally> call(Iterator<InternalRow> rows) {
      EmbeddingTally tally =
          new EmbeddingTally(
              distance, LocalVectors.MOST_ROWS / tasks, LocalVectors.MOST_VALUES / tasks);
      tally.partitions = 1;
      rows.forEachRemaining(row -> tally.add(row.isNullAt(0) ? null : doubles(row.getArray(0))));
      return List.of(tally).iterator();
    }

    /** Null if an element is. */
    private double[] doubles(ArrayData elements) {
      if (ArrayNulls.in(elements)) {
        return null;
      }
      if (!floats) {
        return elements.toDoubleArray();
      }
      float[] values = elements.toFloatArray();
      double[] doubles = new double[values.length];
      Arrays.setAll(doubles, i -> values[i]);
      return doubles;
    }
  }

  /**
   * @param vector null if it is missing
   */
  private void add(double[] vector) {
    rows++;
    if (vector == null) {
      missing++;
      return;
    }
    double norm = 0;
    for (double value : vector) {
      norm += value * value;
    }
    if (norm == 0) {
      zero++;
    }
    if (CheckedEmbeddings.isUsable(norm, distance)) {
      usable++;
      shortest = Math.min(shortest, vector.length);
      longest = Math.max(longest, vector.length);
      keep(vector);
    }
  }

  private void keep(double[] vector) {
    if (usable > mostRows || usable * longest > mostValues) {
      vectors = null;
    } else if (vectors != null) {
      vectors.add(vector);
    }
  }

  /** This one, with the rows of another part of the table. */
  private EmbeddingTally plus(EmbeddingTally other) {
    partitions += other.partitions;
    rows += other.rows;
    missing += other.missing;
    zero += other.zero;
    usable += other.usable;
    shortest = Math.min(shortest, other.shortest);
    longest = Math.max(longest, other.longest);
    if (vectors == null || other.vectors == null) {
      vectors = null;
    } else {
      vectors.addAll(other.vectors);
    }
    return this;
  }

  /**
   * The counts.
   *
   * @param name the column as messages name it
   * @throws IllegalArgumentException if no vector is usable, or if dimensions differ
   */
  VectorCounts counts(String name) {
    if (usable == 0) {
      throw new IllegalArgumentException(
          "Cannot cluster: no row has a usable embedding in column '%s', found %s"
              .formatted(name, Amount.of(rows, "row")));
    }
    if (shortest != longest) {
      throw new IllegalArgumentException(
          "Cannot cluster: embeddings in column '%s' must have the same dimension, found %d and %d"
              .formatted(name, shortest, longest));
    }
    long directionless = distance == Distance.COSINE ? zero : 0;
    return new VectorCounts(
        rows, missing, rows - missing - usable - directionless, directionless, shortest);
  }

  /** Number of partitions that were read. */
  int partitions() {
    return partitions;
  }

  /** The usable vectors in any order, if they are few. */
  Optional<List<double[]>> few() {
    return Optional.ofNullable(vectors);
  }
}
