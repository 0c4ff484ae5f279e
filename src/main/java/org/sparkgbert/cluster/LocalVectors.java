package org.sparkgbert.cluster;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.mllib.feature.Normalizer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.catalyst.expressions.XXH64;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;

/**
 * Few vectors, in the driver's memory.
 *
 * <p><b>Memory:</b> 8 bytes per value, thrice as many while they are read; what MLlib gets of them
 * is broadcast and cached, until {@link #close}.
 *
 * <p><b>Threads:</b> {@link #points} for many, all else for one.
 */
final class LocalVectors extends VectorLayout {
  /** With more rows, clusters are found by Spark. */
  static final int MOST_ROWS = 20_000;

  /** With more values, which are rows times dimension, clusters are found by Spark: 80 MiB. */
  static final int MOST_VALUES = 10_485_760;

  private final long[] ids;
  private final long[] keys;
  private final Points points;
  private Broadcast<Points> broadcast;
  private Dataset<Row> dataset;

  private LocalVectors(
      long[] ids,
      long[] keys,
      Points points,
      String column,
      List<Transformer> stages,
      CheckedEmbeddings embeddings) {
    super(column, stages, embeddings);
    this.ids = ids;
    this.keys = keys;
    this.points = points;
  }

  /** Vectors that Spark had. */
  static LocalVectors of(
      PointBlock block, String column, List<Transformer> stages, CheckedEmbeddings embeddings) {
    return new LocalVectors(block.ids(), block.keys(), block.points(), column, stages, embeddings);
  }

  /** Whether so many vectors are few enough. */
  static boolean areFew(long rows, int dimension) {
    return rows <= MOST_ROWS && rows * dimension <= MOST_VALUES;
  }

  /** Lays out the usable embeddings of a table; reads them only if they were not kept. */
  static LocalVectors collect(CheckedEmbeddings embeddings) {
    Distance distance = embeddings.distance();
    Keyed[] vectors = embeddings.few().isPresent() ? kept(embeddings) : read(embeddings);
    Arrays.sort(
        vectors,
        Comparator.comparingLong(Keyed::key).thenComparing(Keyed::vector, Arrays::compare));
    return new LocalVectors(
        IntStream.range(0, vectors.length).asLongStream().toArray(),
        Arrays.stream(vectors).mapToLong(Keyed::key).toArray(),
        Points.of(vectors.length, embeddings.counts().dimension(), i -> vectors[i].vector),
        firstColumn(distance),
        firstStages(distance),
        embeddings);
  }

  static Keyed[] kept(CheckedEmbeddings embeddings) {
    return embeddings.few().orElseThrow().stream()
        .map(vector -> Keyed.of(vector, embeddings.distance()))
        .toArray(Keyed[]::new);
  }

  /** A task that had more of the rows than others kept none. */
  static Keyed[] read(CheckedEmbeddings embeddings) {
    return keyed(embeddings)
        .select(KEY, firstColumn(embeddings.distance()))
        .collectAsList()
        .stream()
        .map(row -> new Keyed(row.getLong(0), values(row, 1)))
        .toArray(Keyed[]::new);
  }

  /**
   * A vector after the first stages, and its key, as {@link #keyed} has them.
   *
   * @param vector owned
   */
  record Keyed(long key, double[] vector) {
    static Keyed of(double[] vector, Distance distance) {
      double[] first =
          switch (distance) {
            case COSINE ->
                new Normalizer(2)
                    .transform(org.apache.spark.mllib.linalg.Vectors.dense(vector))
                    .toArray();
            case EUCLIDEAN -> vector;
          };
      return new Keyed(hash(first), first);
    }

    /** As {@code xxhash64} of Spark has it for an array of floats. */
    private static long hash(double[] vector) {
      long hash = 42;
      for (double value : vector) {
        float rounded = (float) value;
        hash = XXH64.hashInt(rounded == 0 ? 0 : Float.floatToIntBits(rounded), hash);
      }
      return hash;
    }
  }

  /** Not copied if the vector is dense. */
  private static double[] values(Row row, int column) {
    return row.<Vector>getAs(column).toArray();
  }

  /** The vectors, by position. */
  Points points() {
    return points;
  }

  /** MLlib runs the stages, on Spark, which keeps the order of rows. */
  @Override
  LocalVectors through(List<Transformer> more, String output) {
    List<Transformer> all = new ArrayList<>(stages());
    all.addAll(more);
    List<Row> rows = through(more, distributed()).select(output).collectAsList();
    int dimension = rows.isEmpty() ? points.dimension() : values(rows.get(0), 0).length;
    Points through = Points.of(rows.size(), dimension, i -> values(rows.get(i), 0));
    return new LocalVectors(ids, keys, through, output, all, embeddings());
  }

  @Override
  LocalVectors sample(int about, long seed) {
    double share = (double) about / ids.length;
    int[] some =
        IntStream.range(0, ids.length).filter(i -> isInSample(ids[i], seed, share)).toArray();
    return new LocalVectors(
        Arrays.stream(some).mapToLong(i -> ids[i]).toArray(),
        Arrays.stream(some).mapToLong(i -> keys[i]).toArray(),
        some.length == ids.length ? points : points.at(some),
        column(),
        stages(),
        embeddings());
  }

  /** Whether the vector at a position is in a sample of that share. */
  static boolean isInSample(long id, long seed, double share) {
    return share >= 1 || hash(seed, id) < sampleEnd(share);
  }

  /** As {@code xxhash64(seed, id)} of Spark. */
  private static long hash(long seed, long id) {
    return XXH64.hashLong(id, XXH64.hashLong(seed, 42));
  }

  @Override
  long distinct() {
    return Arrays.stream(keys).distinct().count();
  }

  @Override
  long zeros() {
    return points.zeros();
  }

  @Override
  Dataset<Row> dataset() {
    if (dataset == null) {
      dataset = distributed().persist(StorageLevel.MEMORY_AND_DISK());
    }
    return dataset;
  }

  /** Each task takes its vectors from a broadcast, so that none travels with the task itself. */
  private Dataset<Row> distributed() {
    SparkSession spark = embeddings().rows().sparkSession();
    if (broadcast == null) {
      broadcast = JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(points);
    }
    return spark
        .range(0, points.rows(), 1, partitions())
        .select(
            functions
                .udf(new VectorAt(broadcast), SQLDataTypes.VectorType())
                .apply(functions.col("id"))
                .as(column()));
  }

  private record VectorAt(Broadcast<Points> points) implements UDF1<Long, Vector> {
    private static final long serialVersionUID = 1L;

    @Override
    public Vector call(Long position) {
      return Vectors.dense(points.value().row(position.intValue()));
    }
  }

  @Override
  int partitions() {
    return Math.max(1, SparkVectors.partitions(points.rows()));
  }

  @Override
  public long rows() {
    return points.rows();
  }

  @Override
  public void close() {
    if (dataset != null) {
      dataset.unpersist();
      dataset = null;
    }
    if (broadcast != null) {
      broadcast.destroy();
      broadcast = null;
    }
  }
}
