package org.sparkgbert.onnx;

import java.io.Serializable;
import java.util.Objects;
import org.sparkgbert.settings.Settings;

/**
 * Where a model runs, and with which resources.
 *
 * @param choice the device wanted
 * @param threads threads per run on the CPU, at least 1
 * @param gpuAddress which GPU: an index, or a UUID as {@code CUDA_VISIBLE_DEVICES} lists it
 * @param gpuMemoryLimit maximum number of bytes of the GPU's memory that the session's arena takes,
 *     0 for no limit
 * @param arena how the arena grows, on the GPU
 */
public record DeviceSettings(
    DeviceChoice choice, int threads, String gpuAddress, long gpuMemoryLimit, ArenaGrowth arena)
    implements Serializable {

  /** How ONNX Runtime's memory arena grows. */
  public enum ArenaGrowth {
    /** By powers of two: few allocations, up to twice the memory. */
    NEXT_POWER_OF_TWO("kNextPowerOfTwo"),
    /** By the amount requested: wastes little, for GPUs that others use too. */
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
    DeviceOptions.GPU_MEMORY_LIMIT.require(gpuMemoryLimit);
  }

  /**
   * Reads the settings of {@link DeviceOptions}, for the first GPU.
   *
   * @param taskCpus threads per run on the CPU if the settings do not say
   */
  public static DeviceSettings of(Settings settings, int taskCpus) {
    int threads = settings.get(DeviceOptions.THREADS);
    return new DeviceSettings(
        settings.get(DeviceOptions.DEVICE),
        threads == 0 ? taskCpus : threads,
        "0",
        settings.get(DeviceOptions.GPU_MEMORY_LIMIT),
        settings.get(DeviceOptions.GPU_ARENA));
  }

  /** The first GPU if there is a usable one, else the CPU with the given number of threads. */
  public static DeviceSettings auto(int threads) {
    return of(Settings.NONE, threads);
  }

  /** The CPU with the given number of threads per run. */
  public static DeviceSettings cpu(int threads) {
    return auto(threads).withChoice(DeviceChoice.CPU);
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
