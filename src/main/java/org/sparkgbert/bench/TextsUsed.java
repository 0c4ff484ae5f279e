package org.sparkgbert.bench;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Objects;

/**
 * The texts that a model was measured with, counted by its own tokenizer, special tokens included.
 *
 * @param distribution the distribution of their lengths: {@code stsb}, {@code news}, or a corpus
 * @param count number of texts per pass; all distinct
 * @param tokens number of their tokens, each text truncated to what the model reads
 * @param medianTokens median number of tokens per text
 * @param percentile95Tokens 95 % of the texts have no more tokens
 */
@JsonNaming(SnakeCaseStrategy.class)
public record TextsUsed(
    String distribution, int count, long tokens, int medianTokens, int percentile95Tokens) {
  /**
   * @throws IllegalArgumentException if a count is not positive
   */
  public TextsUsed {
    Objects.requireNonNull(distribution, "distribution");
    Checks.positive("texts", count);
    Checks.positive("tokens", tokens);
    Checks.positive("median of tokens", medianTokens);
    Checks.positive("95th percentile of tokens", percentile95Tokens);
  }

  /** Mean number of tokens per text. */
  double meanTokens() {
    return (double) tokens / count;
  }
}
