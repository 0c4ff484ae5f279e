package org.sparkgbert.search;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.corpus.ColumnNames;

/**
 * The columns of a search.
 *
 * @param read names of the corpus' columns that are read: the id, those carried, the embedding
 * @param key the id and those carried
 * @param result the columns of the result
 */
record SearchColumns(List<String> read, StructType key, StructType result) {
  static final String QUERY_ID = "query_id";
  static final String RANK = "rank";
  static final String SCORE = "score";

  /** In a numbered result: number of the question. */
  static final String NUMBER = "number";

  /** In a numbered result: bytes that tell rows with equal ids apart. */
  static final String KEY = "key";

  /** In a numbered result: a struct of the result's columns. */
  static final String HIT = "hit";

  /**
   * @param corpus columns of the corpus
   * @param queryId the questions' column of ids
   * @throws IllegalArgumentException if a column is missing, of the wrong type or would occur twice
   *     in the result
   */
  static SearchColumns of(StructType corpus, StructField queryId, ExactSearchSettings settings) {
    List<String> kept = new ArrayList<>(List.of(settings.idColumn()));
    kept.addAll(settings.carriedColumns());
    List<String> read = new ArrayList<>(kept);
    read.add(settings.embeddingColumn());
    ColumnNames.require("search by", read, corpus);
    ComparedColumns.requireOrder("search", corpus.apply(settings.idColumn()));
    ComparedColumns.requireFloats("search", corpus.apply(settings.embeddingColumn()));
    StructType key = new StructType();
    for (String name : kept) {
      StructField field = corpus.apply(name);
      key = key.add(new StructField(name, field.dataType(), true, field.metadata()));
    }
    StructType result =
        new StructType()
            .add(QUERY_ID, queryId.dataType(), true)
            .add(RANK, DataTypes.IntegerType, false)
            .add(key.apply(0))
            .add(SCORE, DataTypes.DoubleType, true);
    for (String name : settings.carriedColumns()) {
      result = result.add(key.apply(key.fieldIndex(name)));
    }
    ComparedColumns.requireUnique("search", result);
    return new SearchColumns(List.copyOf(read), key, result);
  }

  /** The result's columns in a struct, after the question's number and the key. */
  StructType numberedResult() {
    return new StructType()
        .add(NUMBER, DataTypes.IntegerType, false)
        .add(KEY, DataTypes.BinaryType, false)
        .add(HIT, result, false);
  }
}
