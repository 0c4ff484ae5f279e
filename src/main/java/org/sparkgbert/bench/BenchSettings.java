package org.sparkgbert.bench;

import java.nio.file.Path;
import java.util.Objects;
import org.sparkgbert.onnx.DeviceChoice;

/**
 * How to measure.
 *
 * @param cores cores of a job, and threads of the encoder alone
 * @param rounds rounds that count
 * @param seconds what a pass of the encoder should take
 * @param texts texts of a pass; 0 for as many as take that time
 * @param device where the models run
 * @param memoryTasks concurrent tasks whose memory is compared with that of one; below 2 for none
 * @param launcher {@code jobs/embed.sh}; null to leave jobs out
 * @param scratch an existing directory for corpora and what jobs write
 */
public record BenchSettings(
    int cores,
    int rounds,
    double seconds,
    int texts,
    DeviceChoice device,
    int memoryTasks,
    Path launcher,
    Path scratch) {
  /**
   * @throws IllegalArgumentException if a value is out of range
   */
  public BenchSettings {
    Checks.positive("cores", cores);
    Checks.positive("rounds", rounds);
    Checks.positive("seconds", seconds);
    Checks.notNegative("texts", texts);
    Objects.requireNonNull(device, "device");
    Objects.requireNonNull(scratch, "scratch");
  }

  boolean withJobs() {
    return launcher != null;
  }

  /** Counts of cores to measure: one, and all. */
  int[] coreCounts() {
    return cores == 1 ? new int[] {1} : new int[] {1, cores};
  }
}
