package org.sparkgbert.cluster;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;
import org.sparkgbert.corpus.ColumnNames;

/** Describes clusters by the rows of a table that are assigned to them. */
final class ClusterCards {
  /** Maximum number of characters of an exemplar. */
  static final int EXEMPLAR_CHARACTERS = 500;

  private static final String TEXT = "text";

  private ClusterCards() {}

  /**
   * One card per cluster, by number, without labels; a cluster without rows has cohesion 0.
   * Cohesion is measured in the space in which the clusters were found, so after any reduction to
   * principal components.
   *
   * @param textColumn a string column
   * @param exemplars maximum number of texts per cluster; blank ones do not count
   * @throws IllegalArgumentException if the text's column is missing, or if the clusters are not
   *     for these embeddings
   */
  public static List<ClusterCard> of(
      FittedClusters clusters, CheckedEmbeddings embeddings, String textColumn, int exemplars) {
    ColumnNames.require("describe clusters by", List.of(textColumn), embeddings.rows().schema());
    Dataset<Row> located =
        clusters
            .located(embeddings)
            .where(functions.col("cluster").isNotNull())
            .select(
                functions.col("cluster"),
                functions.col("distance"),
                functions.col("similarity"),
                start(textColumn, EXEMPLAR_CHARACTERS).as(TEXT))
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      return cards(clusters, sizes(located), exemplars(located, exemplars));
    } finally {
      located.unpersist();
    }
  }

  /** The start of a text, by characters. */
  static Column start(String textColumn, int characters) {
    return functions.substring(
        functions.trim(functions.col("row").getField(textColumn)), 1, characters);
  }

  private static Map<Integer, Row> sizes(Dataset<Row> located) {
    return located
        .groupBy("cluster")
        .agg(functions.count(functions.lit(1)), functions.avg("similarity"))
        .collectAsList()
        .stream()
        .collect(Collectors.toMap(row -> row.getInt(0), row -> row));
  }

  private static Map<Integer, List<String>> exemplars(Dataset<Row> located, int most) {
    Column rank =
        functions
            .row_number()
            .over(
                Window.partitionBy("cluster")
                    .orderBy(functions.col("nearest"), functions.col(TEXT)));
    return located
        .where(functions.length(functions.col(TEXT)).gt(0))
        .groupBy("cluster", TEXT)
        .agg(functions.min("distance").as("nearest"))
        .withColumn("rank", rank)
        .where(functions.col("rank").leq(most))
        .collectAsList()
        .stream()
        .sorted(Comparator.comparingInt(row -> row.getAs("rank")))
        .collect(
            Collectors.groupingBy(
                row -> row.getInt(0),
                Collectors.mapping(row -> row.getString(1), Collectors.toList())));
  }

  private static List<ClusterCard> cards(
      FittedClusters clusters, Map<Integer, Row> sizes, Map<Integer, List<String>> exemplars) {
    Vector[] centroids = clusters.model().centroids();
    List<ClusterCard> cards = new ArrayList<>();
    for (int cluster = 0; cluster < centroids.length; cluster++) {
      Row size = sizes.get(cluster);
      int nearest = nearest(centroids, cluster);
      cards.add(
          new ClusterCard(
              cluster,
              size == null ? 0 : size.getLong(1),
              size == null ? 0 : size.getDouble(2),
              nearest,
              nearest < 0
                  ? null
                  : Distance.cosineSimilarity(centroids[cluster], centroids[nearest]),
              List.of(),
              exemplars.getOrDefault(cluster, List.of())));
    }
    return cards;
  }

  /** Of equally similar ones the first; -1 if there is no other. */
  private static int nearest(Vector[] centroids, int cluster) {
    int best = -1;
    double similarity = Double.NEGATIVE_INFINITY;
    for (int other = 0; other < centroids.length; other++) {
      double here = Distance.cosineSimilarity(centroids[cluster], centroids[other]);
      if (other != cluster && here > similarity) {
        best = other;
        similarity = here;
      }
    }
    return best;
  }
}
