package org.sparkgbert.sts;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Resamples of a {@link SpearmanBootstrap} on executors. */
final class Resample implements MapFunction<Long, Row> {
  private static final long serialVersionUID = 1L;

  private static final StructType SCHEMA =
      new StructType().add("spearman", DataTypes.createArrayType(DataTypes.DoubleType), false);

  /** A task that fails or waits costs this part of a core's work. */
  private static final int TASKS_A_CORE = 4;

  private final Broadcast<int[][]> groups;
  private final long seed;

  private Resample(Broadcast<int[][]> groups, long seed) {
    this.groups = groups;
    this.seed = seed;
  }

  /** What {@link SpearmanBootstrap#resamples} returns, to the last bit. */
  static double[][] all(SparkSession spark, SpearmanBootstrap bootstrap, int count) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<int[][]> groups = context.broadcast(bootstrap.groups());
    try {
      int tasks = Math.min(Math.max(count, 1), TASKS_A_CORE * context.defaultParallelism());
      return spark
          .range(0, count, 1, tasks)
          .map(new Resample(groups, bootstrap.seed()), Encoders.row(SCHEMA))
          .collectAsList()
          .stream()
          .map(Resample::found)
          .toArray(double[][]::new);
    } finally {
      groups.destroy();
    }
  }

  @Override
  public Row call(Long number) {
    double[] found = SpearmanBootstrap.of(groups.value(), seed).resample(Math.toIntExact(number));
    return RowFactory.create((Object) Arrays.stream(found).boxed().toArray(Double[]::new));
  }

  private static double[] found(Row row) {
    List<Double> found = row.getList(0);
    return found.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
