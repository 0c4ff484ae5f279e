package org.sparkgbert.cluster;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.ml.feature.PCA;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;
import org.sparkgbert.corpus.ColumnNames;

/** Maps a corpus onto a plane: the first two principal components of a sample. */
final class CorpusMap {
  /** Maximum number of points on a map. */
  public static final int MOST_POINTS = 3_000;

  /** Maximum number of characters of a text. */
  static final int TEXT_CHARACTERS = 200;

  private static final String HASH = "hash";
  private static final String FEATURES = "features";
  private static final double SPARE = 1.2;

  private CorpusMap() {}

  /**
   * Points of rows that are sampled by the seed, whatever the partitions; equal rows make one
   * point. Coordinates are centered on the sample; principal components are those of the vectors
   * that the clusters were found on.
   *
   * @param textColumn a string column; a null text becomes an empty one
   * @param points maximum number of points, from 1 to {@link #MOST_POINTS}
   * @throws IllegalArgumentException if the text's column is missing, if the number of points is
   *     out of range, or if the clusters are not for these embeddings
   */
  public static List<MapPoint> of(
      FittedClusters clusters,
      CheckedEmbeddings embeddings,
      String textColumn,
      int points,
      long seed) {
    if (points < 1 || points > MOST_POINTS) {
      throw new IllegalArgumentException(
          "Cannot draw a map: it must have from 1 to %d points, found %d"
              .formatted(MOST_POINTS, points));
    }
    ColumnNames.require("draw a map of", List.of(textColumn), embeddings.rows().schema());
    Dataset<Row> sample =
        sample(clusters, embeddings, textColumn, points, seed)
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      return project(sample);
    } finally {
      sample.unpersist();
    }
  }

  /** Rows are sampled by their hash before their clusters are computed. */
  private static Dataset<Row> sample(
      FittedClusters clusters,
      CheckedEmbeddings embeddings,
      String textColumn,
      int points,
      long seed) {
    Column text = ColumnNames.column(textColumn);
    Column hash = functions.xxhash64(functions.lit(seed), text, embeddings.vector());
    double share = SPARE * points / embeddings.counts().usable();
    return clusters
        .located(embeddings.where(VectorLayout.isInSample(hash, share)))
        .where(functions.col("cluster").isNotNull())
        .select(
            functions
                .xxhash64(
                    functions.lit(seed),
                    functions.col("row").getField(textColumn),
                    functions.col("embedding"))
                .as(HASH),
            functions.col(clusters.model().featuresColumn()).as(FEATURES),
            functions.col("cluster"),
            functions.coalesce(ClusterCards.start(textColumn, TEXT_CHARACTERS), functions.lit("")))
        .dropDuplicates(HASH)
        .orderBy(HASH)
        .limit(points)
        .coalesce(1);
  }

  private static List<MapPoint> project(Dataset<Row> sample) {
    Dataset<Row> plane = sample.count() < 2 ? null : onPlane(sample);
    List<Row> rows = (plane == null ? sample : plane).orderBy(HASH).collectAsList();
    double[] x = coordinates(rows, plane, 0);
    double[] y = coordinates(rows, plane, 1);
    return IntStream.range(0, rows.size())
        .mapToObj(i -> new MapPoint(x[i], y[i], rows.get(i).getInt(2), rows.get(i).getString(3)))
        .toList();
  }

  /** Adds a fifth column for the coordinates; a one-dimensional vector has only one. */
  private static Dataset<Row> onPlane(Dataset<Row> sample) {
    int dimension = sample.head().<Vector>getAs(FEATURES).size();
    return new PCA()
        .setInputCol(FEATURES)
        .setOutputCol("plane")
        .setK(Math.min(2, dimension))
        .fit(sample)
        .transform(sample);
  }

  /**
   * MLlib projects vectors without centering them, so their mean is subtracted here; 0 for an axis
   * that does not exist.
   */
  private static double[] coordinates(List<Row> rows, Dataset<Row> plane, int axis) {
    double[] found =
        rows.stream()
            .map(row -> plane == null ? Vectors.zeros(0) : row.<Vector>getAs("plane"))
            .mapToDouble(point -> axis < point.size() ? point.apply(axis) : 0)
            .toArray();
    double mean = Arrays.stream(found).average().orElse(0);
    return Arrays.stream(found).map(value -> value - mean).toArray();
  }
}
