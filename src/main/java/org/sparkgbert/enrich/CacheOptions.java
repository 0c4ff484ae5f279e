package org.sparkgbert.enrich;

import java.util.List;
import java.util.Optional;
import org.sparkgbert.settings.Setting;
import org.sparkgbert.settings.ValueType;

/** Settings that name tables with vectors that need not be encoded. */
public final class CacheOptions {
  /** Where the cache is. */
  public static final Setting<Optional<String>> CACHE =
      Setting.optional("cache", ValueType.TEXT)
          .label("TABLE")
          .meaning(
              "Table of vectors that runs over many tables share; it is made if it is missing.");

  /** How it is stored. */
  public static final Setting<CacheFormat> CACHE_FORMAT =
      Setting.choice("cache-format", CacheFormat.PARQUET)
          .requires(CACHE)
          .meaning("parquet (a directory), iceberg or delta: format of the cache.");

  /** Other tables with vectors. */
  public static final Setting<List<String>> REUSE =
      Setting.repeated("reuse")
          .label("TABLE")
          .meaning(
              "Table of spark-gbert with vectors to use again, if the same model and settings made"
                  + " them.");

  /** All of them. */
  public static final List<Setting<?>> ALL = List.of(CACHE, CACHE_FORMAT, REUSE);

  private CacheOptions() {}
}
