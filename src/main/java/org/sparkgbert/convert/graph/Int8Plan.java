package org.sparkgbert.convert.graph;

/**
 * What stays float32 in the layers of an int8 graph. The more does, the closer are its vectors to
 * those of the float32 graph, and the slower it is.
 *
 * @param channelsPerOutlier one channel in this many is multiplied in float32, where the input of a
 *     matrix is wider than the output: those with the most extreme values. Other inputs have fewer
 *     of them, and two thirds as many stay float32
 * @param exactAttention number of first layers whose attention, with its four matrices, stays
 *     float32: some models attend to very few tokens, and a small error in early layers makes later
 *     ones choose other tokens
 */
public record Int8Plan(int channelsPerOutlier, int exactAttention) {
  /**
   * @throws IllegalArgumentException if a number is out of range
   */
  public Int8Plan {
    if (channelsPerOutlier < 1 || exactAttention < 0) {
      throw new IllegalArgumentException(
          "Cannot plan int8: one channel in %d and %d layers are out of range"
              .formatted(channelsPerOutlier, exactAttention));
    }
  }

  /** How many channels of a matrix's input stay float32. */
  int outliers(int in, int out) {
    return in > out ? in / channelsPerOutlier : 2 * in / (3 * channelsPerOutlier);
  }

  boolean isExact(Matrix matrix) {
    return matrix.isAttention() && matrix.attentionLayer() < exactAttention;
  }

  /** The float32 part in words. */
  @Override
  public String toString() {
    String channels =
        "one channel in %d of wide inputs and in %d of others"
            .formatted(channelsPerOutlier, channelsPerOutlier * 3 / 2);
    return exactAttention == 0
        ? channels
        : channels + " and the attention of the first %d layers".formatted(exactAttention);
  }
}
