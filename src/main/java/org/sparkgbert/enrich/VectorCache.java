package org.sparkgbert.enrich;

import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparkgbert.corpus.WholeReads;
import org.sparkgbert.lake.EmbeddingProvenance;

/**
 * A table of vectors by fingerprint and key that runs over many tables share.
 *
 * <p>Runs read it and add to it at the same time, with no lease: what they add becomes visible file
 * by file or in one commit, and a key that two of them add is harmless. It never holds texts that
 * failed, and none without a key.
 */
final class VectorCache {
  private final SparkSession spark;
  private final CachePlace place;
  private final CacheStore store;
  private final EmbeddingProvenance made;

  private VectorCache(
      SparkSession spark, CachePlace place, CacheStore store, EmbeddingProvenance made) {
    this.spark = spark;
    this.place = place;
    this.store = store;
    this.made = made;
  }

  /**
   * Opens a cache; one that is missing is made when the first vectors are added.
   *
   * @param made what makes the vectors of this run
   * @throws IllegalArgumentException if something else has its name
   */
  static VectorCache open(SparkSession spark, CachePlace place, EmbeddingProvenance made) {
    CacheStore store = CacheStore.at(spark, place);
    store.exists();
    return new VectorCache(spark, place, store, made);
  }

  /**
   * The vectors that were made as this run makes them; empty if there are none.
   *
   * @throws IllegalArgumentException if files are damaged, or were not written for the cache, or a
   *     setting of the session leaves out rows without a word
   */
  Optional<KnownVectors> known() {
    WholeReads.require(spark);
    return store.exists()
        ? store
            .rows(made.fingerprint())
            .map(rows -> CachedVectors.known(rows, made.dimension(), place.toString()))
        : Optional.empty();
  }

  /**
   * Adds vectors of this run. Whoever is killed meanwhile has added some of them or none, so they
   * must be kept elsewhere until this returns.
   *
   * @param encoded columns as in {@link VectorRows#SCHEMA}; read twice, so nothing may be encoded
   *     when it is read
   * @return how many vectors were added: not those of texts that failed or are blank
   */
  long add(Dataset<Row> encoded) {
    Dataset<Row> rows = CachedVectors.of(encoded, made);
    long count = rows.count();
    if (count > 0) {
      store.create();
      store.add(rows, count, made.fingerprint());
    }
    return count;
  }
}
