package org.sparkgbert.cluster;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.TestSpark;
import org.sparkgbert.action.Progress;
import org.sparkgbert.action.Stages;

/** Tables whose rows stand in groups around the axes of a space, far from each other. */
final class Groups {
  static final int DIMENSION = 6;

  static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.IntegerType, false)
          .add("text", DataTypes.StringType, true)
          .add("embedding", DataTypes.createArrayType(DataTypes.FloatType, true), true)
          .add("group", DataTypes.IntegerType, false);

  private Groups() {}

  /** Rows of as many groups, by turns, the first near the first axis, with lengths that differ. */
  static List<Row> rows(int groups, int rows) {
    Random random = new Random(17);
    List<Row> made = new ArrayList<>();
    for (int id = 0; id < rows; id++) {
      int group = id % groups;
      float length = 1 + random.nextInt(9);
      Float[] vector = new Float[DIMENSION];
      for (int i = 0; i < DIMENSION; i++) {
        vector[i] = length * ((i == group ? 1 : 0) + 0.02f * (float) random.nextGaussian());
      }
      made.add(RowFactory.create(id, "Satz " + id, vector, group));
    }
    return made;
  }

  /** A row of that embedding. */
  static Row row(int id, String text, Float... embedding) {
    return RowFactory.create(id, text, embedding, -1);
  }

  static Dataset<Row> table(List<Row> rows, int partitions) {
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(TestSpark.session().sparkContext());
    return TestSpark.session().createDataFrame(context.parallelize(rows, partitions), SCHEMA);
  }

  /** k-means of one run. */
  static ClusteringSettings settings(KChoice k, Algorithm algorithm, Distance distance, int axes) {
    return new ClusteringSettings(k, algorithm, distance, axes, 3, 20, 1e-4, 2, 1, 1_000);
  }

  /** Cosine k-means of one run. */
  static ClusteringSettings settings(int k) {
    return settings(new KChoice.Fixed(k), Algorithm.KMEANS, Distance.COSINE, 0);
  }

  static Clustering.Result fit(Dataset<Row> table, ClusteringSettings settings) {
    try (VectorLayout vectors = VectorLayout.of(check(table, settings.distance()))) {
      return fit(vectors, settings);
    }
  }

  static Clustering.Result fit(VectorLayout vectors, ClusteringSettings settings) {
    try (Stages stages = Stages.of(TestSpark.session(), "cluster", Progress.NONE)) {
      return new Clustering(settings).fit(vectors, stages);
    }
  }

  static CheckedEmbeddings check(Dataset<Row> table, Distance distance) {
    return CheckedEmbeddings.of(table, "embedding", distance);
  }

  /** The assigned rows, by id. */
  static List<Row> assigned(FittedClusters clusters, Dataset<Row> table) {
    return clusters
        .assign(check(table, clusters.info().distance()))
        .select("id", "group", "cluster", "distance", "cluster_rank")
        .orderBy("id")
        .collectAsList();
  }

  /** Rows without groups, so that every start ends elsewhere. */
  static List<Row> noise(int rows, int dimension) {
    Random random = new Random(5);
    List<Row> made = new ArrayList<>();
    for (int id = 0; id < rows; id++) {
      Float[] vector = new Float[dimension];
      Arrays.setAll(vector, i -> 0.5f + (float) random.nextGaussian());
      made.add(RowFactory.create(id, "Satz " + id, vector, 0));
    }
    return made;
  }
}
