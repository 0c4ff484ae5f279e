package org.sparkgbert.onnx;

import java.io.Serializable;
import java.util.Objects;

/**
 * Where and with what a model runs.
 *
 * @param choice the device wanted
 * @param threads threads of one run on the CPU, at least 1
 * @param gpuAddress which GPU: an index, or a UUID as {@code CUDA_VISIBLE_DEVICES} lists it
 * @param gpuMemoryLimit most bytes of the GPU's memory that the session's arena takes, 0 for no
 *     limit
 * @param arena how the arena grows, on the GPU
 */
public record DeviceSettings(
    DeviceChoice choice, int threads, String gpuAddress, long gpuMemoryLimit, ArenaGrowth arena)
    implements Serializable {

  /** How ONNX Runtime's memory arena grows. */
  public enum ArenaGrowth {
    /** By powers of two: few allocations, up to twice the memory. */
    NEXT_POWER_OF_TWO("kNextPowerOfTwo"),
    /** By what is asked for: tight, for GPUs that others use too. */
    SAME_AS_REQUESTED("kSameAsRequested");

    private final String onnxRuntimeName;

    ArenaGrowth(String onnxRuntimeName) {
      this.onnxRuntimeName = onnxRuntimeName;
    }

    String onnxRuntimeName() {
      return onnxRuntimeName;
    }
  }

  /**
   * @throws IllegalArgumentException if a value is out of range
   */
  public DeviceSettings {
    Objects.requireNonNull(choice, "choice");
    Objects.requireNonNull(gpuAddress, "gpuAddress");
    Objects.requireNonNull(arena, "arena");
    if (threads < 1) {
      throw new IllegalArgumentException(
          "Cannot use device: threads must be positive, found " + threads);
    }
    if (gpuMemoryLimit < 0) {
      throw new IllegalArgumentException(
          "Cannot use device: the GPU memory limit must not be negative, found " + gpuMemoryLimit);
    }
  }

  /** The first GPU if there is a usable one, else the CPU with the given count of threads. */
  public static DeviceSettings auto(int threads) {
    return new DeviceSettings(DeviceChoice.AUTO, threads, "0", 0, ArenaGrowth.SAME_AS_REQUESTED);
  }

  /** The CPU with the given count of threads per run. */
  public static DeviceSettings cpu(int threads) {
    return new DeviceSettings(DeviceChoice.CPU, threads, "0", 0, ArenaGrowth.SAME_AS_REQUESTED);
  }

  /** The same settings for another choice of device. */
  public DeviceSettings withChoice(DeviceChoice other) {
    return new DeviceSettings(other, threads, gpuAddress, gpuMemoryLimit, arena);
  }

  /** The same settings for another GPU. */
  public DeviceSettings withGpuAddress(String address) {
    return new DeviceSettings(choice, threads, address, gpuMemoryLimit, arena);
  }
}
