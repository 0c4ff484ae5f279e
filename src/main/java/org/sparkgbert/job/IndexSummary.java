package org.sparkgbert.job;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;
import java.util.List;
import org.sparkgbert.files.Secrets;
import org.sparkgbert.lake.RunManifest;
import org.sparkgbert.search.BuiltIndex;
import org.sparkgbert.search.IndexInfo;
import org.sparkgbert.search.ProbeRecall;

/**
 * Summary of an index that was built.
 *
 * @param output the table
 * @param runId the run
 * @param started when it began, ISO 8601 in UTC
 * @param finished when it ended
 * @param input the corpus
 * @param similarity what rows and questions are compared by
 * @param counts how many there are
 * @param imbalance rows of the largest cell over the mean
 * @param probe cells that a question asks by default
 * @param recalls recall at 10 by number of cells asked
 * @param bytes bytes of the data files; 0 for other formats than Parquet
 * @param seconds wall time
 */
@JsonNaming(SnakeCaseStrategy.class)
record IndexSummary(
    String output,
    String runId,
    String started,
    String finished,
    RunManifest.Input input,
    String similarity,
    Counts counts,
    double imbalance,
    int probe,
    List<Recall> recalls,
    long bytes,
    double seconds) {
  /**
   * Numbers of rows and cells.
   *
   * @param rows rows of the index
   * @param withoutEmbedding those of them that cannot be compared
   * @param cells cells
   * @param largestCell rows of the largest
   * @param sampled rows that centroids were trained on
   * @param heldOut questions that recall was measured with
   */
  @JsonNaming(SnakeCaseStrategy.class)
  record Counts(
      long rows, long withoutEmbedding, int cells, long largestCell, int sampled, int heldOut) {}

  /** See {@link ProbeRecall}. */
  @JsonNaming(SnakeCaseStrategy.class)
  record Recall(int probe, double recall, double rows) {}

  static IndexSummary of(BuiltIndex built) {
    IndexInfo info = built.info();
    return new IndexSummary(
        Secrets.hide(built.table().location()),
        built.run().runId(),
        built.run().started().toString(),
        Instant.now().toString(),
        built.run().input(),
        info.similarity().label(),
        new Counts(
            info.rows(),
            info.rows() - info.compared(),
            info.cells(),
            info.now().largest(),
            built.sampled(),
            info.heldOut()),
        info.now().imbalance(),
        info.probe(),
        info.recalls().stream()
            .map(each -> new Recall(each.probe(), each.recall(), each.rows()))
            .toList(),
        built.table().bytes(),
        built.took().toNanos() / 1e9);
  }
}
