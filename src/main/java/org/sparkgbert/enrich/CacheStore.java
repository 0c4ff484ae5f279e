package org.sparkgbert.enrich;

import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparkgbert.action.Stages;

/** How the rows of a cache are kept; see {@link CachedVectors}. */
sealed interface CacheStore permits CacheDirectory, CacheTable {
  /** The store at a place, whether it exists or not. */
  static CacheStore at(SparkSession spark, CachePlace place) {
    return switch (place.format()) {
      case PARQUET -> new CacheDirectory(spark, place);
      case ICEBERG, DELTA -> new CacheTable(spark, place);
    };
  }

  /**
   * Whether the cache exists.
   *
   * @throws IllegalArgumentException if something else is there
   */
  boolean exists();

  /** Makes an empty cache if there is none; several runs may do so at once. */
  void create();

  /**
   * The vectors of a fingerprint, as they are now, whatever is added or pruned later.
   *
   * @return empty if there are none; else columns as in {@link CachedVectors#SCHEMA}
   * @throws IllegalArgumentException if files are damaged, or were not written for it
   */
  Optional<Dataset<Row>> rows(String fingerprint);

  /**
   * Adds vectors, whatever other runs add at the same time.
   *
   * @param rows columns as in {@link CachedVectors#SCHEMA} and the fingerprint, of one fingerprint
   * @param count how many there are
   */
  void add(Dataset<Row> rows, long count, String fingerprint);

  /**
   * Removes vectors, whatever runs read or add at the same time.
   *
   * @throws IllegalArgumentException if it is damaged, another run prunes it, or a table or a model
   *     that is to be kept cannot be read
   */
  PrunedCache prune(PruneSettings settings, Stages stages);
}
