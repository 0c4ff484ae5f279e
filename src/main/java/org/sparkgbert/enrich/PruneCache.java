package org.sparkgbert.enrich;

import org.apache.spark.sql.SparkSession;
import org.sparkgbert.action.Progress;
import org.sparkgbert.action.Stages;

/**
 * Removes vectors from a cache that are not needed any more, and joins its small files. Runs may
 * read the cache and add to it at the same time.
 *
 * @param settings what goes
 */
public record PruneCache(PruneSettings settings) {
  /**
   * Runs the action.
   *
   * @param progress is told what is being done
   * @return what went and what stayed
   * @throws IllegalArgumentException if there is no such cache, it is damaged, another run prunes
   *     it, or a table or a model that is to be kept cannot be read
   */
  public PrunedCache run(SparkSession spark, Progress progress) {
    CacheStore store = CacheStore.at(spark, settings.cache());
    if (!store.exists()) {
      throw new IllegalArgumentException(
          "Cannot prune %s: there is no such cache".formatted(settings.cache()));
    }
    try (Stages stages = Stages.of(spark, "prune", progress)) {
      return store.prune(settings, stages);
    }
  }
}
