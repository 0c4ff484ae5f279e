package org.sparkgbert.train.torch;

import java.util.Locale;

/** A step's loss or gradients are not finite; the weights are as they were before it. */
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long step;
  private final double learningRate;

  /**
   * @param step number of the step, from 1
   * @param learningRate its learning rate
   * @param what what is not finite, with its value, such as {@code loss NaN}
   */
  DivergedException(long step, double learningRate, String what) {
    super(
        String.format(
            Locale.ROOT,
            "Cannot train on: loss and gradients must be finite, found %s at step %d with learning"
                + " rate %.3g; lower the learning rate, or look for weights and labels that are"
                + " far too large",
            what,
            step,
            learningRate));
    this.step = step;
    this.learningRate = learningRate;
  }

  /** Number of the step, from 1. */
  public long step() {
    return step;
  }

  /** The learning rate of the step. */
  public double learningRate() {
    return learningRate;
  }
}
