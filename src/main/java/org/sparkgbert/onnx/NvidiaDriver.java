package org.sparkgbert.onnx;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What can be found out about NVIDIA GPUs before CUDA's large libraries are unpacked. */
final class NvidiaDriver {
  private static final List<Path> TRACES =
      List.of(
          Path.of("/proc/driver/nvidia/version"), Path.of("/dev/nvidiactl"), Path.of("/dev/dxg"));

  private NvidiaDriver() {}

  /**
   * @throws DeviceException if this machine has no NVIDIA driver
   */
  static void require() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    if (system.startsWith("windows")) {
      return;
    }
    if (!system.startsWith("linux")) {
      throw new DeviceException("Cannot use CUDA: it needs Linux or Windows, found " + system);
    }
    if (TRACES.stream().noneMatch(Files::exists)) {
      throw new DeviceException(
          "Cannot use CUDA: no NVIDIA driver found on this machine, looked for " + TRACES);
    }
  }

  /**
   * The index that CUDA gives to a GPU.
   *
   * @param address an index, or a UUID such as {@code GPU-8f2e...} or {@code MIG-...}
   * @param visible value of {@code CUDA_VISIBLE_DEVICES}, null if it is not set
   * @throws DeviceException if it is a UUID that is not visible
   */
  static int indexOf(String address, String visible) {
    if (address.matches("\\d{1,4}")) {
      return Integer.parseInt(address);
    }
    List<String> devices =
        visible == null ? List.of() : List.of(visible.trim().split("\\s*,\\s*", -1));
    int index = devices.indexOf(address);
    if (index < 0) {
      throw new DeviceException(
          "Cannot use CUDA: GPU '%s' is not in CUDA_VISIBLE_DEVICES, %s"
              .formatted(address, visible == null ? "which is not set" : "found " + devices));
    }
    return index;
  }
}
