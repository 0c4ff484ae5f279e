package org.sparkgbert.search;

import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.sparkgbert.action.Progress;
import org.sparkgbert.action.Stages;

/**
 * Makes an index follow its corpus: rows whose id is new go to the cell of the nearest centroid,
 * rows of which any column changed are replaced, and rows whose id is gone are removed. Centroids,
 * codes and what the index was made with stay, so that cells fit less and less the more changes;
 * {@link IndexInfo#drift} tells when the index should be built again.
 *
 * <p>Files of cells in which nothing changed stay as they are, and the new table is published in
 * one step. A run that dies leaves the index as it was. For tables of Parquet.
 *
 * @param settings what to do
 */
public record UpdateIndex(UpdateIndexSettings settings) {
  /**
   * Runs the action.
   *
   * @return what changed; the table is published, unless nothing did
   * @throws IllegalArgumentException if there is no index, or it was made with other settings, of
   *     another corpus, other columns or by another model than the corpus, most of its ids are gone
   *     from the corpus and that is not allowed, an id is null or occurs twice, or the corpus
   *     cannot be read or has no embedding that can be compared
   */
  public UpdatedIndex run(SparkSession spark, Progress progress) {
    try (Stages stages = Stages.of(spark, "update index", progress)) {
      return new IndexUpdate(spark, settings, stages).run();
    }
  }

  /** All that is read. */
  public List<String> inputs() {
    return settings.corpus().paths();
  }
}
