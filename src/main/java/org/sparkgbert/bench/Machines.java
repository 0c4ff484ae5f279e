package org.sparkgbert.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.sparkgbert.onnx.LayerProduct;

/** Describes this machine. */
public final class Machines {
  private static final Path CPUS = Path.of("/proc/cpuinfo");

  private Machines() {}

  /**
   * This machine.
   *
   * @param device where the models run
   * @param spark version of Spark; empty if no job is measured
   */
  public static Machine here(String device, String spark) {
    return new Machine(
        cpu(CPUS),
        Runtime.getRuntime().availableProcessors(),
        memory(),
        device,
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.version"),
        LayerProduct.runtimeVersion(),
        spark);
  }

  /** The name that Linux reports; the architecture if there is none. */
  static String cpu(Path cpus) {
    String architecture = System.getProperty("os.arch");
    if (!Files.isReadable(cpus)) {
      return architecture;
    }
    try {
      List<String> lines = Files.readAllLines(cpus);
      return lines.stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(architecture);
    } catch (IOException e) {
      return architecture;
    }
  }

  private static long memory() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? system.getTotalMemorySize()
        : 0;
  }
}
