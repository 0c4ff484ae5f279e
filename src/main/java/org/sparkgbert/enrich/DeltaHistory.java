package org.sparkgbert.enrich;

import static org.apache.spark.sql.functions.col;

import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.lake.LakeTable;

/** The versions of a table of Delta; its change data feed tells what happened between two. */
record DeltaHistory(SparkSession spark, LakeTable table) implements TableHistory {
  private static final String FEED = "delta.enableChangeDataFeed";

  @Override
  public Optional<String> newest() {
    return Optional.of(
        String.valueOf(
            spark
                .sql("DESCRIBE HISTORY %s LIMIT 1".formatted(table.name()))
                .select("version")
                .head()
                .getLong(0)));
  }

  /** A table that is brought back to an older version has that as its newest. */
  @Override
  public boolean leadsToNewest(String version) {
    return Long.parseLong(version) <= Long.parseLong(newest().orElseThrow());
  }

  @Override
  public boolean isOnlyOurs(String before, String after, int ours) {
    return Long.parseLong(after) - Long.parseLong(before) == ours;
  }

  @Override
  public Dataset<Row> changes(String before, String after) {
    if (!Boolean.parseBoolean(table.refreshed().table().properties().get(FEED))) {
      throw new IllegalArgumentException("its property %s is not true".formatted(FEED));
    }
    return spark
        .read()
        .option("readChangeFeed", "true")
        .option("startingVersion", Long.parseLong(before) + 1)
        .option("endingVersion", after)
        .table(table.name())
        .withColumn(ORDER, col("_commit_version"))
        .withColumn(THERE, col("_change_type").isin("insert", "update_postimage"))
        .drop("_change_type", "_commit_version", "_commit_timestamp");
  }

  @Override
  public boolean rewritesFiles() {
    return !Boolean.parseBoolean(table.table().properties().get("delta.enableDeletionVectors"));
  }

  @Override
  public Dataset<Row> files(String id) {
    return table
        .rows(spark)
        .select(
            ColumnNames.column(id).as("id"),
            col("_metadata.file_path").as("file"),
            col("_metadata.file_size").as("bytes"));
  }
}
