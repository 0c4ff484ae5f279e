package org.sparkgbert.search;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.sql.catalyst.expressions.RowOrdering;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.corpus.ColumnNames;

/**
 * The columns that all pairs are made of.
 *
 * @param read names of the columns that are read: the id, those carried, the embedding
 * @param packed the same with the embedding as bytes
 * @param result the columns of the result
 */
record NeighbourColumns(List<String> read, StructType packed, StructType result) {
  static final String PARTNER = "partner_";
  static final String RANK = "rank";

  /** In a numbered result: number of the row with the lower id. */
  static final String LOWER = "lower";

  /** In a numbered result: number of the row with the higher id. */
  static final String HIGHER = "higher";

  /** In a numbered result: a struct of the result's columns. */
  static final String PAIR = "pair";

  /**
   * @throws IllegalArgumentException if a column is missing, of the wrong type or would occur twice
   *     in the result
   */
  static NeighbourColumns of(StructType rows, NeighbourSettings settings) {
    List<String> kept = new ArrayList<>(List.of(settings.idColumn()));
    kept.addAll(settings.carriedColumns());
    List<String> read = new ArrayList<>(kept);
    read.add(settings.embeddingColumn());
    ColumnNames.require("find partners by", read, rows);
    requireOrder(rows.apply(settings.idColumn()));
    requireFloats(rows.apply(settings.embeddingColumn()));

    StructType packed = new StructType();
    for (String name : kept) {
      packed = packed.add(name, rows.apply(name).dataType(), true);
    }
    StructType result =
        addBoth(new StructType(), rows, settings.idColumn())
            .add(RANK, DataTypes.IntegerType, true)
            .add(settings.similarity().column(), DataTypes.FloatType, true);
    for (String name : settings.carriedColumns()) {
      result = addBoth(result, rows, name);
    }
    requireUnique(result);
    return new NeighbourColumns(
        List.copyOf(read),
        packed.add(settings.embeddingColumn(), DataTypes.BinaryType, true),
        result);
  }

  private static StructType addBoth(StructType schema, StructType rows, String name) {
    DataType type = rows.apply(name).dataType();
    return schema.add(name, type, true).add(PARTNER + name, type, true);
  }

  private static void requireOrder(StructField id) {
    if (!RowOrdering.isOrderable(id.dataType())) {
      throw new IllegalArgumentException(
          "Cannot find partners by column '%s': ids must have an order, found %s"
              .formatted(id.name(), id.dataType().simpleString()));
    }
  }

  private static void requireFloats(StructField embedding) {
    if (!(embedding.dataType() instanceof ArrayType array
        && array.elementType().equals(DataTypes.FloatType))) {
      throw new IllegalArgumentException(
          "Cannot find partners by column '%s': it must be array<float>, found %s"
              .formatted(embedding.name(), embedding.dataType().simpleString()));
    }
  }

  private static void requireUnique(StructType result) {
    Set<String> names = new HashSet<>();
    for (String name : result.fieldNames()) {
      if (!names.add(name.toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException(
            "Cannot find partners: the result's columns must differ in name, found '%s' twice"
                .formatted(name));
      }
    }
  }

  /** The result's columns in a struct, after the numbers of both rows. */
  StructType numberedResult() {
    return new StructType()
        .add(LOWER, DataTypes.IntegerType, false)
        .add(HIGHER, DataTypes.IntegerType, false)
        .add(PAIR, result, false);
  }
}
