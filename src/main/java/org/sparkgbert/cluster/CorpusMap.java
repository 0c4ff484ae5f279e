package org.sparkgbert.cluster;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
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
    return project(sample(clusters, embeddings, textColumn, points, seed).collectAsList());
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
        .limit(points);
  }

  /** Coordinates are centered; 0 on an axis that a vector of one dimension lacks. */
  private static List<MapPoint> project(List<Row> sample) {
    if (sample.isEmpty()) {
      return List.of();
    }
    Points points =
        Points.of(sample.size(), vector(sample.get(0)).length, i -> vector(sample.get(i)));
    Points centered = points.minus(points.mean());
    PrincipalAxes plane = PrincipalAxes.of(points, Math.min(2, points.dimension()));
    return IntStream.range(0, sample.size())
        .mapToObj(i -> point(plane, centered.row(i), sample.get(i)))
        .toList();
  }

  private static MapPoint point(PrincipalAxes plane, double[] vector, Row row) {
    double y = plane.axes().length < 2 ? 0 : plane.on(1, vector);
    return new MapPoint(plane.on(0, vector), y, row.getInt(2), row.getString(3));
  }

  private static double[] vector(Row row) {
    return row.<Vector>getAs(FEATURES).toArray();
  }
}
