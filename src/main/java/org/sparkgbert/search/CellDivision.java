package org.sparkgbert.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import org.sparkgbert.vector.ProductRanking;

/**
 * Divides the rows of a cell into parts of about the same size: again and again the largest part at
 * the median along the direction of its greatest variance, and then by a few rounds of 2-means
 * unless these make one side small. A function of the rows and their order; no chance is involved.
 *
 * <p><b>Source:</b> Boley, Principal Direction Divisive Partitioning, 1998.
 *
 * @param ranking whether rows are directions, so that their means are, too
 */
record CellDivision(ProductRanking ranking) {
  /** Of the farthest row from the mean, squared, over the mean's: nearer ones products confuse. */
  private static final double LEAST_SPREAD = 1e-6;

  /** Of the range of rows along a direction; nearer ones are not parted. */
  private static final double LEAST_STEP = 1e-3;

  private static final int POWER_ROUNDS = 5;
  private static final int MEANS_ROUNDS = 4;

  /** A side of so small a share is none. */
  private static final double LEAST_SIDE = 0.15;

  /**
   * Divides.
   *
   * @param rows vectors, or directions if these are ranked; at least one
   * @param wanted number of parts
   * @return the means of the parts; fewer than wanted if rows are equal, or nearly so
   */
  List<float[]> means(List<float[]> rows, int wanted) {
    PriorityQueue<List<float[]>> parts =
        new PriorityQueue<>(Comparator.comparingInt((List<float[]> part) -> -part.size()));
    parts.add(rows);
    List<float[]> means = new ArrayList<>();
    while (!parts.isEmpty() && parts.size() + means.size() < wanted) {
      List<float[]> largest = parts.remove();
      Optional<List<List<float[]>>> sides = halves(largest);
      if (sides.isPresent()) {
        parts.addAll(sides.get());
      } else {
        means.add(mean(largest));
      }
    }
    parts.forEach(part -> means.add(mean(part)));
    return means;
  }

  /** Empty if the rows are equal. */
  private static Optional<List<List<float[]>>> halves(List<float[]> rows) {
    double[] mean = plainMean(rows);
    double[] direction = principal(rows, mean);
    if (direction.length == 0) {
      return Optional.empty();
    }
    double[] along = rows.stream().mapToDouble(row -> product(row, mean, direction)).toArray();
    double[] sorted = along.clone();
    Arrays.sort(sorted);
    double median = sorted[sorted.length / 2];
    double range = sorted[sorted.length - 1] - sorted[0];
    // Where half of the rows are about equal, the mean, which is 0, parts them from the others.
    double middle = median - sorted[0] <= LEAST_STEP * range ? 0 : median;
    boolean[] left = new boolean[along.length];
    for (int i = 0; i < along.length; i++) {
      left[i] = along[i] < middle;
    }
    return sides(rows, left).isEmpty() ? Optional.empty() : sides(rows, refined(rows, left));
  }

  private static Optional<List<List<float[]>>> sides(List<float[]> rows, boolean[] left) {
    List<float[]> first = side(rows, left, true);
    List<float[]> second = side(rows, left, false);
    return first.isEmpty() || second.isEmpty()
        ? Optional.empty()
        : Optional.of(List.of(first, second));
  }

  private static List<float[]> side(List<float[]> rows, boolean[] left, boolean wanted) {
    List<float[]> side = new ArrayList<>();
    for (int i = 0; i < left.length; i++) {
      if (left[i] == wanted) {
        side.add(rows.get(i));
      }
    }
    return side;
  }

  /** By 2-means, as long as both sides stay large. */
  private static boolean[] refined(List<float[]> rows, boolean[] start) {
    boolean[] left = start;
    for (int round = 0; round < MEANS_ROUNDS; round++) {
      double[] first = plainMean(side(rows, left, true));
      double[] second = plainMean(side(rows, left, false));
      boolean[] next = new boolean[left.length];
      int count = 0;
      for (int i = 0; i < next.length; i++) {
        next[i] = squaredDistance(rows.get(i), first) < squaredDistance(rows.get(i), second);
        count += next[i] ? 1 : 0;
      }
      if (Math.min(count, next.length - count) < Math.max(1, LEAST_SIDE * next.length)) {
        return left;
      }
      left = next;
    }
    return left;
  }

  /** The direction of the greatest variance, by the power method; empty if there is none. */
  private static double[] principal(List<float[]> rows, double[] mean) {
    double[] direction = {};
    double farthest = 0;
    for (float[] row : rows) {
      double distance = squaredDistance(row, mean);
      if (distance > farthest) {
        farthest = distance;
        direction = difference(row, mean);
      }
    }
    if (farthest <= LEAST_SPREAD * squares(mean)) {
      return new double[0];
    }
    for (int round = 0; round < POWER_ROUNDS; round++) {
      double[] next = new double[mean.length];
      for (float[] row : rows) {
        double along = product(row, mean, direction);
        for (int i = 0; i < next.length; i++) {
          next[i] += along * (row[i] - mean[i]);
        }
      }
      double length = Math.sqrt(squares(next));
      for (int i = 0; i < next.length; i++) {
        next[i] /= length;
      }
      direction = next;
    }
    return direction;
  }

  private static double[] difference(float[] row, double[] mean) {
    double[] difference = new double[row.length];
    for (int i = 0; i < row.length; i++) {
      difference[i] = row[i] - mean[i];
    }
    return difference;
  }

  private static double product(float[] row, double[] mean, double[] direction) {
    double sum = 0;
    for (int i = 0; i < row.length; i++) {
      sum += (row[i] - mean[i]) * direction[i];
    }
    return sum;
  }

  private static double squaredDistance(float[] row, double[] mean) {
    double sum = 0;
    for (int i = 0; i < row.length; i++) {
      sum += (row[i] - mean[i]) * (row[i] - mean[i]);
    }
    return sum;
  }

  private static double squares(double[] vector) {
    return Arrays.stream(vector).map(element -> element * element).sum();
  }

  private static double[] plainMean(List<float[]> rows) {
    double[] mean = new double[rows.get(0).length];
    for (float[] row : rows) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += row[i];
      }
    }
    for (int i = 0; i < mean.length; i++) {
      mean[i] /= rows.size();
    }
    return mean;
  }

  /** The mean, or its direction; of opposite directions, the first. */
  private float[] mean(List<float[]> rows) {
    double[] mean = plainMean(rows);
    double length = ranking == ProductRanking.DIRECTIONS ? Math.sqrt(squares(mean)) : 1;
    if (length == 0) {
      return rows.get(0).clone();
    }
    float[] floats = new float[mean.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) (mean[i] / length);
    }
    return floats;
  }
}
