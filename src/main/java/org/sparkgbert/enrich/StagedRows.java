package org.sparkgbert.enrich;

import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.corpus.InputPaths;
import org.sparkgbert.lake.VectorFiles;

/**
 * Rows that were written to a directory of Parquet, complete, and are read from there as often as
 * needed: nothing that made them runs again.
 *
 * @param directory where they are
 * @param schema their columns
 */
record StagedRows(String directory, StructType schema) {

  /** Writes rows into a directory that is not there yet. */
  static StagedRows write(Dataset<Row> rows, String directory) {
    rows.write().options(VectorFiles.options(rows.schema())).parquet(directory);
    return new StagedRows(directory, rows.schema());
  }

  /** Reads them. */
  Dataset<Row> read(SparkSession spark) {
    return InputPaths.verified(spark, Optional.of(schema)).parquet(directory);
  }
}
