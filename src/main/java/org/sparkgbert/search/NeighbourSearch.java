package org.sparkgbert.search;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.PriorityQueue;
import org.sparkgbert.onnx.BlockProduct;
import org.sparkgbert.vector.ProductRanking;

/**
 * Compares rows with those of all blocks that are shown to it, whatever their order, and offers
 * them those that may be among the best.
 *
 * <p>Products in float32 discard what cannot be among the best; the rest is scored in double
 * precision.
 *
 * <p><b>Threads:</b> for one thread.
 */
final class NeighbourSearch {
  private final ComparedRows rows;
  private final VectorBlock block;
  private final ProductRanking ranking;
  private final BlockProduct product;
  private final Workspace workspace;
  private final FloatBuffer left;
  private final double[] lengths;
  private final float allowance;

  private float[] approximate = new float[0];
  private double[] exact = new double[0];
  private boolean[] isExact = new boolean[0];
  private final int[] waiting = new int[DotProducts.LANES];
  private final double[] waitingScores = new double[DotProducts.LANES];
  private int waitingRows;

  /**
   * @param index which one this is of those that share the workspace
   */
  NeighbourSearch(
      ComparedRows rows,
      int index,
      ProductRanking ranking,
      BlockProduct product,
      Workspace workspace) {
    this.rows = rows;
    this.block = rows.block();
    this.ranking = ranking;
    this.product = product;
    this.workspace = workspace;
    this.lengths = block.lengths();
    this.allowance = allowance(block.dimension());
    Slice slice = rows.slice();
    this.left = workspace.rows(index, slice.rows() * block.dimension());
    block.putDivided(slice.from(), slice.to(), lengths, left);
  }

  /**
   * An upper bound of the error of a float32 score of vectors no longer than 1.
   *
   * <p>With u = 2^-24 the rounding of both vectors adds 4u at most, and a sum of d products, in any
   * order, d * u / (1 - d * u). Twice that is allowed, which covers underflow and the rounding of
   * doubles too.
   *
   * <p><b>Source:</b> Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 3.1.
   */
  private static float allowance(int dimension) {
    double sum = dimension * 0x1p-24;
    return (float) (sum < 0.5 ? 2 * (sum / (1 - sum) + 0x1p-22) : Float.POSITIVE_INFINITY);
  }

  /** Compares the rows with all rows of a block. */
  void visit(DividedBlock divided) {
    VectorBlock columns = divided.block();
    int width = columns.rows();
    FloatBuffer scores = workspace.scores(rows.slice().rows() * width);
    product.multiply(left, divided.matrix(), block.dimension(), scores);
    approximate = new float[width];
    exact = new double[width];
    isExact = new boolean[width];
    for (int i = 0; i < rows.slice().rows(); i++) {
      scores.get(i * width, approximate);
      scan(i, columns, divided.divisors()[0]);
    }
  }

  private void scan(int i, VectorBlock columns, double longest) {
    int row = rows.slice().from() + i;
    BestHits best = rows.best()[i];
    // The product holds scores of directions, or dot products divided by both lengths.
    double scale = ranking == ProductRanking.DIRECTIONS ? 1 : lengths[row] * longest;
    Arrays.fill(isExact, false);
    float[] scores = approximate;
    float limit = Math.max(limit(best, scale), limit(best, scores));
    for (int column = 0; column < scores.length; column++) {
      if (scores[column] >= limit && offer(best, row, columns, column)) {
        limit = Math.max(limit, limit(best, scale));
      }
    }
    offerWaiting(best, row, columns);
  }

  /** The lowest score in the product that may belong to one of the best. */
  private float limit(BestHits best, double scale) {
    return Math.nextDown((float) (best.threshold() / scale - allowance));
  }

  /**
   * The lowest score of a block that may belong to one of the best as long as there are too few of
   * these: enough rows of the block have a higher one, even if one of them is no hit.
   */
  private float limit(BestHits best, float[] scores) {
    return best.isFull() || best.topK() >= scores.length
        ? Float.NEGATIVE_INFINITY
        : Math.nextDown(highest(scores, best.topK() + 1) - 2 * allowance);
  }

  /** The lowest of the highest scores. */
  private static float highest(float[] scores, int count) {
    PriorityQueue<Float> highest = new PriorityQueue<>(count);
    float lowest = Float.NEGATIVE_INFINITY;
    for (float score : scores) {
      if (highest.size() == count) {
        if (score <= lowest) {
          continue;
        }
        highest.remove();
      }
      highest.add(score);
      lowest = highest.element();
    }
    return lowest;
  }

  /**
   * Offers a row at once if an equal one of its block was scored; else when as many wait as are
   * scored at once.
   *
   * @return whether any row was kept
   */
  private boolean offer(BestHits best, int row, VectorBlock columns, int column) {
    int first = columns.firstEqual(column);
    if (isExact[first]) {
      return best.offer(exact[first], columns, column);
    }
    waiting[waitingRows++] = column;
    return waitingRows == waiting.length && offerWaiting(best, row, columns);
  }

  private boolean offerWaiting(BestHits best, int row, VectorBlock columns) {
    block.scores(ranking, row, columns, waiting, waitingRows, waitingScores);
    boolean isKept = false;
    for (int i = 0; i < waitingRows; i++) {
      int first = columns.firstEqual(waiting[i]);
      exact[first] = waitingScores[i];
      isExact[first] = true;
      isKept |= best.offer(waitingScores[i], columns, waiting[i]);
    }
    waitingRows = 0;
    return isKept;
  }
}
