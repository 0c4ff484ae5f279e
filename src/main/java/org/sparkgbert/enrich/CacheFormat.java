package org.sparkgbert.enrich;

/** How a cache of vectors is stored. */
public enum CacheFormat {
  /** A directory of Parquet files with a layout of our own. */
  PARQUET,
  /** A table of Iceberg, by its name. */
  ICEBERG,
  /** A table of Delta, by its name or its directory. */
  DELTA
}
