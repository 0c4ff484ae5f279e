package org.sparkgbert.job;

import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.sparkgbert.embed.DefaultModel;
import org.sparkgbert.embed.ModelPreload;
import org.sparkgbert.embed.ModelReference;
import org.sparkgbert.lake.Partitioning;

/**
 * The Spark session of a job; closing it stops Spark if the job started it.
 *
 * @param spark the session
 * @param isOwn whether the job started it
 */
record JobSession(SparkSession spark, boolean isOwn) implements AutoCloseable {
  private static final String MIN_PARTITIONS = "spark.sql.files.minPartitionNum";

  /**
   * The running session, or a new one: with the settings given to Spark, or else on all cores of
   * this machine.
   *
   * @param console is told first that Spark starts, since that takes seconds
   * @param model where the job's model is; the default model is shipped to executors
   */
  static JobSession open(String name, String model, Console console) {
    if (SparkSession.getDefaultSession().nonEmpty()) {
      return new JobSession(SparkSession.active(), false);
    }
    console.note("Starting Spark ...");
    SparkConf settings = new SparkConf();
    boolean copiesJars = settings.get("spark.jars", "").contains("onnxruntime");
    settings
        .setIfMissing("spark.master", "local[*]")
        .setIfMissing("spark.app.name", name)
        .setIfMissing("spark.ui.showConsoleProgress", "false")
        // The progress of running tasks comes with heartbeats; the first must not come while an
        // executor is still copying hundreds of megabytes of jars.
        .setIfMissing("spark.executor.heartbeatInterval", copiesJars ? "10s" : "3s")
        // Cached small tables then have few partitions, not one per shuffle partition.
        .setIfMissing("spark.sql.optimizer.canChangeCachedPlanOutputPartitioning", "true")
        // Spark would list each directory of a partitioned table in a task of its own, and a task
        // reads Hadoop's settings first, which takes longer.
        .setIfMissing("spark.sql.sources.parallelPartitionDiscovery.parallelism", "32")
        // Spark's 4096 embeddings at once do not fit a processor's cache, and cost memory.
        .setIfMissing("spark.sql.parquet.columnarReaderBatchSize", "256")
        // A copy of a slow task would load the model again.
        .setIfMissing("spark.speculation", "false");
    if (model.equals(ModelReference.DEFAULT)) {
      DefaultModel.ship(settings);
    }
    if (!model.isEmpty()) {
      ModelPreload.start(model, settings);
    }
    return new JobSession(SparkSession.builder().config(settings).getOrCreate(), true);
  }

  /**
   * Has files read by at least two tasks per core, unless the user set how many: so that cores end
   * together where tasks do much with what they read. A session that was running stays as it is.
   */
  JobSession readInManyTasks() {
    if (isOwn && !spark.conf().contains(MIN_PARTITIONS)) {
      spark.conf().set(MIN_PARTITIONS, Integer.toString(Partitioning.tasks(spark)));
    }
    return this;
  }

  @Override
  public void close() {
    if (isOwn) {
      spark.stop();
    }
  }
}
