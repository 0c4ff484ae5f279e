package org.sparkgbert.cluster;

import static org.apache.spark.ml.functions.array_to_vector;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.sparkgbert.corpus.ColumnNames;

/** Clusters that were found, to which rows can be assigned. Immutable. */
public final class FittedClusters {
  /** Column with the cluster. */
  public static final String CLUSTER = "cluster";

  /** Column with the distance to the cluster's centroid. */
  public static final String DISTANCE = "distance";

  /** Column with the rank within the cluster. */
  public static final String CLUSTER_RANK = "cluster_rank";

  private static final String ROW = "row";
  private static final String USABLE = "usable";

  private final ClusterModelInfo info;
  private final PipelineModel pipeline;
  private final CentroidModel model;

  /**
   * @throws IllegalArgumentException if the pipeline does not end in a k-means model of MLlib
   */
  FittedClusters(ClusterModelInfo info, PipelineModel pipeline) {
    this.info = info;
    this.pipeline = pipeline;
    Transformer[] stages = pipeline.stages();
    this.model = CentroidModel.of(stages[stages.length - 1]);
  }

  /** Describes the clusters. */
  public ClusterModelInfo info() {
    return info;
  }

  /**
   * The stages, all from MLlib: from the column {@link VectorLayout#VECTOR}, an embedding as {@code
   * functions.array_to_vector} gives it, to the column {@link #CLUSTER}.
   */
  public PipelineModel pipeline() {
    return pipeline;
  }

  /**
   * Assigns rows to clusters, lazily: the table's columns, and
   *
   * <ul>
   *   <li>{@code cluster} int: that of the nearest centroid, from 0; null for a row without a
   *       usable embedding
   *   <li>{@code distance} double: to that centroid; with {@link Distance#COSINE} 1 minus cosine
   *       similarity
   *   <li>{@code cluster_rank} int: from 1 for the row nearest to the centroid; rows at equal
   *       distances are in the order of a hash of the row
   * </ul>
   *
   * <p>Each cluster is sorted by one task, on disk if memory is short.
   *
   * @throws IllegalArgumentException if the table has one of these columns, or if the clusters are
   *     not for its embeddings
   */
  public Dataset<Row> assign(CheckedEmbeddings embeddings) {
    List<String> all = List.of(embeddings.rows().columns());
    requireFree(all, "rename it");
    return assign(embeddings, all);
  }

  /**
   * The same of some of the table's columns, {@link #requireFree whose names are free}; ranks are
   * those of the whole rows.
   *
   * @throws IllegalArgumentException if the clusters were not found for its embeddings
   */
  Dataset<Row> assign(CheckedEmbeddings embeddings, List<String> kept) {
    Column rank =
        functions
            .row_number()
            .over(
                Window.partitionBy(CLUSTER).orderBy(functions.col(DISTANCE), functions.col("tie")));
    Stream<Column> columns =
        Stream.concat(
            kept.stream().map(name -> functions.col(ROW).getField(name).as(name)),
            Stream.of(CLUSTER, DISTANCE, CLUSTER_RANK).map(functions::col));
    return located(embeddings)
        .withColumn("tie", rowHash(embeddings.rows()))
        .withColumn(CLUSTER_RANK, functions.when(functions.col(CLUSTER).isNotNull(), rank))
        .select(columns.toArray(Column[]::new));
  }

  /**
   * Checks whether rows can be assigned, before any clusters are found.
   *
   * @param columns those that the result keeps
   * @param remedy what to do about one that is in the way, as in "rename it"
   * @throws IllegalArgumentException if one has the name of a column that {@link #assign} adds
   */
  static void requireFree(List<String> columns, String remedy) {
    for (String name : List.of(CLUSTER, DISTANCE, CLUSTER_RANK)) {
      if (columns.stream().anyMatch(name::equalsIgnoreCase)) {
        throw new IllegalArgumentException(
            "Cannot add column %s: the table already has one; %s".formatted(name, remedy));
      }
    }
  }

