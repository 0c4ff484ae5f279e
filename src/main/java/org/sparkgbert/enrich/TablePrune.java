package org.sparkgbert.enrich;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import org.sparkgbert.action.Stages;
import org.sparkgbert.lake.CommitRetry;
import org.sparkgbert.lake.EmbeddingProvenance;

/**
 * Prunes a cache of Iceberg or Delta, by one commit for each fingerprint. Its files are left to the
 * formats' own maintenance.
 *
 * @param table the cache
 * @param settings what goes
 */
record TablePrune(CacheTable table, PruneSettings settings) {
  private static final String DOOMED = "doomed_key";

  PrunedCache run(Stages stages) {
    Optional<Dataset<Row>> rows = table.newest();
    if (rows.isEmpty()) {
      return new PrunedCache(List.of(), 0, 0);
    }
    stages.begin("find what goes");
    Map<String, EmbeddingProvenance> made = made(rows.get());
    try (PruneRules rules = PruneRules.of(settings, table.spark(), List.copyOf(made.values()))) {
      Dataset<Row> judged =
          rules.judge(
              rows.get().select(CachedVectors.FINGERPRINT, VectorRows.KEY, CachedVectors.ADDED));
      List<PrunedCache.Share> shares = shares(judged, made);
      if (!settings.dryRun()) {
        stages.begin("delete");
        for (PrunedCache.Share share : shares) {
          if (share.gone() > 0) {
            Runnable delete = deletion(judged, share.made().fingerprint(), rules);
            CommitRetry.USUAL.run("prune " + table.place(), delete, stages.progress());
          }
        }
      }
      return new PrunedCache(shares, 0, 0);
    }
  }

  private static Map<String, EmbeddingProvenance> made(Dataset<Row> rows) {
    Map<String, EmbeddingProvenance> made = new TreeMap<>();
    rows.groupBy(CachedVectors.FINGERPRINT)
        .agg(first(CachedVectors.MADE))
        .collectAsList()
        .forEach(row -> made.put(row.getString(0), CachedVectors.made(row.getString(1))));
    return made;
  }

  private static List<PrunedCache.Share> shares(
      Dataset<Row> judged, Map<String, EmbeddingProvenance> made) {
    List<PrunedCache.Share> shares = new ArrayList<>();
    judged
        .groupBy(CachedVectors.FINGERPRINT)
        .agg(count(lit(1)), sum(col(PruneRules.GOES).cast("int")))
        .orderBy(CachedVectors.FINGERPRINT)
        .collectAsList()
        .forEach(
            row -> {
              EmbeddingProvenance by = made.get(row.getString(0));
              long bytes = TextKeys.BYTES + (long) Float.BYTES * by.dimension();
              shares.add(
                  new PrunedCache.Share(
                      by,
                      row.getLong(1),
                      row.getLong(2),
                      row.getLong(1) * bytes,
                      row.getLong(2) * bytes));
            });
    return shares;
  }

  private Runnable deletion(Dataset<Row> judged, String fingerprint, PruneRules rules) {
    String condition =
        "%s = '%s'".formatted(CachedVectors.FINGERPRINT, fingerprint)
            + rules
                .addedBefore()
                .map(day -> " AND %s < DATE '%s'".formatted(CachedVectors.ADDED, day))
                .orElse("");
    if (!rules.dependsOnKeys(fingerprint)) {
      return () -> table.spark().sql("DELETE FROM %s WHERE %s".formatted(table.name(), condition));
    }
    Dataset<Row> doomed =
        judged
            .where(col(CachedVectors.FINGERPRINT).equalTo(fingerprint).and(col(PruneRules.GOES)))
            .select(col(VectorRows.KEY).as(DOOMED))
            .distinct()
            // What is deleted from must not be read again while it changes.
            .localCheckpoint(true, StorageLevel.DISK_ONLY());
    return () ->
        doomed
            .mergeInto(
                table.name(), expr("%s AND %s = %s".formatted(condition, VectorRows.KEY, DOOMED)))
            .whenMatched()
            .delete()
            .merge();
  }
}
