package org.sparkgbert.enrich;

import org.apache.spark.sql.SparkSession;
import org.sparkgbert.action.Progress;

/**
 * Keeps a table of Iceberg or Delta up to date with rows as they arrive in a corpus, by Structured
 * Streaming: each batch is merged by id, and only texts are encoded that the table does not have.
 *
 * <pre>{@code
 * FollowSettings settings =
 *     FollowSettings.of(
 *         Map.of(
 *             "input", "articles",
 *             "output", "lake.db.articles_embedded",
 *             "output-format", "iceberg",
 *             "id-column", "id",
 *             "follow", "true",
 *             "checkpoint", "articles_checkpoint"));
 * FollowResult result = new FollowSource(settings).run(spark, Progress.NONE, new StopRequest());
 * }</pre>
 *
 * <p><b>Exactly once:</b> a batch that is done again, because its run died between the MERGE and
 * Spark's commit log, finds its rows in the table and changes nothing. The commit names the query
 * and the batch: snapshot properties {@code spark-gbert-query} and {@code spark-gbert-batch} in
 * Iceberg, user metadata in Delta.
 *
 * <p><b>Checkpoints and versions:</b> the query has one source and no state of its own, and its
 * sink is a function, so that by Spark's rules for restarts any version of spark-gbert can go on
 * with the checkpoint of another, whatever changed in between, as long as the file beside it is of
 * a layout that it reads. Spark reads the checkpoints of its older versions, and Iceberg and Delta
 * read their own offsets in it. Rate limits among the options of the source may change; its path
 * and format may not.
 *
 * @param settings what to do
 */
public record FollowSource(FollowSettings settings) {
  /**
   * Runs the action, until all is done that has arrived, or it is stopped.
   *
   * @param progress is told of each batch
   * @param stop ends it
   * @return what was done; the table has all batches that ended
   * @throws IllegalArgumentException if the corpus cannot be followed, the table cannot be merged
   *     into, or the checkpoint began with another model or other settings
   * @throws IllegalStateException if a batch fails; the next run does it again
   */
  public FollowResult run(SparkSession spark, Progress progress, StopRequest stop) {
    return new FollowRun(spark, settings, progress).run(stop);
  }
}
