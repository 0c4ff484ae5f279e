package org.sparkgbert.corpus;

import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.files.SampleData;
import org.sparkgbert.tokenize.TextCleaner;

/** The German sample texts and pairs that come with the project. */
public final class SampleTables {
  private static final StructType TEXTS =
      new StructType()
          .add("id", DataTypes.LongType, false)
          .add("topic", DataTypes.StringType, false)
          .add("text", DataTypes.StringType, true);

  private static final StructType PAIRS =
      new StructType()
          .add("id", DataTypes.LongType, false)
          .add("sentence1", DataTypes.StringType, false)
          .add("sentence2", DataTypes.StringType, false)
          .add("similarity", DataTypes.DoubleType, false);

  private SampleTables() {}

  /** The texts that are not blank, in their order. */
  public static List<String> texts() {
    return readTexts().stream()
        .map(row -> row.getString(2))
        .filter(text -> text != null && !TextCleaner.isBlank(text))
        .toList();
  }

  /**
   * Writes the texts ({@code id}, {@code topic}, {@code text}) as one Parquet file, replacing what
   * is there.
   *
   * @return number of rows
   */
  public static int writeTexts(SparkSession spark, String path) {
    return write(spark, readTexts(), TEXTS, path);
  }

  /**
   * Writes the pairs ({@code id}, {@code sentence1}, {@code sentence2}, {@code similarity} from 0
   * to 5) as one Parquet file, replacing what is there.
   *
   * @return number of rows
   */
  public static int writePairs(SparkSession spark, String path) {
    return write(spark, readPairs(), PAIRS, path);
  }

  private static int write(SparkSession spark, List<Row> rows, StructType schema, String path) {
    spark.createDataFrame(rows, schema).coalesce(1).write().mode(SaveMode.Overwrite).parquet(path);
    return rows.size();
  }

  private static List<Row> readTexts() {
    return SampleData.read("corpus.jsonl").stream()
        .map(
            text ->
                RowFactory.create(
                    text.get("id").asLong(),
                    text.get("topic").asText(),
                    text.get("text").textValue()))
        .toList();
  }

  private static List<Row> readPairs() {
    return SampleData.read("pairs.jsonl").stream()
        .map(
            pair ->
                RowFactory.create(
                    pair.get("id").asLong(),
                    pair.get("sentence1").textValue(),
                    pair.get("sentence2").textValue(),
                    pair.get("similarity").asDouble()))
        .toList();
  }
}
