package org.sparkgbert.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The peak resident memory of a process or of one that it started, whichever is larger, as Linux
 * reports it in {@code /proc}. A launcher starts one JVM; a process that the JVM forks shares its
 * memory until it executes a program, and must not count twice.
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

  /** Reads the current peak; to be called repeatedly while the process runs. */
  void poll() {
    try (Stream<ProcessHandle> started = process.descendants()) {
      peak =
          Stream.concat(Stream.of(process), started)
              .mapToLong(each -> peakBytes(Path.of("/proc/" + each.pid() + "/status")))
              .reduce(peak, Math::max);
    }
  }

  /** The largest number of bytes seen; empty if the system does not report it. */
  OptionalLong peakBytes() {
    return peak == 0 ? OptionalLong.empty() : OptionalLong.of(peak);
  }

  /** 0 for a process that has ended, or if there is no such file. */
  static long peakBytes(Path status) {
    try {
      Matcher found = PEAK.matcher(Files.readString(status));
      return found.find() ? 1024 * Long.parseLong(found.group(1)) : 0;
    } catch (IOException e) {
      return 0;
    }
  }
}
