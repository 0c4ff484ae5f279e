package org.sparkgbert.bench;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Objects;

/**
 * How fast the encoder is without Spark. Only real tokens count: padding is work, but not a result.
 *
 * @param cores number of threads that encode windows, each running the model on one thread
 * @param tokensPerSecond tokens per second of wall time
 * @param sentencesPerSecond texts per second of wall time
 * @param gigaflops tokens times FLOP per token, in 10^9 per second
 * @param shareOfLimit {@code gigaflops} over the limit with the same precision and cores in the
 *     same round; null if there is no limit for this precision
 * @param paddingShare share of computed tokens that were padding, from 0 to 1
 * @param stages where the time of the threads went, mean of the rounds
 */
@JsonNaming(SnakeCaseStrategy.class)
public record EncoderRate(
    int cores,
    MedianAndRange tokensPerSecond,
    MedianAndRange sentencesPerSecond,
    MedianAndRange gigaflops,
    MedianAndRange shareOfLimit,
    double paddingShare,
    Stages stages) {
  /**
   * @throws IllegalArgumentException if a value is out of range
   */
  public EncoderRate {
    Checks.positive("cores", cores);
    Objects.requireNonNull(tokensPerSecond, "tokensPerSecond");
    Objects.requireNonNull(sentencesPerSecond, "sentencesPerSecond");
    Objects.requireNonNull(gigaflops, "gigaflops");
    Objects.requireNonNull(stages, "stages");
    Checks.share("share of padding", paddingShare);
  }

  /**
   * Seconds of all threads in one round.
   *
   * @param tokenize text to token ids
   * @param batch sorting, and filling matrices of token ids
   * @param run inside ONNX Runtime
   * @param copy embeddings out of native memory
   * @param other the rest of the threads' time: waiting for the last one
   */
  @JsonNaming(SnakeCaseStrategy.class)
  public record Stages(double tokenize, double batch, double run, double copy, double other) {
    /**
     * @throws IllegalArgumentException if a time is negative
     */
    public Stages {
      Checks.notNegative("seconds of tokenizing", tokenize);
      Checks.notNegative("seconds of batching", batch);
      Checks.notNegative("seconds of running", run);
      Checks.notNegative("seconds of copying", copy);
      Checks.notNegative("other seconds", other);
    }
  }
}
