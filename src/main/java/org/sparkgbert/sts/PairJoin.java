package org.sparkgbert.sts;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.lit;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.encode.EmbeddingStatus;
import org.sparkgbert.lake.EmbeddingColumns;

/** Adds the embeddings of both sides to their pairs; the number of rows stays the same. */
public final class PairJoin {
  private static final String KEY = "spark_gbert_key";

  private PairJoin() {}

  /**
   * A side of the pairs.
   *
   * @param column the pairs' column with the key: a sentence, or an id
   * @param embeddings rows with embedding columns, each key in at most one row
   * @param keyColumn their column with the key
   * @param embeddingColumns their embedding columns
   */
  public record Side(
      String column, Dataset<Row> embeddings, String keyColumn, EmbeddingColumns embeddingColumns) {

    /** The embeddings with the key and the columns that the pairs get. */
    private Dataset<Row> renamed(EmbeddingColumns names) {
      List<Column> columns = new ArrayList<>();
      columns.add(ColumnNames.column(keyColumn).as(KEY));
      for (int i = 0; i < names.names().size(); i++) {
        columns.add(ColumnNames.column(embeddingColumns.names().get(i)).as(names.names().get(i)));
      }
      return embeddings.select(columns.toArray(Column[]::new));
    }
  }

  /**
   * The pairs with both sides' embedding columns; a key without embeddings gets the status missing.
   */
  public static Dataset<Row> join(Dataset<Row> pairs, Side first, Side second) {
    return join(join(pairs, first, PairScoreColumns.FIRST), second, PairScoreColumns.SECOND);
  }

  private static Dataset<Row> join(Dataset<Row> pairs, Side side, EmbeddingColumns names) {
    Dataset<Row> embeddings = side.renamed(names);
    // Null is a key like any other: a null sentence has the status that encoding gave it.
    Column sameKey = pairs.col(quoted(side.column)).eqNullSafe(embeddings.col(KEY));
    return pairs
        .join(embeddings, sameKey, "left_outer")
        .drop(embeddings.col(KEY))
        .withColumn(
            names.status(),
            coalesce(ColumnNames.column(names.status()), lit(EmbeddingStatus.MISSING.label())))
        .withColumn(names.tokens(), coalesce(ColumnNames.column(names.tokens()), lit(0)));
  }

  private static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }
}
