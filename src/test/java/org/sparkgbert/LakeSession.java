package org.sparkgbert;

import io.delta.sql.DeltaSparkSessionExtension;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/** Sessions with the real libraries of Iceberg and Delta, beside the session of other tests. */
public final class LakeSession {
  private LakeSession() {}

  /**
   * A session with Delta's extension and a catalog {@code lake} of Iceberg. The one that the other
   * tests use stays the default.
   */
  public static SparkSession open(Path warehouse) {
    SparkSession usual = TestSpark.session();
    SparkSession.clearActiveSession();
    SparkSession.clearDefaultSession();
    SparkSession spark =
        SparkSession.builder()
            .withExtensions(new DeltaSparkSessionExtension())
            .config(
                "spark.sql.catalog.spark_catalog",
                "org.apache.spark.sql.delta.catalog.DeltaCatalog")
            .config("spark.databricks.delta.snapshotPartitions", "1")
            .config("spark.sql.catalog.lake", "org.apache.iceberg.spark.SparkCatalog")
            .config("spark.sql.catalog.lake.type", "hadoop")
            .config("spark.sql.catalog.lake.warehouse", warehouse.toString())
            .getOrCreate();
    SparkSession.setDefaultSession(usual);
    return spark;
  }

  /** Gives the thread the session of other tests again. */
  public static void close() {
    SparkSession.setActiveSession(TestSpark.session());
  }
}
