package org.sparkgbert.train.torch;

/**
 * AdamW with the betas 0.9 and 0.999 and the epsilon 1e-8, a learning rate that rises linearly from
 * 0 over the warm-up steps and falls linearly to 0 at the last step, and gradients scaled down to a
 * maximum norm.
 *
 * <p><b>Source:</b> Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2019; {@code
 * torch.optim.AdamW}, {@code get_linear_schedule_with_warmup} of transformers, {@code
 * torch.nn.utils.clip_grad_norm_}.
 *
 * @param learningRate the highest learning rate
 * @param weightDecay share of a weight that is taken away per step, times the learning rate; none
 *     is taken from biases and from LayerNorm
 * @param warmupSteps steps over which the learning rate rises
 * @param totalSteps steps of the whole training
 * @param maxGradientNorm norm of all gradients together above which they are scaled down
 */
public record OptimizerSettings(
    double learningRate,
    double weightDecay,
    long warmupSteps,
    long totalSteps,
    double maxGradientNorm) {
  /**
   * @throws IllegalArgumentException if a value is out of range
   */
  public OptimizerSettings {
    require(
        "learning rate",
        "above 0 and at most 1",
        learningRate > 0 && learningRate <= 1,
        learningRate);
    require(
        "weight decay",
        "at least 0 and at most 1",
        weightDecay >= 0 && weightDecay <= 1,
        weightDecay);
    require("number of warm-up steps", "at least 0", warmupSteps >= 0, warmupSteps);
    require("number of steps", "at least 1", totalSteps >= 1, totalSteps);
    require("maximum gradient norm", "above 0", maxGradientNorm > 0, maxGradientNorm);
  }

  private static void require(String what, String range, boolean holds, Number found) {
    if (!holds) {
      throw new IllegalArgumentException(
          "Cannot train: the %s must be %s, found %s".formatted(what, range, found));
    }
  }

  /**
   * The learning rate of a step. That of step 0 is 0 if there is a warm-up.
   *
   * @param step number of the step, from 0
   */
  public double learningRate(long step) {
    if (step < warmupSteps) {
      return learningRate * step / Math.max(1, warmupSteps);
    }
    return learningRate
        * Math.max(0, (double) (totalSteps - step) / Math.max(1, totalSteps - warmupSteps));
  }
}
