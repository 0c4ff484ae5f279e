package org.sparkgbert.enrich;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;
import org.sparkgbert.action.Progress;
import org.sparkgbert.lake.CommitRetry;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.lake.LakeTable;
import org.sparkgbert.lake.RunInfo;
import org.sparkgbert.lake.RunManifest;
import org.sparkgbert.lake.StatusColumn;
import org.sparkgbert.lake.StatusCounts;

/**
 * What a table says about its embeddings: columns, manifest, and how far it is enriched.
 *
 * @param spark the session
 * @param table the table, as it was when the run began
 * @param target the columns that are filled
 * @param model what fills them
 */
record EnrichedState(SparkSession spark, TableInPlace table, TargetColumns target, RunModel model) {

  /**
   * Adds missing columns; of a column whose vectors are about to be replaced the table does not say
   * any more what made them.
   *
   * @return number of commits
   */
  int prepare(String textColumn) {
    int commits = 0;
    if (target.ofOthers() > 0 && table.made(target.columns()).isPresent()) {
      change(
          "take back what made " + column(),
          now ->
              now.manifest().ifPresent(manifest -> now.set(manifest.without(column()), Map.of())));
      commits++;
    }
    return table.add(target.columns(), textColumn) ? commits + 1 : commits;
  }

  private String column() {
    return target.columns().embedding().embedding();
  }

  private void change(String what, Consumer<LakeTable> commit) {
    CommitRetry.USUAL.run(
        "%s in table %s".formatted(what, table.table().name()),
        () -> commit.accept(table.table().refreshed()),
        Progress.NONE);
  }

  /** Says how far the table is enriched. */
  void set(Watermark mark) {
    change("say how far it is enriched", now -> now.set(mark.asProperty(target.columns())));
  }

  /**
   * Says what made the columns, and how far the table is enriched.
   *
   * @param run the run
   * @param mark empty if rows are left to the next run
   * @return the table's rows by status
   */
  StatusCounts publish(RunInfo run, Optional<Watermark> mark) {
    TableInPlace now = table.refreshed();
    StatusCounts counts = StatusCounts.of(now.rows(), statuses(now));
    boolean isOfOneModel = now.ofOthers(now.rows(), target.columns(), model) == 0;
    Optional<EmbeddingProvenance> made =
        isOfOneModel ? Optional.of(model.provenance()) : Optional.empty();
    change(
        "say what made " + column(),
        changed ->
            changed.set(
                RunManifest.ofChange(
                    run, spark.version(), changed.manifest(), column(), made, counts),
                mark.map(known -> known.asProperty(target.columns())).orElse(Map.of())));
    return counts;
  }

  /** All status columns that runs keep up to date, since the table's rows are counted by them. */
  private List<StatusColumn> statuses(TableInPlace now) {
    TreeSet<String> names = new TreeSet<>();
    now.table().manifest().ifPresent(manifest -> names.addAll(manifest.rowsByStatus().keySet()));
    names.removeIf(name -> !now.has(name));
    names.add(target.columns().embedding().status());
    return names.stream().map(StatusColumn::counted).toList();
  }
}
