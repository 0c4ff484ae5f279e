package org.sparkgbert.job;

import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.files.SampleData;
import org.sparkgbert.tokenize.TextCleaner;

/** The German sample texts that come with the project: id, topic, text. */
final class SampleCorpus {
  private static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.LongType, false)
          .add("topic", DataTypes.StringType, false)
          .add("text", DataTypes.StringType, true);

  private SampleCorpus() {}

  /** Writes the corpus as one Parquet file, in place of what lies there, and counts its rows. */
  static long write(SparkSession spark, String path) {
    List<Row> rows = read();
    spark.createDataFrame(rows, SCHEMA).coalesce(1).write().mode(SaveMode.Overwrite).parquet(path);
    return rows.size();
  }

  /** The texts that are not blank, in their order. */
  static List<String> texts() {
    return read().stream()
        .map(row -> row.getString(2))
        .filter(text -> text != null && !TextCleaner.isBlank(text))
        .toList();
  }

  private static List<Row> read() {
    return SampleData.read("corpus.jsonl").stream()
        .map(
            text ->
                RowFactory.create(
                    text.get("id").asLong(),
                    text.get("topic").asText(),
                    text.get("text").textValue()))
        .toList();
  }
}
