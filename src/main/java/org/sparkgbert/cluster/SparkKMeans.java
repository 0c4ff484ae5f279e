package org.sparkgbert.cluster;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import scala.Tuple2;

/**
 * K-means over the blocks of vectors that Spark has cached: several runs at once, so that an
 * iteration of all of them is one job, and each block is read from memory once for all. Runs start
 * by {@link SparkStarts}, and go on by the iterations of {@link Lloyd}.
 *
 * <p><b>Memory:</b> in a task three, in the driver a few numbers of 8 bytes per value of all rows
 * that are drawn and centroids, of the runs that go on at once; these are as many as fit.
 */
final class SparkKMeans {
  /** Values of drawn rows and centroids of all runs that go on at once, unless one has more. */
  private static final long MOST_VALUES = 1 << 23;

  private final SparkVectors vectors;
  private final ClusteringSettings settings;
  private final JavaSparkContext spark;

  SparkKMeans(SparkVectors vectors, ClusteringSettings settings) {
    this.vectors = vectors;
    this.settings = settings;
    this.spark = JavaSparkContext.fromSparkContext(vectors.blocks().context());
  }

  /**
   * The results of one run per seed.
   *
   * @param done is told about each run that is done
   */
  List<KMeansRun> runs(int k, long[] seeds, Runnable done) {
    int atOnce = atOnce(k, seeds.length);
    List<KMeansRun> found = new ArrayList<>();
    for (int from = 0; from < seeds.length; from += atOnce) {
      long[] some = Arrays.copyOfRange(seeds, from, Math.min(seeds.length, from + atOnce));
      found.addAll(from(new SparkStarts(vectors, settings).starts(k, some), done));
    }
    return found;
  }

  /** A run draws about twice as many rows as clusters in each step, and no more than there are. */
  private int atOnce(int k, int runs) {
    long drawn = Math.min(vectors.rows(), 2L * k * (settings.initSteps() + 1L));
    long values = (drawn + k) * vectors.dimension();
    return (int) Math.max(1, Math.min(runs, MOST_VALUES / values));
  }

  /**
   * The results of runs from these centroids.
   *
   * @param starts {@code [k, dimension]} each; not changed
   */
  List<KMeansRun> from(List<double[][]> starts, Runnable done) {
    List<Lloyd> runs = starts.stream().map(start -> new Lloyd(start, settings)).toList();
    List<Lloyd> moving = runs;
    while (!moving.isEmpty()) {
      List<ClusterSums> sums = sums(moving.stream().map(Lloyd::centroids).toList());
      for (int i = 0; i < sums.size(); i++) {
        moving.get(i).move(sums.get(i));
      }
      int before = moving.size();
      moving = moving.stream().filter(Lloyd::isMoving).toList();
      Collections.nCopies(before - moving.size(), done).forEach(Runnable::run);
    }
    return runs.stream().map(Lloyd::run).toList();
  }

  private List<ClusterSums> sums(List<double[][]> centroids) {
    int width = centroids.stream().mapToInt(each -> each.length).max().orElseThrow() + 1;
    Broadcast<double[][][]> broadcast = spark.broadcast(centroids.toArray(double[][][]::new));
    try {
      Map<Integer, double[]> summed =
          vectors
              .blocks()
              .mapPartitionsToPair(new Assign(broadcast, width))
              .reduceByKey(SparkKMeans::plus, reducers(width * centroids.size()))
              .collectAsMap();
      return IntStream.range(0, centroids.size())
          .mapToObj(run -> unpack(centroids.get(run), packed -> summed.get(run * width + packed)))
          .toList();
    } finally {
      broadcast.destroy();
    }
  }

  private static ClusterSums unpack(double[][] centroids, IntFunction<double[]> packed) {
    return ClusterSums.unpack(centroids.length, centroids[0].length, packed);
  }

  private int reducers(int arrays) {
    return Math.max(1, Math.min(spark.defaultParallelism(), arrays));
  }

  /** Element by element, as a new array. */
  static double[] plus(double[] one, double[] other) {
    double[] sum = new double[one.length];
    Arrays.setAll(sum, i -> one[i] + other[i]);
    return sum;
  }

  /**
   * Assigns the vectors of a partition to the nearest centroids of each run.
   *
   * @param centroids {@code [runs, k, dimension]}
   * @param width arrays per run, of which {@link ClusterSums#pack} numbers each
   */
  private record Assign(Broadcast<double[][][]> centroids, int width)
      implements PairFlatMapFunction<Iterator<PointBlock>, Integer, double[]> {
    private static final long serialVersionUID = 1L;

    @Override
    public Iterator<Tuple2<Integer, double[]>> call(Iterator<PointBlock> blocks) {
      Map<Integer, double[]> summed = new TreeMap<>();
      while (blocks.hasNext()) {
        Points points = blocks.next().points();
        double[][][] runs = centroids.value();
        for (int run = 0; run < runs.length; run++) {
          int first = run * width;
          ClusterSums.of(points, runs[run])
              .pack((array, number) -> summed.merge(first + number, array, SparkKMeans::plus));
        }
      }
      return summed.entrySet().stream()
          .map(entry -> new Tuple2<>(entry.getKey(), entry.getValue()))
          .iterator();
    }
  }
}
