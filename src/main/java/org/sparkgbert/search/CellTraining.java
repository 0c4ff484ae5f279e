package org.sparkgbert.search;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.sparkgbert.onnx.BlockProduct;
import org.sparkgbert.vector.ProductRanking;

/**
 * Finds centroids of cells of about the same size, by k-means on a sample in memory.
 *
 * <p>Lloyd's rounds, by products of blocks. Between rounds the smallest cells are given up, and
 * their centroids go into the largest ones, which so are divided; at last, see {@link CellBalance}.
 * For directions, centroids are directions too (spherical k-means). The result is a function of the
 * sample, its order, and the seed, but for the rounding of products.
 *
 * <p><b>Source:</b> Dhillon and Modha, Concept Decompositions for Large Sparse Text Data Using
 * Clustering, 2001.
 */
final class CellTraining {
  private static final int ROUNDS = 14;

  /** Rounds after which cells are divided. */
  private static final int DIVIDING = 10;

  /** Cells with more of the mean than this are divided. */
  private static final double CROWDED = 1.6;

  /** A cell with more of the mean is divided at last; of the sample, which knows it roughly. */
  private static final double CROWDED_IN_SAMPLE = 2;

  /** Rounds of that. */
  private static final int BALANCING = 8;

  /** A cell is given up for one that is so many times larger. */
  private static final int TIMES_LARGER = 3;

  /** Rows of a product; with 4,096 cells, it takes 16 MiB. */
  private static final int BLOCK = 1_024;

  private static final long SAMPLED_PER_CELL = 128;

  /** So that a sample takes 128 MiB. */
  static final long MOST_FLOATS = 1 << 25;

  private final float[] sample;
  private final int dimension;
  private final ProductRanking ranking;
  private final BlockProduct product;
  private final Random random;

  /**
   * @param sample {@code [rows, dimension]}: vectors, or directions if these are ranked; at least
   *     one
   */
  CellTraining(
      float[] sample, int dimension, ProductRanking ranking, BlockProduct product, long seed) {
    this.sample = sample;
    this.dimension = dimension;
    this.ranking = ranking;
    this.product = product;
    this.random = new Random(seed);
  }

  private int rows() {
    return sample.length / dimension;
  }

  /**
   * Finds centroids.
   *
   * @param wanted how many, at least 1
   * @return about as many: none of a cell without a row of the sample, and a few more if crowded
   *     cells need them
   */
  Centroids centroids(int wanted) {
    float[] centroids = start(Math.min(wanted, rows()));
    int[] counts = {};
    for (int round = 0; round < ROUNDS; round++) {
      int[] nearest = nearest(numbered(centroids));
      counts = counts(nearest, centroids.length / dimension);
      centroids = means(nearest, centroids, counts);
      if (round < DIVIDING) {
        divide(centroids, counts, nearest);
      }
    }
    return balanced(centroids, wanted);
  }

  /** Divides crowded cells, and lets small ones go. */
  private Centroids balanced(float[] trained, int wanted) {
    CellDivision division = new CellDivision(ranking);
    long most = CellBalance.most(rows(), Math.min(wanted, rows()), CROWDED_IN_SAMPLE);
    Centroids centroids = numbered(trained);
    for (int round = 0; ; round++) {
      int[] nearest = nearest(centroids);
      CellBalance balance = new CellBalance(centroids, byCell(nearest)).used();
      Optional<Centroids> divided =
          round < BALANCING
              ? balance.divided(
                  members(nearest, balance.crowded(most)), most, wanted, true, division)
              : Optional.empty();
      if (divided.isEmpty()) {
        return Centroids.numbered(
            IntStream.range(0, balance.centroids().count())
                .mapToObj(balance.centroids()::vector)
                .toList());
      }
      centroids = divided.get();
    }
  }

  private static Map<Integer, Long> byCell(int[] nearest) {
    Map<Integer, Long> counts = new HashMap<>();
    for (int cell : nearest) {
      counts.merge(cell, 1L, Long::sum);
    }
    return counts;
  }

