package org.sparkgbert.embed;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** What SQL can ask about a text; one encoding answers all. */
enum EmbedOutput {
  /** Its vector. */
  EMBEDDING(
      "embed_text",
      0,
      "Returns the embedding of a text; null for a null or blank text and for one that cannot be encoded."),
  /** What happened to it. */
  STATUS(
      "embed_text_status",
      1,
      "Returns what embed_text does with a text: ok, truncated (only the beginning is in the embedding), empty (null or blank) or failed."),
  /** Why it failed. */
  ERROR("embed_text_error", 3, "Returns why embed_text cannot encode a text; null if it can.");

  private final String sqlName;
  private final int column;
  private final String help;

  EmbedOutput(String sqlName, int column, String help) {
    this.sqlName = sqlName;
    this.column = column;
    this.help = help;
  }

  String sqlName() {
    return sqlName;
  }

  /** Position among the columns that {@link EmbedTexts} computes. */
  int column() {
    return column;
  }

  DataType type() {
    return this == EMBEDDING
        ? DataTypes.createArrayType(DataTypes.FloatType, false)
        : DataTypes.StringType;
  }

  String help() {
    return help;
  }
}
