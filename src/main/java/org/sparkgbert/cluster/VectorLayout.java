package org.sparkgbert.cluster;

import static org.apache.spark.ml.functions.array_to_vector;
import static org.apache.spark.ml.functions.vector_to_array;

import java.util.List;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.feature.Normalizer;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * The vectors of a table in an order that depends only on the vectors, not on files, partitions or
 * order of the input: few of them in the driver's memory, many in Spark.
 *
 * <p>A vector's position is given by a hash of its values (with {@link Distance#COSINE}, of its
 * direction in float precision). Equal vectors can swap positions, which changes nothing.
 */
public abstract sealed class VectorLayout implements AutoCloseable
    permits SparkVectors, LocalVectors {
  /** The column that a saved pipeline reads: an embedding as an MLlib vector. */
  public static final String VECTOR = "vector";

  static final String KEY = "key";
  static final String EMBEDDING = "embedding";
  private static final String UNIT = "unit_vector";
  private static final double HASH_RANGE = 0x1p64;

  private final String column;
  private final List<Transformer> stages;
  private final CheckedEmbeddings embeddings;

  VectorLayout(String column, List<Transformer> stages, CheckedEmbeddings embeddings) {
    this.column = column;
    this.stages = List.copyOf(stages);
    this.embeddings = embeddings;
  }

  /**
   * Lays out the usable embeddings of a table: up to {@value LocalVectors#MOST_ROWS} rows and
   * {@value LocalVectors#MOST_VALUES} values in the driver's memory, more in Spark. The caller
   * closes it.
   */
  public static VectorLayout of(CheckedEmbeddings embeddings) {
    VectorCounts counts = embeddings.counts();
    return LocalVectors.areFew(counts.usable(), counts.dimension())
        ? LocalVectors.collect(embeddings)
        : SparkVectors.distribute(embeddings);
  }

  /** The stages that lead from {@link #VECTOR} to what is laid out first. */
  static List<Transformer> firstStages(Distance distance) {
    return switch (distance) {
      case COSINE -> List.of(normalizer(VECTOR, UNIT));
      case EUCLIDEAN -> List.of();
    };
  }

  /** The column that {@link #firstStages} lead to. */
  static String firstColumn(Distance distance) {
    return switch (distance) {
      case COSINE -> UNIT;
      case EUCLIDEAN -> VECTOR;
    };
  }

  /** The usable embeddings, {@link #EMBEDDING}, after the first stages, with their {@link #KEY}. */
  static Dataset<Row> keyed(CheckedEmbeddings embeddings) {
    Dataset<Row> usable =
        embeddings
            .rows()
            .where(embeddings.usable())
            .select(
                embeddings.vector().as(EMBEDDING), array_to_vector(embeddings.vector()).as(VECTOR));
    Column first = functions.col(firstColumn(embeddings.distance()));
    return through(firstStages(embeddings.distance()), usable)
        .withColumn(KEY, functions.xxhash64(vector_to_array(first, "float32")));
  }

  static Normalizer normalizer(String from, String to) {
    return new Normalizer().setInputCol(from).setOutputCol(to);
  }

  static Dataset<Row> through(List<Transformer> stages, Dataset<Row> rows) {
    Dataset<Row> done = rows;
    for (Transformer stage : stages) {
      done = stage.transform(done);
    }
    return done;
  }

  /**
   * Whether a row with this 64-bit hash is in the share of rows with the lowest hashes, which does
   * not depend on partitions; a share of 1 or more is all rows.
   */
  static Column isInSample(Column hash, double share) {
    return share >= 1 ? functions.lit(true) : hash.lt(sampleEnd(share));
  }

  /** The hashes below it are that share, below 1, of all. */
  static long sampleEnd(double share) {
    return (long) (Long.MIN_VALUE + share * HASH_RANGE);
  }

  /** The same vectors at the same positions after more stages. The caller closes it. */
  abstract VectorLayout through(List<Transformer> more, String output);

  /**
   * A sample of about this many vectors, which depends only on the seed and the vectors; all if
   * there are no more. The caller closes it.
   */
  abstract VectorLayout sample(int about, long seed);

  /**
   * Number of distinct vectors; with {@link Distance#COSINE} of distinct directions, in float
   * precision.
   */
  abstract long distinct();

  /** Number of vectors that are zero; reads those in Spark once. */
  abstract long zeros();

  /** The vectors, in {@link #column}, for MLlib. */
  abstract Dataset<Row> dataset();

  /** Number of partitions of {@link #dataset}, at least 1. */
  abstract int partitions();

  /** Number of vectors. */
  public abstract long rows();

  /** Name of the column with the vectors, of unit length with {@link Distance#COSINE}. */
  String column() {
    return column;
  }

  /** The stages that lead from {@link #VECTOR} to {@link #column}. */
  List<Transformer> stages() {
    return stages;
  }

  /** Where the vectors come from. */
  public CheckedEmbeddings embeddings() {
    return embeddings;
  }

  @Override
  public abstract void close();
}
