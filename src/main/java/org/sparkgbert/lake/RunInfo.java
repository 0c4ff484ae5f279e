package org.sparkgbert.lake;

import java.time.Instant;
import java.util.UUID;

/**
 * What is known about a run before it writes.
 *
 * @param runId unique name of the run
 * @param started when it began
 * @param input where its rows come from
 * @param modelLocation where it found its model
 */
public record RunInfo(
    String runId, Instant started, RunManifest.Input input, String modelLocation) {
  /** A run that begins now. */
  public static RunInfo begin(RunManifest.Input input, String modelLocation) {
    return new RunInfo(UUID.randomUUID().toString(), Instant.now(), input, modelLocation);
  }
}
