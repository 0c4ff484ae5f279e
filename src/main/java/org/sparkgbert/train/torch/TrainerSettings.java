package org.sparkgbert.train.torch;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * How an encoder is trained.
 *
 * @param loss what is minimized
 * @param optimizer how weights move
 * @param freeze what keeps its weights
 * @param loraRank rank of the matrices that are trained in place of the encoder's own, 0 for none;
 *     see {@link EncoderTrainer}
 * @param dropout whether training drops elements, as the encoder's specification says
 * @param seed what random numbers follow from: LoRA's first values, and what dropout drops
 * @param gpu number of the GPU, empty for the CPU
 */
public record TrainerSettings(
    Loss loss,
    OptimizerSettings optimizer,
    Freeze freeze,
    int loraRank,
    boolean dropout,
    long seed,
    OptionalInt gpu) {
  /**
   * @throws IllegalArgumentException if a value is out of range
   */
  public TrainerSettings {
    Objects.requireNonNull(loss, "loss is missing");
    Objects.requireNonNull(optimizer, "optimizer is missing");
    Objects.requireNonNull(freeze, "freeze is missing");
    if (loraRank < 0) {
      throw new IllegalArgumentException(
          "Cannot train: the rank of LoRA must not be negative, found " + loraRank);
    }
    if (gpu.isPresent() && gpu.getAsInt() < 0) {
      throw new IllegalArgumentException(
          "Cannot train: the number of a GPU must not be negative, found " + gpu.getAsInt());
    }
  }
}
