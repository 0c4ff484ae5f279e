package org.sparkgbert.train;

import org.sparkgbert.settings.ValueType;

/**
 * The range of gold scores in a table; training maps it to 0 to 1.
 *
 * @param low what a pair without any similarity has
 * @param high what a pair with the same meaning has
 */
public record ScoreRange(double low, double high) {
  /** From 0 to 1. */
  public static final ScoreRange UNIT = new ScoreRange(0, 1);

  /** Written as {@code 0,5}. */
  static final ValueType<ScoreRange> TYPE =
      ValueType.single("two numbers such as 0,5", ScoreRange::parse, ScoreRange::toString);

  /**
   * @throws IllegalArgumentException if the range is empty or not finite
   */
  public ScoreRange {
    if (!(low < high) || !Double.isFinite(high - low)) {
      throw new IllegalArgumentException(
          "Cannot train: a range of scores must end above its beginning, found %s,%s"
              .formatted(low, high));
    }
  }

  private static ScoreRange parse(String text) {
    String[] ends = text.split(",", -1);
    if (ends.length != 2) {
      throw new IllegalArgumentException("not two numbers: " + text);
    }
    return new ScoreRange(Double.parseDouble(ends[0].strip()), Double.parseDouble(ends[1].strip()));
  }

  /** Whether a score lies in it. */
  boolean contains(double score) {
    return score >= low && score <= high;
  }

  /** A score of the range as a number from 0 to 1. */
  double map(double score) {
    return (score - low) / (high - low);
  }

  /** As users write it: {@code 0,5}. */
  @Override
  public String toString() {
    return plain(low) + "," + plain(high);
  }

  private static String plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