  private Map<Integer, List<float[]>> members(int[] nearest, List<Integer> cells) {
    Map<Integer, List<float[]>> members = new HashMap<>();
    cells.forEach(cell -> members.put(cell, new ArrayList<>()));
    for (int row = 0; row < nearest.length; row++) {
      if (members.containsKey(nearest[row])) {
        members
            .get(nearest[row])
            .add(Arrays.copyOfRange(sample, row * dimension, (row + 1) * dimension));
      }
    }
    return members;
  }

  private Centroids numbered(float[] centroids) {
    return new Centroids(
        dimension, IntStream.range(0, centroids.length / dimension).toArray(), centroids);
  }

  /** Different rows of the sample. */
  private float[] start(int cells) {
    int[] chosen = IntStream.range(0, rows()).toArray();
    for (int i = 0; i < cells; i++) {
      int other = i + random.nextInt(chosen.length - i);
      int swapped = chosen[i];
      chosen[i] = chosen[other];
      chosen[other] = swapped;
    }
    float[] centroids = new float[cells * dimension];
    for (int i = 0; i < cells; i++) {
      System.arraycopy(sample, chosen[i] * dimension, centroids, i * dimension, dimension);
    }
    return centroids;
  }

  private int[] nearest(Centroids centroids) {
    int[] nearest = new int[rows()];
    ExecutorProducts.withWorkspace(
        workspace -> {
          for (int from = 0; from < rows(); from += BLOCK) {
            int block = Math.min(BLOCK, rows() - from);
            FloatBuffer matrix = workspace.rows(0, block * dimension);
            matrix.put(sample, from * dimension, block * dimension).flip();
            int[] found = centroids.nearest(matrix, product, workspace);
            System.arraycopy(found, 0, nearest, from, block);
          }
          return nearest;
        });
    return nearest;
  }

  private static int[] counts(int[] nearest, int cells) {
    int[] counts = new int[cells];
    for (int cell : nearest) {
      counts[cell]++;
    }
    return counts;
  }

  /** The means of cells; a cell without rows keeps its centroid. */
  private float[] means(int[] nearest, float[] centroids, int[] counts) {
    double[] sums = new double[centroids.length];
    for (int row = 0; row < nearest.length; row++) {
      for (int i = 0; i < dimension; i++) {
        sums[nearest[row] * dimension + i] += sample[row * dimension + i];
      }
    }
    float[] means = centroids.clone();
    for (int cell = 0; cell < counts.length; cell++) {
      double divisor = divisor(sums, cell, counts[cell]);
      for (int i = 0; i < dimension && divisor > 0; i++) {
        means[cell * dimension + i] = (float) (sums[cell * dimension + i] / divisor);
      }
    }
    return means;
  }

  private double divisor(double[] sums, int cell, int count) {
    if (ranking == ProductRanking.PRODUCTS) {
      return count;
    }
    double squares = 0;
    for (int i = 0; i < dimension; i++) {
      squares += sums[cell * dimension + i] * sums[cell * dimension + i];
    }
    return Math.sqrt(squares);
  }

  /** Moves centroids of the smallest cells to rows of the largest ones. */
  private void divide(float[] centroids, int[] counts, int[] nearest) {
    int[] bySize =
        IntStream.range(0, counts.length)
            .boxed()
            .sorted(Comparator.comparingInt(cell -> counts[cell]))
            .mapToInt(Integer::intValue)
            .toArray();
    double crowded = CROWDED * rows() / counts.length;
    int small = 0;
    int large = counts.length - 1;
    while (small < large
        && counts[bySize[large]] > crowded
        && counts[bySize[large]] >= TIMES_LARGER * counts[bySize[small]]) {
      int row = member(bySize[large], counts, nearest);
      System.arraycopy(sample, row * dimension, centroids, bySize[small] * dimension, dimension);
      small++;
      large--;
    }
  }

  /** A row of a cell, by chance. */
  private int member(int cell, int[] counts, int[] nearest) {
    int skipped = random.nextInt(counts[cell]);
    return IntStream.range(0, nearest.length)
        .filter(row -> nearest[row] == cell)
        .skip(skipped)
        .findFirst()
        .orElseThrow();
  }

  /**
   * How many rows a sample should have.
   *
   * @param cells wanted
   */
  static long wanted(int cells, int dimension) {
    return Math.max(1, Math.min(SAMPLED_PER_CELL * cells, MOST_FLOATS / dimension));
  }
}
