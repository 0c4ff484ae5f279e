package org.sparkgbert.search;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.PriorityQueue;
import org.sparkgbert.vector.ProductRanking;

/**
 * Compares rows with those of all blocks that are shown to it, whatever their order, and offers
 * them those that may be among the best.
 *
 * <p>Approximate scores discard what cannot be among the best; the rest is scored in double
 * precision.
 *
 * <p><b>Threads:</b> for one thread.
 */
final class NeighbourSearch {
  /** Products that are held at once, at least those of one row: 64 MiB. */
  private static final int MOST_PRODUCTS = 1 << 24;

  private final ComparedRows rows;
  private final VectorBlock block;
  private final ProductRanking ranking;
  private final Workspace workspace;

  private float[] products = new float[0];
  private double[] exact = new double[0];
  private boolean[] isExact = new boolean[0];
  private final int[] waiting = new int[DotProducts.LANES];
  private final double[] waitingScores = new double[DotProducts.LANES];
  private int waitingRows;
  private long looks;

  NeighbourSearch(ComparedRows rows, ProductRanking ranking, Workspace workspace) {
    this.rows = rows;
    this.block = rows.block();
    this.ranking = ranking;
    this.workspace = workspace;
  }

  /**
   * Compares the rows with all rows of a block.
   *
   * @param scores approximate scores of the rows, for blocks of this form
   * @return how many times a row of the block was not discarded
   */
  long visit(MatrixBlock columns, ApproximateScores scores) {
    int width = columns.block().rows();
    int atOnce = Math.min(rows.slice().rows(), Math.max(1, MOST_PRODUCTS / width));
    FloatBuffer all = workspace.scores(atOnce * width);
    products = new float[width];
    exact = new double[width];
    isExact = new boolean[width];
    looks = 0;
    for (int from = 0; from < rows.slice().rows(); from += atOnce) {
      Slice some = new Slice(from, Math.min(from + atOnce, rows.slice().rows()));
      scores.multiply(columns, some, all);
      for (int i = some.from(); i < some.to(); i++) {
        all.get((i - from) * width, products);
        scan(i, scores, columns);
      }
    }
    return looks;
  }

  private void scan(int i, ApproximateScores scores, MatrixBlock columns) {
    int row = rows.slice().from() + i;
    BestHits best = rows.best()[i];
    // Approximate scores are those of directions, or dot products divided by both lengths.
    double length =
        ranking == ProductRanking.DIRECTIONS ? 1 : block.length(row) * columns.divisors()[0];
    Arrays.fill(isExact, false);
    float limit = Math.max(scores.limit(i, best.threshold() / length), limit(i, scores, best));
    for (int column = 0; column < products.length; column++) {
      if (products[column] >= limit && offer(best, row, columns.block(), column)) {
        limit = Math.max(limit, scores.limit(i, best.threshold() / length));
      }
    }
    offerWaiting(best, row, columns.block());
  }

  /**
   * The lowest product of a block that may belong to one of the best as long as there are too few
   * of these: enough rows of the block have a higher one, even if one of them is no hit.
   */
  private float limit(int i, ApproximateScores scores, BestHits best) {
    return best.isFull() || best.topK() >= products.length
        ? Float.NEGATIVE_INFINITY
        : scores.limitBeside(i, highest(products, best.topK() + 1));
  }

  /** The lowest of the highest. */
  private static float highest(float[] products, int count) {
    PriorityQueue<Float> highest = new PriorityQueue<>(count);
    float lowest = Float.NEGATIVE_INFINITY;
    for (float product : products) {
      if (highest.size() == count) {
        if (product <= lowest) {
          continue;
        }
        highest.remove();
      }
      highest.add(product);
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
    looks++;
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
