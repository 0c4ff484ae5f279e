package org.sparkgbert.convert;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a launcher in a JVM of its own and watches its memory. */
final class ChildProcess {
  private static final int PERIOD_MILLIS = 50;

  private ChildProcess() {}

  /**
   * How a command ended.
   *
   * @param code its exit code
   * @param output what it printed on both streams
   * @param duration how long it ran
   * @param peakKilobytes most memory that was resident, 0 where the system does not say
   */
  record Outcome(int code, String output, Duration duration, long peakKilobytes) {
    @Override
    public String toString() {
      return "%d s, peak resident memory %d MB"
          .formatted(duration.toSeconds(), peakKilobytes >> 10);
    }
  }

  /** Runs a command in the checkout, with options for Java. */
  static Outcome run(List<String> command, String javaOptions)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("spark-gbert", ".out");
    long start = System.nanoTime();
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("JAVA_OPTS", javaOptions);
    Process process = builder.start();
    try {
      long peak = 0;
      while (!process.waitFor(PERIOD_MILLIS, TimeUnit.MILLISECONDS)) {
        peak = Math.max(peak, peakKilobytes(process.pid()));
      }
      Duration duration = Duration.ofNanos(System.nanoTime() - start);
      return new Outcome(process.exitValue(), Files.readString(output), duration, peak);
    } finally {
      process.destroyForcibly();
      Files.delete(output);
    }
  }

  /** The launcher's process becomes Java's, so its number stays. */
  private static long peakKilobytes(long pid) {
    try {
      return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }
}