  /** Spark cannot hash maps. */
  private static Column rowHash(Dataset<Row> rows) {
    Column[] hashed =
        Arrays.stream(rows.schema().fields())
            .filter(field -> !field.dataType().catalogString().matches(".*(map<|variant).*"))
            .map(StructField::name)
            .map(name -> functions.col(ROW).getField(name))
            .toArray(Column[]::new);
    return functions.xxhash64(hashed);
  }

  /** The struct {@code row}, features, {@code similarity}, {@code cluster} and {@code distance}. */
  Dataset<Row> located(CheckedEmbeddings embeddings) {
    info.requireSame(embeddings);
    Column usable = functions.col(USABLE);
    return pipeline
        .transform(vectors(embeddings, ROW, List.of(pipeline.stages())))
        .withColumn(DISTANCE, ToCentroid.distance(model, info.distance()))
        .withColumn("similarity", ToCentroid.similarity(model))
        .withColumn(DISTANCE, functions.when(usable, functions.col(DISTANCE)))
        .withColumn("similarity", functions.when(usable, functions.col("similarity")))
        .withColumn(CLUSTER, functions.when(usable, functions.col(CLUSTER)));
  }

  /** MLlib does not support null vectors, so a row without one gets one that these stages take. */
  static Dataset<Row> vectors(CheckedEmbeddings embeddings, String row, List<Transformer> stages) {
    float[] other = PrincipalComponents.withDirection(stages, embeddings.counts().dimension());
    return embeddings
        .rows()
        .select(
            functions.struct(ColumnNames.columns(List.of(embeddings.rows().columns()))).as(row),
            embeddings.vector().as("embedding"),
            embeddings.usable().as(USABLE))
        .withColumn(
            VectorLayout.VECTOR,
            array_to_vector(
                functions
                    .when(functions.col(USABLE), functions.col("embedding"))
                    .otherwise(functions.lit(other))));
  }

  /**
   * How well separated the clusters are, on about this many of the vectors, sampled by the seed.
   *
   * @return without agreement
   */
  public ClusterQuality quality(VectorLayout vectors, int sampleRows, long seed) {
    info.requireSame(vectors.embeddings());
    List<Transformer> more = reduction(vectors);
    try (VectorLayout sample = vectors.sample(sampleRows, seed);
        VectorLayout features =
            more.isEmpty() ? sample : sample.through(more, model.featuresColumn())) {
      var silhouette = Silhouette.of(model, features);
      return new ClusterQuality(
          silhouette.isPresent() ? silhouette.getAsDouble() : null, features.rows(), null);
    }
  }

  /** The stages from what is laid out first to what is clustered. */
  private List<Transformer> reduction(VectorLayout vectors) {
    List<Transformer> stages = List.of(pipeline.stages());
    return stages.subList(vectors.stages().size(), stages.size() - 1);
  }

  /**
   * Checks that vectors can be assigned: with {@link Distance#COSINE} and principal components,
   * which costs a pass over them.
   *
   * @throws IllegalArgumentException if a vector has no direction in the components
   */
  void requireDirections(VectorLayout vectors) {
    info.requireSame(vectors.embeddings());
    List<Transformer> more = reduction(vectors);
    if (info.distance() == Distance.COSINE && !more.isEmpty()) {
      try (VectorLayout reduced = vectors.through(more, model.featuresColumn())) {
        PrincipalComponents.requireDirections("assign clusters", reduced, info.pcaDimensions());
      }
    }
  }

  /** Cosine similarity of each pair of centroids, {@code [k, k]}, symmetric. */
  public double[][] centroidSimilarities() {
    Vector[] centroids = model.centroids();
    return Arrays.stream(centroids)
        .map(
            centroid ->
                Arrays.stream(centroids)
                    .mapToDouble(other -> Distance.cosineSimilarity(centroid, other))
                    .toArray())
        .toArray(double[][]::new);
  }

  /** MLlib's model at the end of the pipeline. */
  CentroidModel model() {
    return model;
  }
}
