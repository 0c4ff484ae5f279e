package org.sparkgbert.enrich;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.sparkgbert.embed.ModelReference;
import org.sparkgbert.lake.EmbeddingProvenance;

/**
 * Which vectors of a cache go.
 *
 * <p><b>Ownership:</b> keeps the keys of texts in use on the executors' disks until it is closed.
 *
 * @param addedBefore only those that were added before this day, UTC; empty for all
 * @param otherModels the fingerprints of which all such vectors go
 * @param inUse columns {@code fingerprint} and {@code key}: those that stay; empty if that does not
 *     matter
 * @param all whether age alone decides
 */
record PruneRules(
    Optional<LocalDate> addedBefore,
    Set<String> otherModels,
    Optional<Dataset<Row>> inUse,
    boolean all)
    implements AutoCloseable {
  /** Column that says whether a vector goes. */
  static final String GOES = "goes";

  private static final String IN_USE = "in_use";

  /**
   * Finds out what is in use.
   *
   * @param made what made the vectors of the cache
   */
  static PruneRules of(PruneSettings settings, SparkSession spark, List<EmbeddingProvenance> made) {
    Set<String> models =
        settings.keepModels().stream()
            .map(model -> new ModelReference(model, "").open().identity())
            .collect(Collectors.toSet());
    Set<String> others =
        made.stream()
            .filter(one -> !models.isEmpty() && !models.contains(one.modelIdentity()))
            .map(EmbeddingProvenance::fingerprint)
            .collect(Collectors.toSet());
    List<EmbeddingProvenance> kept =
        made.stream().filter(one -> !others.contains(one.fingerprint())).toList();
    Optional<Dataset<Row>> inUse =
        settings.keep().isEmpty() || kept.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new KeptTexts(settings.keep()).keys(spark, kept).persist(StorageLevel.DISK_ONLY()));
    return new PruneRules(
        settings.olderThan().map(days -> LocalDate.now(ZoneOffset.UTC).minusDays(days)),
        others,
        inUse,
        settings.keep().isEmpty() && settings.keepModels().isEmpty());
  }

  /** Rows of a cache with the column {@link #GOES}, which is never null. */
  Dataset<Row> judge(Dataset<Row> rows) {
    Column old =
        addedBefore
            .map(day -> coalesce(col(CachedVectors.ADDED).lt(lit(day)), lit(false)))
            .orElse(lit(true));
    if (all) {
      return rows.withColumn(GOES, old);
    }
    Column other = col(CachedVectors.FINGERPRINT).isin(otherModels.toArray());
    if (inUse.isEmpty()) {
      return rows.withColumn(GOES, old.and(other));
    }
    Column unused = col(IN_USE).isNull();
    return rows.join(
            inUse.get().withColumn(IN_USE, lit(true)),
            new String[] {CachedVectors.FINGERPRINT, VectorRows.KEY},
            "left")
        .withColumn(GOES, old.and(other.or(unused)))
        .drop(IN_USE);
  }

  /** Whether keys decide which vectors of a fingerprint go. */
  boolean dependsOnKeys(String fingerprint) {
    return inUse.isPresent() && !otherModels.contains(fingerprint);
  }

  @Override
  public void close() {
    inUse.ifPresent(Dataset::unpersist);
  }
}
