package org.sparkgbert.sts;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.corpus.UniqueIds;
import org.sparkgbert.lake.BinaryVectors;
import org.sparkgbert.lake.EmbeddingColumns;
import org.sparkgbert.lake.EmbeddingProvenance;

/**
 * A table of embeddings in which the ids of pairs are looked up.
 *
 * @param name the table's name, for messages
 * @param rows its rows
 * @param idColumn column with the id
 * @param columns its embedding columns
 */
public record IdLookup(String name, Dataset<Row> rows, String idColumn, EmbeddingColumns columns) {

  /**
   * @throws IllegalArgumentException if a column is missing
   */
  public IdLookup {
    ColumnNames.require("look up", List.of(idColumn), rows.schema());
    ColumnNames.require("look up", columns.names(), rows.schema());
  }

  /**
   * What made its embeddings.
   *
   * @throws IllegalArgumentException if its column does not say
   */
  public EmbeddingProvenance provenance() {
    return EmbeddingProvenance.of(rows.schema().apply(columns.embedding()))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Cannot look up embeddings in %s: its column %s does not say which model made it"
                        .formatted(name, columns.embedding())));
  }

  /**
   * The same with the origin of another table's embeddings: if those are about a mean and these are
   * not, it is subtracted from these.
   */
  IdLookup like(IdLookup other) {
    EmbeddingProvenance made = provenance();
    List<Double> mean = other.provenance().mean();
    return mean == null || made.mean() != null
        ? this
        : new IdLookup(
            name, BinaryVectors.centred(rows, columns.embedding(), mean), idColumn, columns);
  }

  /**
   * One side of pairs.
   *
   * @param pairs the pairs
   * @param column their column with the id
   * @throws IllegalArgumentException if that column is missing or of another type
   */
  public PairJoin.Side side(Dataset<Row> pairs, String column) {
    ColumnNames.require("look up", List.of(column), pairs.schema());
    requireComparable(column, pairs.schema().apply(column).dataType());
    Dataset<Row> known = rows.where(ColumnNames.column(idColumn).isNotNull());
    return new PairJoin.Side(column, known, idColumn, columns);
  }

  private void requireComparable(String column, DataType type) {
    DataType own = rows.schema().apply(idColumn).dataType();
    boolean bothNumbers = own instanceof NumericType && type instanceof NumericType;
    if (!own.equals(type) && !bothNumbers) {
      throw new IllegalArgumentException(
          "Cannot look up column '%s': it is %s, found %s in column '%s' of %s"
              .formatted(column, type.simpleString(), own.simpleString(), idColumn, name));
    }
  }

  /**
   * Checks the ids of all rows.
   *
   * @throws IllegalArgumentException if one occurs in more than one row
   */
  public void requireUnique() {
    UniqueIds.require("look up embeddings in " + name, rows, idColumn);
  }
}
