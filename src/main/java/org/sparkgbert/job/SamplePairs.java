package org.sparkgbert.job;

import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.files.SampleData;

/** The German sample pairs that come with the project, with their similarity from 0 to 5. */
final class SamplePairs {
  private static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.LongType, false)
          .add("sentence1", DataTypes.StringType, false)
          .add("sentence2", DataTypes.StringType, false)
          .add("similarity", DataTypes.DoubleType, false);

  private SamplePairs() {}

  /** Writes the pairs as one Parquet file, in place of what lies there, and counts them. */
  static long write(SparkSession spark, String path) {
    List<Row> rows =
        SampleData.read("pairs.jsonl").stream()
            .map(
                pair ->
                    RowFactory.create(
                        pair.get("id").asLong(),
                        pair.get("sentence1").textValue(),
                        pair.get("sentence2").textValue(),
                        pair.get("similarity").asDouble()))
            .toList();
    spark.createDataFrame(rows, SCHEMA).coalesce(1).write().mode(SaveMode.Overwrite).parquet(path);
    return rows.size();
  }
}
