package org.sparkgbert.search;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.corpus.ColumnNames;

/**
 * The columns that all pairs are made of.
 *
 * @param read names of the columns that are read: the id, those carried, the embedding
 * @param key the id and those carried
 * @param result the columns of the result
 */
record NeighbourColumns(List<String> read, StructType key, StructType result) {
  static final String PARTNER = "partner_";
  static final String RANK = "rank";

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
    ComparedColumns.requireOrder("find partners", rows.apply(settings.idColumn()));
    ComparedColumns.requireFloats("find partners", rows.apply(settings.embeddingColumn()));

    StructType key = new StructType();
    for (String name : kept) {
      key = key.add(name, rows.apply(name).dataType(), true);
    }
    StructType result =
        addBoth(new StructType(), rows, settings.idColumn())
            .add(RANK, DataTypes.IntegerType, true)
            .add(settings.similarity().column(), DataTypes.FloatType, true);
    for (String name : settings.carriedColumns()) {
      result = addBoth(result, rows, name);
    }
    ComparedColumns.requireUnique("find partners", result);
    return new NeighbourColumns(List.copyOf(read), key, result);
  }

  /** What made a column goes with it: nobody could read bits without their mean. */
  private static StructType addBoth(StructType schema, StructType rows, String name) {
    DataType type = rows.apply(name).dataType();
    Metadata made = rows.apply(name).metadata();
    return schema
        .add(new StructField(name, type, true, made))
        .add(new StructField(PARTNER + name, type, true, made));
  }
}
