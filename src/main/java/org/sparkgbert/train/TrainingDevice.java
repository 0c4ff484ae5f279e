package org.sparkgbert.train;

import java.util.OptionalInt;
import org.sparkgbert.onnx.DeviceChoice;
import org.sparkgbert.train.torch.Torch;

/**
 * What training runs on.
 *
 * @param gpu number of the GPU; empty for the CPU
 */
record TrainingDevice(OptionalInt gpu) {
  /**
   * The device that a user chose.
   *
   * @throws IllegalArgumentException if a GPU is demanded and there is none
   */
  static TrainingDevice of(DeviceChoice choice) {
    return switch (choice) {
      case CPU -> new TrainingDevice(OptionalInt.empty());
      case AUTO -> new TrainingDevice(Torch.gpus() > 0 ? OptionalInt.of(0) : OptionalInt.empty());
      case CUDA -> {
        if (Torch.gpus() == 0) {
          throw new IllegalArgumentException(
              "Cannot train on a GPU: PyTorch finds none; its jars may be those for CPUs, or use --device cpu");
        }
        yield new TrainingDevice(OptionalInt.of(0));
      }
    };
  }

  /** Its name: {@code cpu} or {@code cuda:0}. */
  @Override
  public String toString() {
    return gpu.isPresent() ? "cuda:" + gpu.getAsInt() : "cpu";
  }
}
