package org.sparkgbert.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Small tables with one row per cluster, by number. */
final class ClusterTables {
  private static final DataType TEXTS = DataTypes.createArrayType(DataTypes.StringType, false);

  private static final StructType CENTROIDS =
      new StructType()
          .add("cluster", DataTypes.IntegerType, false)
          .add("centroid", DataTypes.createArrayType(DataTypes.DoubleType, false), false);

  private static final StructType CARDS =
      new StructType()
          .add("cluster", DataTypes.IntegerType, false)
          .add("size", DataTypes.LongType, false)
          .add("cohesion", DataTypes.DoubleType, false)
          .add("nearest_cluster", DataTypes.IntegerType, false)
          .add("nearest_similarity", DataTypes.DoubleType, true)
          .add("labels", TEXTS, false)
          .add("exemplars", TEXTS, false);

  private ClusterTables() {}

  /**
   * {@code cluster} and {@code centroid}, an array of doubles: after any reduction to principal
   * components, and of unit length for k-means with {@link Distance#COSINE}.
   */
  public static Dataset<Row> centroids(FittedClusters clusters, SparkSession spark) {
    var centroids = clusters.model().centroids();
    List<Row> rows =
        IntStream.range(0, centroids.length)
            .mapToObj(cluster -> RowFactory.create(cluster, centroids[cluster].toArray()))
            .toList();
    return spark.createDataFrame(rows, CENTROIDS);
  }

  /** The cards; columns are named after their components. */
  public static Dataset<Row> cards(List<ClusterCard> cards, SparkSession spark) {
    List<Row> rows = new ArrayList<>();
    for (ClusterCard card : cards) {
      rows.add(
          RowFactory.create(
              card.cluster(),
              card.size(),
              card.cohesion(),
              card.nearestCluster(),
              card.nearestSimilarity(),
              card.labels().toArray(String[]::new),
              card.exemplars().toArray(String[]::new)));
    }
    return spark.createDataFrame(rows, CARDS);
  }
}
