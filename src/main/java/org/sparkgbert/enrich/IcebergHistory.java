package org.sparkgbert.enrich;

import static org.apache.spark.sql.functions.col;

import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.lake.LakeTable;

/**
 * The snapshots of a table of Iceberg. Its metadata table {@code changes} tells what happened
 * between two of them; of rows that were copied into another file it says that they were deleted
 * and inserted. It refuses snapshots with delete files, as merge-on-read makes them, while an
 * incremental read by {@code start-snapshot-id} would leave out updates without a word.
 */
record IcebergHistory(SparkSession spark, LakeTable table) implements TableHistory {
  private static final String NEWEST = "current-snapshot-id";

  @Override
  public Optional<String> newest() {
    return Optional.ofNullable(table.refreshed().table().properties().get(NEWEST))
        .filter(id -> !id.equals("none"));
  }

  private Dataset<Row> metadata(String name) {
    table.refreshed();
    return spark.table(table.name() + "." + name);
  }

  @Override
  public boolean leadsToNewest(String version) {
    return !metadata("history")
        .where(col("snapshot_id").equalTo(version).and(col("is_current_ancestor")))
        .join(metadata("snapshots").select(col("snapshot_id")), "snapshot_id")
        .isEmpty();
  }

  @Override
  public boolean isOnlyOurs(String before, String after, int ours) {
    if (before.equals(after)) {
      return ours == 0;
    }
    return ours == 1
        && !metadata("snapshots")
            .where(col("snapshot_id").equalTo(after).and(col("parent_id").equalTo(before)))
            .isEmpty();
  }

  @Override
  public Dataset<Row> changes(String before, String after) {
    table.refreshed();
    return spark
        .read()
        .option("start-snapshot-id", before)
        .option("end-snapshot-id", after)
        .table(table.name() + ".changes")
        .withColumn(ORDER, col("_change_ordinal"))
        .withColumn(THERE, col("_change_type").equalTo("INSERT"))
        .drop("_change_type", "_change_ordinal", "_commit_snapshot_id");
  }

  @Override
  public boolean rewritesFiles() {
    return !"merge-on-read".equals(table.table().properties().get("write.merge.mode"));
  }

  @Override
  public Dataset<Row> files(String id) {
    return table
        .rows(spark)
        .select(ColumnNames.column(id).as("id"), col("_file").as("file"))
        .join(
            metadata("files").select(col("file_path"), col("file_size_in_bytes").as("bytes")),
            col("file").equalTo(col("file_path")))
        .drop("file_path");
  }
}
