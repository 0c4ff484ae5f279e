package org.sparkgbert.cluster;

import static org.apache.spark.ml.functions.array_to_vector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * Many vectors, in partitions that depend only on the vectors, as does their order: results depend
 * on both. There is one partition per 5,000 vectors, whatever the machine.
 *
 * <p><b>Memory:</b> cached by Spark in blocks, 8 bytes per value, on disk if memory is short, until
 * {@link #close}.
 */
final class SparkVectors extends VectorLayout {
  private static final String ID = "id";
  private static final long PARTITION_ROWS = 5_000;

  private final JavaRDD<PointBlock> blocks;
  private final long rows;

  private SparkVectors(
      Dataset<Row> dataset, String column, List<Transformer> stages, CheckedEmbeddings embeddings) {
    super(column, stages, embeddings);
    this.blocks =
        dataset
            .toJavaRDD()
            .mapPartitions(PointBlock::read)
            .setName("vectors")
            .persist(StorageLevel.MEMORY_AND_DISK());
    this.rows = blocks.map(block -> (long) block.rows()).fold(0L, Long::sum);
  }

  /** Lays out the usable embeddings of a table. The caller closes it. */
  static SparkVectors distribute(CheckedEmbeddings embeddings) {
    List<Transformer> stages = firstStages(embeddings.distance());
    String column = firstColumn(embeddings.distance());
    Dataset<Row> vectors =
        through(
            stages,
            place(embeddings).withColumn(VECTOR, array_to_vector(functions.col(EMBEDDING))));
    return new SparkVectors(
        vectors.select(
            functions.monotonically_increasing_id().as(ID),
            functions.col(KEY),
            functions.col(column)),
        column,
        stages,
        embeddings);
  }

  /** Floats are shuffled, not doubles, which halves the shuffle. */
  private static Dataset<Row> place(CheckedEmbeddings embeddings) {
    return inOrder(
        keyed(embeddings).select(functions.col(EMBEDDING), functions.col(KEY)),
        embeddings.counts().usable(),
        KEY,
        EMBEDDING);
  }

  private static Dataset<Row> inOrder(Dataset<Row> rows, long count, String by, String... then) {
    return rows.repartition(partitions(count), functions.col(by)).sortWithinPartitions(by, then);
  }

  /** For this many vectors. */
  static int partitions(long rows) {
    return (int) Math.min(100_000, (rows + PARTITION_ROWS - 1) / PARTITION_ROWS);
  }

  @Override
  int partitions() {
    return partitions(rows);
  }

  /** The vectors in their order, cached; none is empty. */
  JavaRDD<PointBlock> blocks() {
    return blocks;
  }

  @Override
  SparkVectors through(List<Transformer> more, String output) {
    List<Transformer> all = new ArrayList<>(stages());
    all.addAll(more);
    return new SparkVectors(
        through(more, dataset())
            .select(functions.col(ID), functions.col(KEY), functions.col(output)),
        output,
        all,
        embeddings());
  }

  /** In the driver's memory if it is small. */
  @Override
  VectorLayout sample(int about, long seed) {
    return LocalVectors.areFew(Math.min(about, rows), dimension())
        ? LocalVectors.of(sampled(about, seed), column(), stages(), embeddings())
        : many(about, seed);
  }

  private PointBlock sampled(int about, long seed) {
    double share = (double) about / rows;
    return PointBlock.together(
        blocks.map(block -> block.where(id -> LocalVectors.isInSample(id, seed, share))).collect());
  }

  private SparkVectors many(int about, long seed) {
    Column hash = functions.xxhash64(functions.lit(seed), functions.col(ID));
    Dataset<Row> some = dataset().where(isInSample(hash, (double) about / rows));
    return new SparkVectors(
        inOrder(some, Math.min(about, rows), ID), column(), stages(), embeddings());
  }

  /** Dimension of the vectors. */
  int dimension() {
    return blocks.map(block -> block.points().dimension()).first();
  }

  @Override
  long distinct() {
    return blocks.flatMap(SparkVectors::keys).distinct().count();
  }

  @Override
  long zeros() {
    return blocks.map(block -> block.points().zeros()).fold(0L, Long::sum);
  }

  private static Iterator<Long> keys(PointBlock block) {
    return Arrays.stream(block.keys()).iterator();
  }

  /** Not cached; MLlib's algorithms do that. */
  @Override
  Dataset<Row> dataset() {
    StructType schema =
        new StructType()
            .add(ID, DataTypes.LongType, false)
            .add(KEY, DataTypes.LongType, false)
            .add(column(), SQLDataTypes.VectorType(), false);
    return embeddings()
        .rows()
        .sparkSession()
        .createDataFrame(blocks.flatMap(PointBlock::read), schema);
  }

  @Override
  public long rows() {
    return rows;
  }

  @Override
  public void close() {
    blocks.unpersist();
  }
}
