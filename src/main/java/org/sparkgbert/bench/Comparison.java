package org.sparkgbert.bench;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Objects;

/**
 * A candidate compared with the first one, by sentences per second in the same rounds.
 *
 * @param candidate name of the candidate
 * @param baseline name of the first
 * @param cores number of cores of both
 * @param encoder ratio of the encoders alone
 * @param job ratio of the whole jobs in their steady state; null if jobs were left out
 */
@JsonNaming(SnakeCaseStrategy.class)
public record Comparison(
    String candidate, String baseline, int cores, MedianAndRange encoder, MedianAndRange job) {
  /**
   * @throws IllegalArgumentException if there is no core
   */
  public Comparison {
    Objects.requireNonNull(candidate, "candidate");
    Objects.requireNonNull(baseline, "baseline");
    Checks.positive("cores", cores);
    Objects.requireNonNull(encoder, "encoder");
  }
}
