package org.sparkgbert.cluster;

import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.sparkgbert.action.Amount;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.lake.SquaredNorm;

/**
 * A table whose embeddings have been counted and all have the same dimension.
 *
 * @param rows the table
 * @param column its column of embeddings, an array of float or double
 * @param distance how they are compared: under {@link Distance#COSINE} zero vectors are unusable
 * @param counts what the column holds
 */
public record CheckedEmbeddings(
    Dataset<Row> rows, String column, Distance distance, VectorCounts counts) {

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
    return new CheckedEmbeddings(rows, floats, distance, count(rows, column, floats, distance));
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

  private static VectorCounts count(
      Dataset<Row> rows, String name, String floats, Distance distance) {
    Column vector = ColumnNames.column(floats);
    Column norm = functions.col("norm");
    Column usable = isUsable(norm, distance);
    Column length = functions.when(usable, functions.col("length"));
    Row found =
        rows.select(squaredNorm(rows, floats).as("norm"), functions.size(vector).as("length"))
            .agg(
                functions.count(functions.lit(1)),
                functions.count_if(norm.isNull()),
                functions.count_if(usable),
                functions.count_if(norm.equalTo(0)),
                functions.min(length),
                functions.max(length))
            .head();
    requireOneDimension(found, name);
    long zero = distance == Distance.COSINE ? found.getLong(3) : 0;
    long notFinite = found.getLong(0) - found.getLong(1) - found.getLong(2) - zero;
    return new VectorCounts(found.getLong(0), found.getLong(1), notFinite, zero, found.getInt(4));
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

  private static void requireOneDimension(Row found, String name) {
    if (found.getLong(2) == 0) {
      throw new IllegalArgumentException(
          "Cannot cluster: no row has a usable embedding in column '%s', found %s"
              .formatted(name, Amount.of(found.getLong(0), "row")));
    }
    if (found.getInt(4) != found.getInt(5)) {
      throw new IllegalArgumentException(
          "Cannot cluster: embeddings in column '%s' must have the same dimension, found %d and %d"
              .formatted(name, found.getInt(4), found.getInt(5)));
    }
  }

  /** What made the embeddings; empty if the column does not say. */
  public Optional<EmbeddingProvenance> provenance() {
    return EmbeddingProvenance.of(rows.schema().apply(column));
  }

  /** A subset of the rows, with the counts of all. */
  CheckedEmbeddings where(Column condition) {
    return new CheckedEmbeddings(rows.where(condition), column, distance, counts);
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
