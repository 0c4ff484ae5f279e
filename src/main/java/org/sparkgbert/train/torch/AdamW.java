package org.sparkgbert.train.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;

/**
 * Moves weights by AdamW in PyTorch's form, where epsilon is added to the root after its bias is
 * corrected: w -= rate * m / (1 - b1^t) / (sqrt(v / (1 - b2^t)) + epsilon). DJL's operator adds it
 * before; multiplied by sqrt(1 - b2^t), it comes to the same.
 *
 * <p><b>Source:</b> {@code torch.optim.AdamW}.
 */
final class AdamW {
  private static final float BETA1 = 0.9f;
  private static final float BETA2 = 0.999f;
  private static final double EPSILON = 1e-8;

  private final double weightDecay;

  AdamW(double weightDecay) {
    this.weightDecay = weightDecay;
  }

  /**
   * Moves a tensor once.
   *
   * @param gradient its gradient, not changed
   * @param factor what the gradient is multiplied by
   * @param step number of the step, from 1
   */
  void move(TrainedTensor tensor, NDArray gradient, float factor, long step, double rate) {
    float kept = (float) (tensor.decays() ? 1 - rate * weightDecay : 1);
    double root = Math.sqrt(1 - Math.pow(BETA2, step));
    float corrected = (float) (rate * root / (1 - Math.pow(BETA1, step)));
    float epsilon = (float) (EPSILON * root);
    tensor.move(
        gradient,
        (weight, part, mean, variance) -> {
          if (kept < 1) {
            weight.muli(kept);
          }
          NDList inputs = new NDList(weight, part, mean, variance);
          update(inputs, factor, (float) rate, corrected, epsilon);
        });
  }

  /** DJL's operator without its own decay, for which the rate alone would count. */
  private static void update(
      NDList inputs, float factor, float rate, float corrected, float epsilon) {
    NDArray weight = inputs.head();
    weight
        .getNDArrayInternal()
        .adamUpdate(
            inputs,
            new NDList(weight),
            rate,
            corrected,
            0,
            factor,
            -1,
            BETA1,
            BETA2,
            epsilon,
            false,
            false);
  }
}
