package org.sparkgbert.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;

/**
 * One run of a whole job, in a process of its own.
 *
 * @param tokens number of tokens that went through the model
 * @param coldStartSeconds time from the launch to the first batch
 * @param steadySeconds time from the first batch to the last row
 * @param seconds time from the launch to the end
 * @param peakBytes largest resident memory; empty if the system does not report it
 * @param stages where the time of tasks went
 */
record JobPass(
    long tokens,
    double coldStartSeconds,
    double steadySeconds,
    double seconds,
    OptionalLong peakBytes,
    JobRate.Stages stages) {
  /** Times are in whole milliseconds. */
  private static final double LEAST_SECONDS = 1e-3;

  /**
   * Reads the job's summary.
   *
   * @param summary the file of {@code --summary-json}
   * @param launched when its process was started
   * @param seconds how long it ran
   */
  static JobPass read(Path summary, Instant launched, double seconds, OptionalLong peakBytes)
      throws IOException {
    JsonNode json = JsonMapper.builder().build().readTree(summary.toFile());
    Instant first = Instant.parse(json.path("first_batch_at").asText());
    Instant last = Instant.parse(json.path("last_row_at").asText());
    JsonNode tasks = json.path("task_seconds");
    return new JobPass(
        json.path("tokens").asLong(),
        seconds(launched, first),
        seconds(first, last),
        seconds,
        peakBytes,
        new JobRate.Stages(
            tasks.path("reading").asDouble(),
            tasks.path("tokenizing").asDouble(),
            tasks.path("batching").asDouble(),
            tasks.path("running").asDouble(),
            tasks.path("copying").asDouble(),
            tasks.path("writing").asDouble()));
  }

  private static double seconds(Instant from, Instant to) {
    return Math.max(LEAST_SECONDS, Duration.between(from, to).toMillis() / 1e3);
  }

  double tokensPerSecond() {
    return tokens / steadySeconds;
  }
}
