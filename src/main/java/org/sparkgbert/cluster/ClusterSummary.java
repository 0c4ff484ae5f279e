package org.sparkgbert.cluster;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.sparkgbert.corpus.ColumnNames;

/**
 * What cards and map show of the rows of clusters, found in one pass over the table: each task
 * summarizes its rows, and summaries are added up in the order of partitions.
 *
 * <p><b>Memory:</b> that of the exemplars of each cluster and of the sample.
 *
 * <p><b>Threads:</b> for one.
 */
final class ClusterSummary implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Maximum number of characters of an exemplar. */
  static final int EXEMPLAR_CHARACTERS = 500;

  /** Maximum number of characters of a text on the map. */
  static final int MAP_CHARACTERS = 200;

  /** So much larger than asked for is the share of rows that the sample is taken from. */
  private static final double SPARE = 1.2;

  private final int points;
  private final Distance distance;
  private final long[] sizes;
  private final double[] similarities;
  private final List<NearestTexts> exemplars = new ArrayList<>();
  private final TreeMap<Long, SampledRow> sample = new TreeMap<>();
  private long characters;
  private double cost;

  private ClusterSummary(int clusters, Distance distance, int exemplars, int points) {
    this.points = points;
    this.distance = distance;
    this.sizes = new long[clusters];
    this.similarities = new double[clusters];
    for (int cluster = 0; cluster < clusters; cluster++) {
      this.exemplars.add(new NearestTexts(exemplars));
    }
  }

  /**
   * Assigns the rows of a table, and summarizes them.
   *
   * @param textColumn a string column
   * @param exemplars maximum number of texts per cluster, at least 1; blank ones do not count
   * @param points maximum number of rows in the sample, at least 1
   * @param seed of the sample
   * @throws IllegalArgumentException if the text's column is missing, or if the clusters are not
   *     for these embeddings
   */
  static ClusterSummary of(
      FittedClusters clusters,
      CheckedEmbeddings embeddings,
      String textColumn,
      int exemplars,
      int points,
      long seed) {
    ColumnNames.require("describe clusters by", List.of(textColumn), embeddings.rows().schema());
    Column text = col("row").getField(textColumn);
    Column hash = xxhash64(lit(seed), text, col("embedding"));
    double share = SPARE * points / embeddings.counts().usable();
    Dataset<Row> rows =
        clusters
            .located(embeddings)
            .where(col("cluster").isNotNull())
            .select(
                col("cluster"),
                col("distance"),
                col("similarity"),
                coalesce(length(text), lit(0)),
                start(text, EXEMPLAR_CHARACTERS),
                start(text, MAP_CHARACTERS),
                hash,
                when(VectorLayout.isInSample(hash, share), col(clusters.model().featuresColumn())));
    JavaRDD<ClusterSummary> parts =
        rows.toJavaRDD()
            .mapPartitions(
                new SummarizeRows(
                    clusters.model().centroids().length,
                    clusters.info().distance(),
                    exemplars,
                    points));
    return (parts.getNumPartitions() > 1 ? parts.coalesce(1, true) : parts)
        .reduce(ClusterSummary::plus);
  }

  /** The start of a text, by characters; empty for none. */
  private static Column start(Column text, int characters) {
    return coalesce(substring(trim(text), 1, characters), lit(""));
  }

  private static final class SummarizeRows
      implements FlatMapFunction<Iterator<Row>, ClusterSummary> {
    private static final long serialVersionUID = 1L;

    private final int clusters;
    private final Distance distance;
    private final int exemplars;
    private final int points;

    SummarizeRows(int clusters, Distance distance, int exemplars, int points) {
      this.clusters = clusters;
      this.distance = distance;
      this.exemplars = exemplars;
      this.points = points;
    }

    @Override
    public Iterator<ClusterSummary> call(Iterator<Row> rows) {
      ClusterSummary summary = new ClusterSummary(clusters, distance, exemplars, points);
      rows.forEachRemaining(summary::add);
      return List.of(summary).iterator();
    }
  }

  private void add(Row row) {
    int cluster = row.getInt(0);
    sizes[cluster]++;
    similarities[cluster] += row.getDouble(2);
    cost += distance.squaredAt(row.getDouble(1));
    characters += row.getInt(3);
    if (!row.getString(4).isEmpty()) {
      exemplars.get(cluster).add(row.getString(4), row.getDouble(1));
    }
    if (!row.isNullAt(7)) {
      double[] features = row.<Vector>getAs(7).toArray();
      sample(row.getLong(6), new SampledRow(features, cluster, row.getString(5)));
    }
  }

  /** Equal rows are sampled once. */
  private void sample(long hash, SampledRow row) {
    sample.putIfAbsent(hash, row);
    if (sample.size() > points) {
      sample.pollLastEntry();
    }
  }

  /** This one, with the rows of another part of the table. */
  private ClusterSummary plus(ClusterSummary other) {
    for (int cluster = 0; cluster < sizes.length; cluster++) {
      sizes[cluster] += other.sizes[cluster];
      similarities[cluster] += other.similarities[cluster];
      exemplars.get(cluster).addAll(other.exemplars.get(cluster));
    }
    characters += other.characters;
    cost += other.cost;
    other.sample.forEach(this::sample);
    return this;
  }

  /** Number of clusters. */
  int clusters() {
    return sizes.length;
  }

  /** Number of rows in a cluster. */
  long size(int cluster) {
    return sizes[cluster];
  }

  /** Mean cosine similarity of a cluster's rows to its centroid; 0 if there are none. */
  double cohesion(int cluster) {
    return sizes[cluster] == 0 ? 0 : similarities[cluster] / sizes[cluster];
  }

  /**
   * Sum of squared Euclidean distances to the centroids; under {@link Distance#COSINE} of
   * unit-length vectors.
   */
  double cost() {
    return cost;
  }

  /** The distinct texts nearest to a cluster's centroid, nearest first. */
  List<String> exemplars(int cluster) {
    return exemplars.get(cluster).texts();
  }

  /**
   * A sample of the rows, in the order of their hashes, which depends only on them and the seed.
   */
  List<SampledRow> sample() {
    return List.copyOf(sample.values());
  }

  /** Number of characters of all texts. */
  long characters() {
    return characters;
  }
}
