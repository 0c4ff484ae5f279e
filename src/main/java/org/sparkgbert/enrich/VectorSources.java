package org.sparkgbert.enrich;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparkgbert.action.Progress;
import org.sparkgbert.settings.Settings;

/**
 * Where vectors may be known beside the table itself.
 *
 * @param cache the cache, which gets what a run encodes; empty if there is none
 * @param known the vectors of the cache and of other tables
 */
record VectorSources(Optional<VectorCache> cache, List<KnownVectors> known) {
  /**
   * Opens the tables that settings of {@link CacheOptions} name.
   *
   * @param columns the columns that are filled, by which vectors of a table with several are known
   * @param model what makes the vectors, with all settings
   * @throws IllegalArgumentException if one is missing or damaged
   */
  static VectorSources open(
      SparkSession spark, EnrichedColumns columns, RunModel model, Progress progress) {
    Settings settings = model.encoding();
    String column = columns.embedding().embedding();
    Optional<VectorCache> cache =
        CachePlace.of(settings).map(place -> VectorCache.open(spark, place, model.provenance()));
    List<KnownVectors> known = new ArrayList<>();
    cache.flatMap(VectorCache::known).ifPresent(known::add);
    known.addAll(
        new ReusedTables(settings.get(CacheOptions.REUSE), column)
            .known(spark, model.provenance(), model.keys(), progress));
    return new VectorSources(cache, known);
  }

  /**
   * All places where a run may find vectors, in the order in which they are asked.
   *
   * @param left what an interrupted run had encoded
   * @param own the vectors of the table itself
   */
  List<KnownVectors> beside(Optional<KnownVectors> left, Optional<KnownVectors> own) {
    return Stream.of(left.stream(), own.stream(), known.stream()).flatMap(each -> each).toList();
  }

  /**
   * Adds to the cache, if there is one.
   *
   * @param left what an interrupted run had encoded
   * @param encoded what this run encoded
   */
  void add(Optional<KnownVectors> left, Optional<Dataset<Row>> encoded) {
    cache.ifPresent(
        table ->
            Stream.concat(left.map(KnownVectors::rows).stream(), encoded.stream())
                .forEach(table::add));
  }
}
