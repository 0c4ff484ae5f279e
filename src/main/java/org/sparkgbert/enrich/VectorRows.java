package org.sparkgbert.enrich;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.encode.EmbeddingStatus;
import org.sparkgbert.lake.EmbeddingColumns;

/** Vectors by the keys of their texts, as they are staged, cached and looked up. */
final class VectorRows {
  /** Column with the key of a text; see {@link TextKeys}. */
  static final String KEY = "key";

  /** The columns with the vector, its status, tokens and error. */
  static final EmbeddingColumns COLUMNS = new EmbeddingColumns("embedding");

  /** Schema of such rows. */
  static final StructType SCHEMA =
      new StructType()
          .add(KEY, DataTypes.BinaryType, false)
          .add(COLUMNS.embedding(), DataTypes.createArrayType(DataTypes.FloatType, false), true)
          .add(COLUMNS.status(), DataTypes.StringType, true)
          .add(COLUMNS.tokens(), DataTypes.IntegerType, true)
          .add(COLUMNS.error(), DataTypes.StringType, true);

  private VectorRows() {}

  /** Those of a table with enriched columns that may be used again. */
  static Dataset<Row> of(Dataset<Row> table, EmbeddingColumns columns, Column key) {
    return usable(
        table.select(
            key.as(KEY),
            ColumnNames.column(columns.embedding()).as(COLUMNS.embedding()),
            ColumnNames.column(columns.status()).as(COLUMNS.status()),
            ColumnNames.column(columns.tokens()).as(COLUMNS.tokens()),
            functions.lit(null).cast(DataTypes.StringType).as(COLUMNS.error())));
  }

  /** Without those of texts that have no key, or that failed and are tried again. */
  static Dataset<Row> usable(Dataset<Row> vectors) {
    return vectors.where(
        functions.col(KEY).isNotNull().and(isMade(functions.col(COLUMNS.status()))));
  }

  /** Whether a row with that status has been encoded, and did not fail. */
  static Column isMade(Column status) {
    return status.isNotNull().and(status.notEqual(EmbeddingStatus.FAILED.label()));
  }

  /** The keys of vectors alone. */
  static Dataset<Row> keys(Dataset<Row> vectors) {
    return vectors.select(KEY);
  }
}
