package org.sparkgbert.cluster;

import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.lake.SquaredNorm;

/**
 * A table whose embeddings have been counted and all have the same dimension.
 *
 * @param rows the table
 * @param column its column of embeddings, an array of float or double
 * @param distance how they are compared: under {@link Distance#COSINE} zero vectors are unusable
 * @param partitions number of partitions that the column was read in
 * @param counts what the column holds
 * @param few the usable vectors in any order, if they are few; owned
 */
public record CheckedEmbeddings(
    Dataset<Row> rows,
    String column,
    Distance distance,
    int partitions,
    VectorCounts counts,
    Optional<List<double[]>> few) {

  /**
   * Reads the column once.
   *
   * @throws IllegalArgumentException if the column is missing or not an array of floats, if no row
   *     has a usable embedding, or if their dimensions differ
   */
  public static CheckedEmbeddings of(Dataset<Row> rows, String column, Distance distance) {
    return of(rows, column, column, distance);
  }

  /**
   * The same where floats are in a column of another name.
   *
   * @param column the column of embeddings as messages name it
   * @param floats the column with its floats
   * @throws IllegalArgumentException likewise
   */
  static CheckedEmbeddings of(Dataset<Row> rows, String column, String floats, Distance distance) {
    requireVectors(rows, floats);
    EmbeddingTally tally = EmbeddingTally.of(rows.select(ColumnNames.column(floats)), distance);
    return new CheckedEmbeddings(
        rows, floats, distance, tally.partitions(), tally.counts(column), tally.few());
  }

  private static void requireVectors(Dataset<Row> rows, String column) {
    ColumnNames.require("cluster", List.of(column), rows.schema());
    DataType type = rows.schema().apply(column).dataType();
    if (!(type instanceof ArrayType array)
        || !List.of(DataTypes.FloatType, DataTypes.DoubleType).contains(array.elementType())) {
      throw new IllegalArgumentException(
          "Cannot cluster column '%s': it must be an array of floats, found %s"
              .formatted(column, type.simpleString()));
    }
  }

  private static Column squaredNorm(Dataset<Row> rows, String column) {
    ArrayType vectors = (ArrayType) rows.schema().apply(column).dataType();
    return SquaredNorm.of(ColumnNames.column(column), vectors.elementType());
  }

  /** Whether a vector with this squared norm is usable. Spark orders NaN above infinity. */
  private static Column isUsable(Column squaredNorm, Distance distance) {
    Column finite = squaredNorm.isNotNull().and(squaredNorm.lt(Double.POSITIVE_INFINITY));
    return switch (distance) {
      case COSINE -> finite.and(squaredNorm.gt(0));
      case EUCLIDEAN -> finite;
    };
  }

  /** The same of a number. */
  static boolean isUsable(double squaredNorm, Distance distance) {
    return squaredNorm < Double.POSITIVE_INFINITY
        && (squaredNorm > 0 || distance == Distance.EUCLIDEAN);
  }

  /** What made the embeddings; empty if the column does not say. */
  public Optional<EmbeddingProvenance> provenance() {
    return EmbeddingProvenance.of(rows.schema().apply(column));
  }

  /** The same; few rows that one task reads stay together, so that none is shuffled. */
  CheckedEmbeddings together() {
    return partitions == 1 && counts.rows() <= LocalVectors.MOST_ROWS
        ? new CheckedEmbeddings(rows.coalesce(1), column, distance, partitions, counts, few)
        : this;
  }

  /** The column of embeddings. */
  Column vector() {
    return ColumnNames.column(column);
  }

  /** Whether a row has a usable embedding. */
  Column usable() {
    return isUsable(squaredNorm(rows, column), distance);
  }
}
