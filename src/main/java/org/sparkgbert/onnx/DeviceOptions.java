package org.sparkgbert.onnx;

import org.sparkgbert.onnx.DeviceSettings.ArenaGrowth;
import org.sparkgbert.settings.Setting;
import org.sparkgbert.settings.Settings;

/** Settings of the device that a model runs on; {@link DeviceSettings#of} reads them. */
public final class DeviceOptions {
  /** CPU or GPU. */
  public static final Setting<DeviceChoice> DEVICE =
      Setting.choice("device", DeviceChoice.AUTO).meaning("auto, cpu or cuda.");

  /** Threads of a run on the CPU. */
  public static final Setting<Integer> THREADS =
      Setting.integer("threads", 0)
          .atLeast(0)
          .atMost(1_024)
          .label("N")
          .meaning("Threads per run on the CPU; 0 for spark.task.cpus. At most 1024.");

  /** Memory of the GPU. */
  public static final Setting<Long> GPU_MEMORY_LIMIT =
      Setting.size("gpu-memory-limit")
          .atLeast(0)
          .onlyIf(DeviceOptions::isNotCpu, "does not apply with --device cpu")
          .meaning("Maximum GPU memory to use, such as 8g; 0 for no limit.");

  /** How ONNX Runtime's arena grows on the GPU. */
  public static final Setting<ArenaGrowth> GPU_ARENA =
      Setting.choice("gpu-arena", ArenaGrowth.SAME_AS_REQUESTED)
          .onlyIf(DeviceOptions::isNotCpu, "does not apply with --device cpu")
          .meaning("same_as_requested or next_power_of_two: how the GPU's arena grows.");

  private DeviceOptions() {}

  private static boolean isNotCpu(Settings settings) {
    return settings.get(DEVICE) != DeviceChoice.CPU;
  }
}
