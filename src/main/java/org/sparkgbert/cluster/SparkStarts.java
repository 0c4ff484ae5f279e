package org.sparkgbert.cluster;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.expressions.XXH64;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * Starts of several runs of k-means over many vectors, by k-means||: in steps that are one job for
 * all runs, more rows than needed are drawn, and clustered in the driver by how many vectors each
 * is the nearest to, several times, of which the best is taken. A step before the others draws with
 * the same probability for all rows; after the last one, steps go on until a run has more different
 * rows than clusters, or all that there are. Source: Bahmani et al., 2012.
 *
 * <p><b>Memory:</b> beside the vectors, Spark caches 12 bytes per vector and run, twice while a
 * step runs.
 */
final class SparkStarts {
  /**
   * Rows that were drawn are few, so they are clustered up to so many times, and the best is taken.
   */
  private static final int MOST_TRIES = 50;

  /** Products of a value and a centroid's in all tries of a run: a few seconds of one core. */
  private static final double MOST_PRODUCTS = 3e10;

  /** About so many times are the drawn rows compared with all centroids in a try. */
  private static final int PASSES = 25;

  private final JavaRDD<PointBlock> blocks;
  private final long rows;
  private final ClusteringSettings settings;
  private final JavaSparkContext spark;

  SparkStarts(SparkVectors vectors, ClusteringSettings settings) {
    this.blocks = vectors.blocks();
    this.rows = vectors.rows();
    this.settings = settings;
    this.spark = JavaSparkContext.fromSparkContext(blocks.context());
  }

  /** One start per seed: centroids, fewer than k if there are fewer distinct vectors. */
  List<double[][]> starts(int k, long[] seeds) {
    List<Start> starts = Arrays.stream(seeds).mapToObj(Start::new).toList();
    List<Broadcast<Step>> steps = new ArrayList<>();
    JavaRDD<NearestDrawn[]> nearest = cached(blocks.map(new OfNone(seeds.length)));
    try {
      while (starts.stream().anyMatch(start -> start.goesOn(k))) {
        Broadcast<Step> step = spark.broadcast(draw(nearest, starts, k));
        steps.add(step);
        JavaRDD<NearestDrawn[]> before = nearest;
        nearest = cached(blocks.zip(before).map(new With(step)));
        try {
          add(step.value().drawn, costs(nearest), starts);
        } finally {
          before.unpersist();
        }
      }
      return centroids(nearest, starts, k);
    } finally {
      nearest.unpersist();
      steps.forEach(Broadcast::destroy);
    }
  }

  private static JavaRDD<NearestDrawn[]> cached(JavaRDD<NearestDrawn[]> nearest) {
    return nearest.persist(StorageLevel.MEMORY_AND_DISK());
  }

  /** Draws about {@code 2 * k} rows for each run that goes on. */
  private Step draw(JavaRDD<NearestDrawn[]> nearest, List<Start> starts, int k) {
    double[] shares =
        starts.stream().mapToDouble(start -> start.goesOn(k) ? start.share(2 * k) : 0).toArray();
    long[] seeds = starts.stream().mapToLong(start -> start.random.nextLong()).toArray();
    List<double[][][]> ofBlocks = blocks.zip(nearest).map(new Draw(shares, seeds)).collect();
    return new Step(
        IntStream.range(0, shares.length)
            .mapToObj(run -> ofBlocks.stream().flatMap(drawn -> Arrays.stream(drawn[run])))
            .map(NearestDrawn::different)
            .toArray(double[][][]::new),
        starts.stream().mapToInt(start -> start.drawn.size()).toArray());
  }

  /** Of each run, in the order of blocks. */
  private static double[] costs(JavaRDD<NearestDrawn[]> nearest) {
    return nearest
        .map(runs -> Arrays.stream(runs).mapToDouble(NearestDrawn::cost).toArray())
        .collect()
        .stream()
        .reduce(SparkKMeans::plus)
        .orElseThrow();
  }

  private static void add(double[][][] drawn, double[] costs, List<Start> starts) {
    for (int run = 0; run < costs.length; run++) {
      Start start = starts.get(run);
      start.drawn.addAll(List.of(drawn[run]));
      start.cost = start.drawn.isEmpty() ? costs[run] : KMeansFit.requireFinite(costs[run]);
      start.steps++;
    }
  }

