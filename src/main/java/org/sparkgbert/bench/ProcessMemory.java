package org.sparkgbert.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The largest resident memory of a process or one that it started, whichever is larger, as Linux
 * tells it in {@code /proc}. A launcher starts one JVM; what this starts shares its memory until it
 * runs a program of its own, and must not count twice.
 *
 * <p><b>Threads:</b> for one thread at a time.
 */
final class ProcessMemory {
  private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");

  private final ProcessHandle process;
  private long peak;

  ProcessMemory(ProcessHandle process) {
    this.process = process;
  }

  /** Looks once; to be called now and then while the process runs. */
  void poll() {
    try (Stream<ProcessHandle> started = process.descendants()) {
      peak =
          Stream.concat(Stream.of(process), started)
              .mapToLong(each -> peakBytes(Path.of("/proc/" + each.pid() + "/status")))
              .reduce(peak, Math::max);
    }
  }

  /** The most bytes that were seen; empty where the system does not tell. */
  OptionalLong peakBytes() {
    return peak == 0 ? OptionalLong.empty() : OptionalLong.of(peak);
  }

  /** 0 for a process that has ended, or where there is no such file. */
  static long peakBytes(Path status) {
    try {
      Matcher found = PEAK.matcher(Files.readString(status));
      return found.find() ? 1024 * Long.parseLong(found.group(1)) : 0;
    } catch (IOException e) {
      return 0;
    }
  }
}
