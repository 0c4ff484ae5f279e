package org.sparkgbert.job;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;
import org.sparkgbert.files.Secrets;
import org.sparkgbert.lake.RunManifest;
import org.sparkgbert.search.IndexChanges;
import org.sparkgbert.search.IndexInfo;
import org.sparkgbert.search.IndexState;
import org.sparkgbert.search.UpdatedIndex;

/**
 * Summary of an index that was made to follow its corpus.
 *
 * @param output the table
 * @param published whether it was written; it is not if nothing changed
 * @param runId the run
 * @param started when it began, ISO 8601 in UTC
 * @param finished when it ended
 * @param input the corpus
 * @param counts what became of rows
 * @param probe cells that a question asks by default
 * @param built rows and cells when the index was built
 * @param now rows and cells after this run
 * @param rebuild why the index should be built again; empty if it need not
 * @param bytes bytes of the data files; 0 if it was not written
 * @param seconds wall time
 */
@JsonNaming(SnakeCaseStrategy.class)
record UpdatedIndexSummary(
    String output,
    boolean published,
    String runId,
    String started,
    String finished,
    RunManifest.Input input,
    Counts counts,
    int probe,
    Cells built,
    Cells now,
    String rebuild,
    long bytes,
    double seconds) {
  /** See {@link IndexChanges}. */
  @JsonNaming(SnakeCaseStrategy.class)
  record Counts(long added, long changed, long unchanged, long removed, int cellsWritten) {}

  /**
   * Rows and cells at one time; see {@link IndexState}.
   *
   * @param recall recall at 10 with the cells asked by default; null if it was not measured
   */
  @JsonNaming(SnakeCaseStrategy.class)
  record Cells(
      long rows,
      long withoutEmbedding,
      int cells,
      long largestCell,
      double imbalance,
      Double recall) {
    private static Cells of(IndexState state) {
      return new Cells(
          state.rows(),
          state.rows() - state.compared(),
          state.cells(),
          state.largest(),
          state.imbalance(),
          state.recall().orElse(null));
    }
  }

  static UpdatedIndexSummary of(UpdatedIndex updated) {
    IndexInfo info = updated.info();
    IndexChanges changes = updated.changes();
    return new UpdatedIndexSummary(
        Secrets.hide(updated.location()),
        updated.table().isPresent(),
        updated.run().runId(),
        updated.run().started().toString(),
        Instant.now().toString(),
        updated.run().input(),
        new Counts(
            changes.added(),
            changes.changed(),
            changes.unchanged(),
            changes.removed(),
            changes.cellsWritten()),
        info.probe(),
        Cells.of(info.built()),
        Cells.of(info.now()),
        info.drift().orElse(""),
        updated.table().map(table -> table.bytes()).orElse(0L),
        updated.took().toNanos() / 1e9);
  }
}
