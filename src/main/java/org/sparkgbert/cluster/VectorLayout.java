package org.sparkgbert.cluster;

import static org.apache.spark.ml.functions.array_to_vector;
import static org.apache.spark.ml.functions.vector_to_array;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.feature.Normalizer;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;

/**
 * The vectors of a table in an order and in partitions that depend only on the vectors, not on
 * files, partitions or order of the input. MLlib's results depend on both.
 *
 * <p>A vector's position is given by a hash of its values (with {@link Distance#COSINE}, of its
 * direction in float precision); there is one partition per 5,000 vectors, whatever the machine.
 * Equal vectors can swap positions, which changes nothing.
 *
 * <p><b>Memory:</b> cached by Spark in its serialized columns, 8 bytes per value, on disk if memory
 * is short, until {@link #close}.
 */
public final class VectorLayout implements AutoCloseable {
  /** The column that a saved pipeline reads: an embedding as an MLlib vector. */
  public static final String VECTOR = "vector";

  private static final String UNIT = "unit_vector";
  private static final String ID = "id";
  private static final String KEY = "key";
  private static final long PARTITION_ROWS = 5_000;
  private static final double HASH_RANGE = 0x1p64;

  private final Dataset<Row> dataset;
  private final String column;
  private final List<Transformer> stages;
  private final CheckedEmbeddings embeddings;
  private final long rows;

  private VectorLayout(
      Dataset<Row> dataset, String column, List<Transformer> stages, CheckedEmbeddings embeddings) {
    this.dataset = dataset.persist(StorageLevel.MEMORY_AND_DISK());
    this.column = column;
    this.stages = List.copyOf(stages);
    this.embeddings = embeddings;
    this.rows = this.dataset.count();
  }

  /** Lays out the usable embeddings of a table. The caller closes it. */
  public static VectorLayout of(CheckedEmbeddings embeddings) {
    List<Transformer> stages =
        switch (embeddings.distance()) {
          case COSINE -> List.of(normalizer(VECTOR, UNIT));
          case EUCLIDEAN -> List.of();
        };
    String column = stages.isEmpty() ? VECTOR : UNIT;
    Dataset<Row> placed = place(embeddings, stages, column);
    Dataset<Row> vectors =
        through(stages, placed.withColumn(VECTOR, array_to_vector(functions.col("embedding"))));
    return new VectorLayout(
        vectors.select(
            functions.monotonically_increasing_id().as(ID),
            functions.col(KEY),
            functions.col(column)),
        column,
        stages,
        embeddings);
  }

  /** Floats are shuffled, not doubles, which halves the shuffle. */
  private static Dataset<Row> place(
      CheckedEmbeddings embeddings, List<Transformer> stages, String column) {
    Dataset<Row> usable =
        embeddings
            .rows()
            .where(embeddings.usable())
            .select(
                embeddings.vector().as("embedding"),
                array_to_vector(embeddings.vector()).as(VECTOR));
    Column key = functions.xxhash64(vector_to_array(functions.col(column), "float32"));
    return inOrder(
        through(stages, usable).select(functions.col("embedding"), key.as(KEY)),
        embeddings.counts().usable(),
        KEY,
        "embedding");
  }

  private static Dataset<Row> inOrder(Dataset<Row> rows, long count, String by, String... then) {
    return rows.repartition(partitions(count), functions.col(by)).sortWithinPartitions(by, then);
  }

  private static int partitions(long rows) {
    return (int) Math.min(100_000, (rows + PARTITION_ROWS - 1) / PARTITION_ROWS);
  }

  /** Number of partitions, at least 1. */
  int partitions() {
    return partitions(rows);
  }

  static Normalizer normalizer(String from, String to) {
    return new Normalizer().setInputCol(from).setOutputCol(to);
  }

  private static Dataset<Row> through(List<Transformer> stages, Dataset<Row> rows) {
    Dataset<Row> done = rows;
    for (Transformer stage : stages) {
      done = stage.transform(done);
    }
    return done;
  }

  /** The same vectors at the same positions after more stages. The caller closes it. */
  VectorLayout through(List<Transformer> more, String output) {
    List<Transformer> all = new ArrayList<>(stages);
    all.addAll(more);
    return new VectorLayout(
        through(more, dataset).select(functions.col(ID), functions.col(KEY), functions.col(output)),
        output,
        all,
        embeddings);
  }

  /**
   * A sample of about this many vectors, which depends only on the seed and the vectors; all if
   * there are no more. The caller closes it.
   */
  VectorLayout sample(int about, long seed) {
    Column hash = functions.xxhash64(functions.lit(seed), functions.col(ID));
    Dataset<Row> some = dataset.where(isInSample(hash, (double) about / rows));
    return new VectorLayout(inOrder(some, Math.min(about, rows), ID), column, stages, embeddings);
  }

  /**
   * Whether a row with this 64-bit hash is in the share of rows with the lowest hashes, which does
   * not depend on partitions; a share of 1 or more is all rows.
   */
  static Column isInSample(Column hash, double share) {
    return share >= 1 ? functions.lit(true) : hash.lt((long) (Long.MIN_VALUE + share * HASH_RANGE));
  }

  /**
   * Number of distinct vectors; with {@link Distance#COSINE} of distinct directions, in float
   * precision.
   */
  long distinct() {
    return dataset.agg(functions.count_distinct(functions.col(KEY))).head().getLong(0);
  }

  /** The vectors, in {@link #column}. */
  Dataset<Row> dataset() {
    return dataset;
  }

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

  /** Number of vectors. */
  public long rows() {
    return rows;
  }

  @Override
  public void close() {
    dataset.unpersist();
  }
}
