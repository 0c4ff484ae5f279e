package org.sparkgbert.train;

import java.util.Objects;
import org.sparkgbert.onnx.DeviceChoice;
import org.sparkgbert.onnx.DeviceOptions;
import org.sparkgbert.settings.Settings;

/**
 * How a model learns.
 *
 * @param loss what becomes small
 * @param epochs passes over the pairs
 * @param batchSize pairs of a batch
 * @param accumulate batches of a step
 * @param learningRate the peak of the learning rate
 * @param warmupSteps steps until the peak
 * @param weightDecay how much weights shrink, as a share of the learning rate
 * @param maxGradientNorm the longest gradient
 * @param evaluationSteps steps between evaluations
 * @param saveSteps steps between savings
 * @param seed seed of order, dropout and LoRA
 * @param device where it runs
 */
public record Recipe(
    LossChoice loss,
    int epochs,
    int batchSize,
    int accumulate,
    double learningRate,
    int warmupSteps,
    double weightDecay,
    double maxGradientNorm,
    int evaluationSteps,
    int saveSteps,
    long seed,
    DeviceChoice device) {
  /**
   * @throws IllegalArgumentException if a value is out of range
   */
  public Recipe {
    Objects.requireNonNull(loss, "loss");
    TrainOptions.EPOCHS.require(epochs);
    TrainOptions.BATCH_SIZE.require(batchSize);
    TrainOptions.ACCUMULATE.require(accumulate);
    TrainOptions.LEARNING_RATE.require(learningRate);
    TrainOptions.WARMUP_STEPS.require(warmupSteps);
    TrainOptions.WEIGHT_DECAY.require(weightDecay);
    TrainOptions.MAX_GRADIENT_NORM.require(maxGradientNorm);
    TrainOptions.EVALUATION_STEPS.require(evaluationSteps);
    TrainOptions.SAVE_STEPS.require(saveSteps);
    Objects.requireNonNull(device, "device");
    if (loss == LossChoice.MULTIPLE_NEGATIVES_RANKING && batchSize < 2) {
      throw new IllegalArgumentException(
          "Cannot run: --loss multiple-negatives-ranking takes other pairs of the batch as negatives,"
              + " so --batch-size must be at least 2, found "
              + batchSize);
    }
  }

  /** Reads the settings of {@link TrainOptions}. */
  static Recipe of(Settings settings) {
    return new Recipe(
        settings.get(TrainOptions.LOSS),
        settings.get(TrainOptions.EPOCHS),
        settings.get(TrainOptions.BATCH_SIZE),
        settings.get(TrainOptions.ACCUMULATE),
        settings.get(TrainOptions.LEARNING_RATE),
        settings.get(TrainOptions.WARMUP_STEPS),
        settings.get(TrainOptions.WEIGHT_DECAY),
        settings.get(TrainOptions.MAX_GRADIENT_NORM),
        settings.get(TrainOptions.EVALUATION_STEPS),
        settings.get(TrainOptions.SAVE_STEPS),
        settings.get(TrainOptions.SEED),
        settings.get(DeviceOptions.DEVICE));
  }
}
