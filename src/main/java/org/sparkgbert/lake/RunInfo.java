package org.sparkgbert.lake;

import java.time.Instant;
import java.util.UUID;
import org.sparkgbert.files.Secrets;

/**
 * What is known about a run before it writes.
 *
 * @param runId unique name of the run
 * @param started when it began
 * @param input where its rows come from
 * @param modelLocation where it found its model
 * @param tokensPerSecond tokens per second of wall time while texts were encoded, for estimates; 0
 *     if that is not known
 */
public record RunInfo(
    String runId,
    Instant started,
    RunManifest.Input input,
    String modelLocation,
    double tokensPerSecond) {
  /** Passwords and keys in addresses are left out. */
  public RunInfo {
    modelLocation = Secrets.hide(modelLocation);
  }

  /** A run that begins now. */
  public static RunInfo begin(RunManifest.Input input, String modelLocation) {
    return new RunInfo(UUID.randomUUID().toString(), Instant.now(), input, modelLocation, 0);
  }

  /** The same with a rate of encoding. */
  public RunInfo withTokensPerSecond(double rate) {
    return new RunInfo(runId, started, input, modelLocation, rate);
  }
}
