package org.sparkgbert.enrich;

import java.util.Objects;
import java.util.Optional;
import org.sparkgbert.files.HadoopFiles;
import org.sparkgbert.settings.Settings;

/**
 * Where a cache of vectors is.
 *
 * @param table its directory, or its name in a catalog
 * @param format how it is stored
 */
public record CachePlace(String table, CacheFormat format) {
  /**
   * @throws IllegalArgumentException if the table is blank
   */
  public CachePlace {
    if (table.isBlank()) {
      throw new IllegalArgumentException("Cannot use a cache: its table has no name");
    }
    Objects.requireNonNull(format, "format");
    table = HadoopFiles.unambiguous(table);
  }

  /** Reads the settings of {@link CacheOptions}; empty if they name no cache. */
  public static Optional<CachePlace> of(Settings settings) {
    return settings
        .get(CacheOptions.CACHE)
        .map(table -> new CachePlace(table, settings.get(CacheOptions.CACHE_FORMAT)));
  }

  /** Whether it is a directory, and not a name in a catalog. */
  boolean hasPath() {
    return format == CacheFormat.PARQUET || table.contains("/") || table.contains(":");
  }

  @Override
  public String toString() {
    return "cache " + table;
  }
}
