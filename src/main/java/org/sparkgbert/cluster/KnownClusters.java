package org.sparkgbert.cluster;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparkgbert.corpus.InputPaths;
import org.sparkgbert.files.HadoopFiles;
import org.sparkgbert.lake.EmbeddingTable;

/**
 * Clusters that an earlier run found.
 *
 * @param model directory of their model
 * @param clusters the clusters
 * @param labels their labels by number; none if the earlier run's table of clusters no longer
 *     exists
 */
record KnownClusters(String model, FittedClusters clusters, Map<Integer, List<String>> labels) {
  /** Name of the model in the directory of a run. */
  static final String MODEL = "model";

  /** Name of the table of clusters there. */
  static final String CLUSTERS = "clusters";

  /**
   * Opens them.
   *
   * @param location the directory of the earlier run, or its model
   * @throws IllegalArgumentException if there is no model
   */
  static KnownClusters open(String location, SparkSession spark) {
    Configuration hadoop = spark.sessionState().newHadoopConf();
    EmbeddingTable.finishSwap(location, hadoop);
    Path inside = new Path(location, MODEL);
    Path model =
        HadoopFiles.exists(new Path(inside, ClusterModelFiles.INFO), hadoop)
            ? inside
            : new Path(location);
    FittedClusters clusters = ClusterModelFiles.load(model.toString(), spark);
    Path table = new Path(model.getParent(), CLUSTERS);
    Map<Integer, List<String>> labels = new TreeMap<>();
    if (HadoopFiles.exists(table, hadoop)) {
      for (Row row :
          InputPaths.literally(spark)
              .parquet(table.toString())
              .select("cluster", "labels")
              .collectAsList()) {
        labels.put(row.getInt(0), row.getList(1));
      }
    }
    return new KnownClusters(model.toString(), clusters, labels);
  }

  /** As if they had just been found, without a scan. */
  Clustering.Result asResult() {
    return new Clustering.Result(clusters, clusters.info().cost(), List.of(), 0);
  }
}
