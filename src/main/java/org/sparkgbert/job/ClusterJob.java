package org.sparkgbert.job;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparkgbert.cluster.CheckedEmbeddings;
import org.sparkgbert.cluster.ClusterSettings;
import org.sparkgbert.cluster.Clustering;
import org.sparkgbert.cluster.Distance;
import org.sparkgbert.cluster.VectorLayout;
import org.sparkgbert.lake.ResultDirectory;
import org.sparkgbert.lake.RunInfo;
import org.sparkgbert.lake.TableTarget;
import org.sparkgbert.lake.TableWriter;
import org.sparkgbert.settings.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Groups embeddings, names and describes the groups, and writes it all into a directory. */
@Command(
    name = "cluster",
    description =
        "Cluster the embeddings of a table; write assignments, clusters with labels and exemplars,"
            + " the model, and a report.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true)
final class ClusterJob implements Callable<Integer> {
  private final Console console;

  @Mixin private ClusterOptions options;

  ClusterJob(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    ClusterSettings settings = options.settings();
    TableTarget target = options.target();
    Optional<String> earlier = options.earlierRun();
    options.run.requireWritable();
    try (JobSession session = JobSession.open("spark-gbert cluster", "")) {
      run(session.spark(), settings, target, earlier);
    }
    return Main.SUCCEEDED;
  }

  private void run(
      SparkSession spark, ClusterSettings settings, TableTarget target, Optional<String> earlier) {
    long start = System.nanoTime();
    TableWriter.requireWritable(spark, target);
    Dataset<Row> rows = options.input.source().open(spark).rows();
    List<String> kept = options.kept(rows.schema());
    Optional<KnownClusters> known = earlier.map(model -> KnownClusters.open(model, spark));
    Distance distance =
        known.map(clusters -> clusters.clusters().info().distance()).orElse(settings.distance());
    RunInfo run = RunInfo.begin(options.input.describe(), "");
    CheckedEmbeddings embeddings = CheckedEmbeddings.of(rows, options.embeddingColumn, distance);
    try (VectorLayout vectors = VectorLayout.of(embeddings);
        ResultDirectory directory = ResultDirectory.begin(spark, target, run)) {
      Clustering.Result found =
          known.map(KnownClusters::asResult).orElseGet(() -> new Clustering(settings).fit(vectors));
      ClusterOutput output = new ClusterOutput(options, kept, known, found, vectors);
      ClusterResult result = output.write(spark, directory, run);
      String warning = directory.publish();
      result.print(console, target.path(), (System.nanoTime() - start) / 1e9, warning);
      if (options.run.summaryJson != null) {
        JobOptions.writeSummary(
            result,
            Settings.NONE.with(JobOptions.SUMMARY_JSON, Optional.of(options.run.summaryJson)));
      }
    }
  }
}
