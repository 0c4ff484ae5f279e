package org.sparkgbert.enrich;

import org.apache.spark.sql.SparkSession;
import org.sparkgbert.action.Progress;
import org.sparkgbert.action.Stages;

/**
 * Brings a table of embeddings up to date with its corpus: one row per id of the corpus, and only
 * texts that are new are encoded.
 *
 * <pre>{@code
 * MirrorSettings settings =
 *     MirrorSettings.of(
 *         Map.of("input", "articles", "output", "articles_embedded", "id-column", "id"));
 * EnrichResult result = new MirrorCorpus(settings).run(spark, Progress.NONE);
 * }</pre>
 *
 * @param settings what to do
 */
public record MirrorCorpus(MirrorSettings settings) {
  /**
   * Runs the action.
   *
   * @param progress is told how many texts are encoded
   * @return what was done; the table is published
   * @throws IllegalArgumentException if the corpus cannot be read, ids are null or not unique, a
   *     column is missing or of the wrong type, the table has vectors of another model, or it
   *     cannot be written
   */
  public EnrichResult run(SparkSession spark, Progress progress) {
    try (Stages stages = Stages.of(spark, "enrich", progress)) {
      return new MirrorRun(spark, settings, stages).run();
    }
  }
}
