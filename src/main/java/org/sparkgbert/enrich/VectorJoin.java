package org.sparkgbert.enrich;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.sparkgbert.encode.EmbeddingStatus;

/** Joins rows with the vectors of their texts. */
final class VectorJoin {
  private static final String VECTOR_KEY = "vector_key";

  private VectorJoin() {}

  /**
   * Rows with the columns of {@link EnrichedColumns}; those whose vector is not there are left out.
   *
   * @param rows any columns
   * @param key the key of a row's text, null if it has none
   * @param vectors one per key, columns as in {@link VectorRows#SCHEMA}
   * @param columns names of the columns that are added
   * @param model what made the vectors
   */
  static Dataset<Row> join(
      Dataset<Row> rows,
      Column key,
      Dataset<Row> vectors,
      EnrichedColumns columns,
      RunModel model) {
    Column status = functions.col(VectorRows.COLUMNS.status());
    List<Column> selected = new ArrayList<>();
    for (String name : rows.columns()) {
      selected.add(rows.col("`" + name.replace("`", "``") + "`"));
    }
    Dataset<Row> found =
        vectors.select(
            functions.col(VectorRows.KEY).as(VECTOR_KEY),
            functions
                .struct(
                    functions.col(VectorRows.COLUMNS.embedding()),
                    status,
                    functions.col(VectorRows.COLUMNS.tokens()),
                    functions.col(VectorRows.COLUMNS.error()))
                .as(Reserved.PREFIX + "vector"));
    Column vector = functions.col(Reserved.PREFIX + "vector");
    Column empty = functions.lit(EmbeddingStatus.EMPTY.label());
    selected.add(
        vector
            .getField(VectorRows.COLUMNS.embedding())
            .as(columns.embedding().embedding(), model.provenance().toMetadata()));
    selected.add(
        functions
            .coalesce(vector.getField(VectorRows.COLUMNS.status()), empty)
            .as(columns.embedding().status()));
    selected.add(
        functions
            .coalesce(vector.getField(VectorRows.COLUMNS.tokens()), functions.lit(0))
            .as(columns.embedding().tokens()));
    selected.add(vector.getField(VectorRows.COLUMNS.error()).as(columns.embedding().error()));
    selected.add(key.as(columns.key()));
    selected.add(functions.lit(model.fingerprint()).as(columns.fingerprint()));
    return rows.join(found, key.equalTo(functions.col(VECTOR_KEY)), "left")
        .where(key.isNull().or(functions.col(VECTOR_KEY).isNotNull()))
        .select(selected.toArray(Column[]::new));
  }
}
