package org.sparkgbert.action;

import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * The stages of an action: each is named in the Spark UI, as the description of its jobs, and
 * reported to a listener.
 *
 * <p><b>Ownership:</b> sets the job group of the calling thread; closing restores the previous one.
 *
 * <p><b>Threads:</b> for the thread that made it.
 */
public final class Stages implements AutoCloseable {
  private static final String GROUP = "spark.jobGroup.id";
  private static final String DESCRIPTION = "spark.job.description";

  private final SparkContext spark;
  private final String action;
  private final Progress progress;
  private final String outerGroup;
  private final String outerDescription;
  private boolean open;

  private Stages(SparkContext spark, String action, Progress progress) {
    this.spark = spark;
    this.action = action;
    this.progress = progress;
    this.outerGroup = spark.getLocalProperty(GROUP);
    this.outerDescription = spark.getLocalProperty(DESCRIPTION);
    spark.setLocalProperty(GROUP, "spark-gbert " + action);
    spark.setLocalProperty(DESCRIPTION, action);
  }

  /**
   * Begins an action.
   *
   * @param action its name, such as {@code embed}
   */
  public static Stages of(SparkSession spark, String action, Progress progress) {
    return new Stages(spark.sparkContext(), action, progress);
  }

  /** The listener. */
  public Progress progress() {
    return progress;
  }

  /**
   * Ends the current stage, if there is one, and begins the next.
   *
   * @param stage what it does, such as {@code encode texts}
   */
  public void begin(String stage) {
    end();
    spark.setLocalProperty(DESCRIPTION, action + ": " + stage);
    progress.begin(stage);
    open = true;
  }

  private void end() {
    if (open) {
      open = false;
      progress.end();
    }
  }

  @Override
  public void close() {
    end();
    spark.setLocalProperty(GROUP, outerGroup);
    spark.setLocalProperty(DESCRIPTION, outerDescription);
  }
}
