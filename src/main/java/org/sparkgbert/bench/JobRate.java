package org.sparkgbert.bench;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Objects;

/**
 * How fast a whole job is, Parquet in and out, run by its launcher as a separate process.
 *
 * @param master Spark's master, such as {@code local[2]}
 * @param cores number of its cores
 * @param tokensPerSecond tokens per second from the first batch to the last row: the steady state
 * @param gigaflops {@code tokensPerSecond} times FLOP per token, in 10^9 per second
 * @param shareOfEncoder the steady state over the encoder alone on the same number of cores in the
 *     same round
 * @param coldStartSeconds time from the launch of the process to the first batch
 * @param seconds time from the launch of the process to its end
 * @param peakMemoryBytes largest resident memory of the process; null if the system does not report
 *     it
 * @param stages where the time of Spark's tasks went, mean of the rounds
 */
@JsonNaming(SnakeCaseStrategy.class)
public record JobRate(
    String master,
    int cores,
    MedianAndRange tokensPerSecond,
    MedianAndRange gigaflops,
    MedianAndRange shareOfEncoder,
    MedianAndRange coldStartSeconds,
    MedianAndRange seconds,
    MedianAndRange peakMemoryBytes,
    Stages stages) {
  /**
   * @throws IllegalArgumentException if there is no core
   */
  public JobRate {
    Objects.requireNonNull(master, "master");
    Checks.positive("cores", cores);
    Objects.requireNonNull(tokensPerSecond, "tokensPerSecond");
    Objects.requireNonNull(gigaflops, "gigaflops");
    Objects.requireNonNull(shareOfEncoder, "shareOfEncoder");
    Objects.requireNonNull(coldStartSeconds, "coldStartSeconds");
    Objects.requireNonNull(seconds, "seconds");
    Objects.requireNonNull(stages, "stages");
  }

  /**
   * Seconds of all tasks in one run.
   *
   * @param read reading Parquet, and Spark's rows
   * @param tokenize text to token ids
   * @param batch sorting, and filling matrices of token ids
   * @param run inside ONNX Runtime
   * @param copy embeddings out of native memory
   * @param write writing Parquet
   */
  @JsonNaming(SnakeCaseStrategy.class)
  public record Stages(
      double read, double tokenize, double batch, double run, double copy, double write) {
    /**
     * @throws IllegalArgumentException if a time is negative
     */
    public Stages {
      Checks.notNegative("seconds of reading", read);
      Checks.notNegative("seconds of tokenizing", tokenize);
      Checks.notNegative("seconds of batching", batch);
      Checks.notNegative("seconds of running", run);
      Checks.notNegative("seconds of copying", copy);
      Checks.notNegative("seconds of writing", write);
    }
  }
}