  private List<double[][]> centroids(JavaRDD<NearestDrawn[]> nearest, List<Start> starts, int k) {
    int[] drawn = starts.stream().mapToInt(start -> start.drawn.size()).toArray();
    double[][] sizes = nearest.map(new Sizes(drawn)).treeReduce(SparkStarts::plus);
    try (AtOnce threads = new AtOnce(Runtime.getRuntime().availableProcessors())) {
      List<List<Supplier<KMeansRun>>> tries =
          IntStream.range(0, drawn.length)
              .mapToObj(run -> starts.get(run).tries(sizes[run], k, threads))
              .toList();
      return tries.stream()
          .map(ofRun -> KMeansRun.lowest(ofRun.stream().map(Supplier::get)).centroids())
          .toList();
    }
  }

  private static double[][] plus(double[][] one, double[][] other) {
    return IntStream.range(0, one.length)
        .mapToObj(run -> SparkKMeans.plus(one[run], other[run]))
        .toArray(double[][]::new);
  }

  /** One of the runs, on its way to a start. */
  private final class Start {
    private final SplittableRandom random;
    private final List<double[]> drawn = new ArrayList<>();
    private double cost = Double.POSITIVE_INFINITY;
    private int steps;

    Start(long seed) {
      random = new SplittableRandom(seed);
    }

    boolean goesOn(int k) {
      return cost > 0 && (steps <= settings.initSteps() || drawn.size() <= k);
    }

    /** See {@link NearestDrawn#draw}. */
    double share(double about) {
      return about / (cost < Double.POSITIVE_INFINITY ? cost : rows);
    }

    /** They together read no more rows than a run over all, and take seconds. */
    private long numberOfTries(int k) {
      double products = (double) PASSES * drawn.size() * k * drawn.get(0).length;
      double most = Math.min((double) rows / drawn.size(), MOST_PRODUCTS / products);
      return (long) Math.max(1, Math.min(MOST_TRIES, most));
    }

    /** Runs over the rows that were drawn. */
    List<Supplier<KMeansRun>> tries(double[] sizes, int k, AtOnce threads) {
      LocalKMeans ofDrawn = LocalKMeans.ofDrawn(drawn, sizes, settings);
      return Stream.generate(random::split)
          .limit(numberOfTries(k))
          .map(of -> threads.begin(() -> ofDrawn.greedyRun(k, of)))
          .toList();
    }
  }

  /** What a step has drawn. It is no record, since Kryo cannot serialize those. */
  private static final class Step implements Serializable {
    private static final long serialVersionUID = 1L;

    private final double[][][] drawn;
    private final int[] before;

    /**
     * @param drawn {@code [runs, rows, dimension]}
     * @param before how many rows each run had drawn before
     */
    Step(double[][][] drawn, int[] before) {
      this.drawn = drawn;
      this.before = before;
    }
  }

  /** Nothing has been drawn in so many runs. */
  private record OfNone(int runs) implements Function<PointBlock, NearestDrawn[]> {
    private static final long serialVersionUID = 1L;

    @Override
    public NearestDrawn[] call(PointBlock block) {
      return Collections.nCopies(runs, NearestDrawn.ofNone(block.rows()))
          .toArray(NearestDrawn[]::new);
    }
  }

  /** Rows of a block for each run, by chances that depend on seed, block and row alone. */
  private record Draw(double[] shares, long[] seeds)
      implements Function<Tuple2<PointBlock, NearestDrawn[]>, double[][][]> {
    private static final long serialVersionUID = 1L;

    @Override
    public double[][][] call(Tuple2<PointBlock, NearestDrawn[]> block) {
      Points points = block._1().points();
      return IntStream.range(0, shares.length)
          .mapToObj(
              run -> block._2()[run].draw(points, shares[run], random(run, block._1().first())))
          .toArray(double[][][]::new);
    }

    private SplittableRandom random(int run, long block) {
      return new SplittableRandom(XXH64.hashLong(block, seeds[run]));
    }
  }

  /** What a step has drawn is taken into account. */
  private record With(Broadcast<Step> step)
      implements Function<Tuple2<PointBlock, NearestDrawn[]>, NearestDrawn[]> {
    private static final long serialVersionUID = 1L;

    @Override
    public NearestDrawn[] call(Tuple2<PointBlock, NearestDrawn[]> block) {
      Step drawn = step.value();
      return IntStream.range(0, drawn.before.length)
          .mapToObj(
              run -> block._2()[run].with(block._1().points(), drawn.drawn[run], drawn.before[run]))
          .toArray(NearestDrawn[]::new);
    }
  }

  /** How many vectors each of the rows that were drawn is the nearest of, by run. */
  private record Sizes(int[] drawn) implements Function<NearestDrawn[], double[][]> {
    private static final long serialVersionUID = 1L;

    @Override
    public double[][] call(NearestDrawn[] nearest) {
      return IntStream.range(0, drawn.length)
          .mapToObj(run -> nearest[run].sizes(drawn[run]))
          .toArray(double[][]::new);
    }
  }
}
