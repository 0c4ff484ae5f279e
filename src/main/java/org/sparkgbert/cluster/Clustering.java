package org.sparkgbert.cluster;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.sparkgbert.action.Stages;
import org.sparkgbert.model.Version;

/**
 * Finds clusters: by k-means, of few vectors in the driver and of many in Spark, or by bisecting
 * k-means of MLlib; see {@link VectorLayout#of}. K-means takes the same iterations in both places,
 * and makes a model of MLlib.
 *
 * <p><b>Repeatable:</b> for one seed, results depend only on the set of vectors, not on files,
 * partitions or order of the table, nor on the number of cores; see {@link VectorLayout}. In the
 * driver, they are the same to the last bit. What Spark does not fix is the order in which partial
 * sums of an iteration are added: it is fixed in one JVM, but across executors it is the order of
 * arrival, so the last digits of centroids can differ there, and a row exactly between two of them
 * can change its cluster. What MLlib computes, which is bisecting k-means and principal components
 * and silhouettes of large samples, is always summed in the order in which tasks end.
 */
public final class Clustering {
  private final ClusteringSettings settings;

  /** With these settings. */
  public Clustering(ClusteringSettings settings) {
    this.settings = settings;
  }

  /**
   * What was found.
   *
   * @param clusters the clusters
   * @param cost sum of squared distances to the centroids over all rows, as the last iteration
   *     found them; under {@link Distance#COSINE} of unit-length vectors
   * @param scanned the numbers of clusters that were tried on a sample, by k; empty if k was given
   * @param scannedRows number of rows in that sample, 0 if there was none
   */
  public record Result(
      FittedClusters clusters, double cost, List<ScannedK> scanned, long scannedRows) {}

  /**
   * Finds clusters; fewer than k if the initialization finds fewer.
   *
   * @param stages is told the stages
   * @throws IllegalArgumentException if there are fewer distinct vectors than k or fewer dimensions
   *     than principal components, or if the vectors were laid out for another distance
   */
  public Result fit(VectorLayout vectors, Stages stages) {
    if (vectors.embeddings().distance() != settings.distance()) {
      throw new IllegalArgumentException(
          "Cannot cluster by %s distance: vectors are laid out for %s"
              .formatted(settings.distance().measure(), vectors.embeddings().distance().measure()));
    }
    if (settings.pcaDimensions() == 0) {
      return fitFeatures(vectors, stages);
    }
    stages.begin("find principal components");
    try (VectorLayout reduced = PrincipalComponents.reduce(vectors, settings)) {
      return fitFeatures(reduced, stages);
    }
  }

  private Result fitFeatures(VectorLayout features, Stages stages) {
    stages.begin("choose k");
    KScan scan = KScan.of(features, settings, stages.progress());
    KMeansFit.requireDistinct(scan.k(), features.distinct());
    stages.begin("find clusters");
    int restarts = settings.restarts(features.rows());
    Runs runs = new Runs(stages.progress(), restarts);
    KMeansFit.Run run = new KMeansFit(settings, runs).best(features, scan.k(), restarts);
    ClusterModelInfo info =
        new ClusterModelInfo(
            ClusterModelInfo.FORMAT_VERSION,
            Version.CURRENT,
            settings.algorithm(),
            settings.distance(),
            features.embeddings().counts().dimension(),
            run.model().centroids().length,
            settings.pcaDimensions(),
            settings.seed(),
            features.rows(),
            run.cost(),
            features.embeddings().provenance().orElse(null));
    return new Result(
        new FittedClusters(info, pipeline(features, run.model().stage())),
        run.cost(),
        scan.scanned(),
        scan.rows());
  }

  /** Fitting a pipeline of fitted stages only checks the columns of its input. */
  private static PipelineModel pipeline(VectorLayout features, Transformer model) {
    List<PipelineStage> stages = new ArrayList<>(features.stages());
    stages.add(model);
    return new Pipeline()
        .setStages(stages.toArray(PipelineStage[]::new))
        .fit(FittedClusters.vectors(features.embeddings(), "row", features.stages()));
  }
}
