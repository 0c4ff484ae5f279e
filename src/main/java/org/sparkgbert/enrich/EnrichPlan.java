package org.sparkgbert.enrich;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * What a run is about to do.
 *
 * @param tokensPerText mean number of tokens of the texts to encode, on a sample of them; 0 if
 *     there are none
 * @param tokensPerSecond rate of the last run that encoded for this table; 0 if it is not known
 * @param bytesReplaced length of the files that make place for new ones; 0 if the format tracks its
 *     own files
 */
@JsonNaming(SnakeCaseStrategy.class)
public record EnrichPlan(double tokensPerText, double tokensPerSecond, long bytesReplaced) {
  /**
   * Looks at the texts that are missing.
   *
   * @param tokensPerSecond rate of the last run, 0 if it is not known
   */
  static EnrichPlan of(
      MissingTexts missing, RunModel model, double tokensPerSecond, long bytesReplaced) {
    SampledTokens sample = SampledTokens.of(missing, model, missing.all().sparkSession());
    return new EnrichPlan(
        sample.texts() == 0 ? 0 : (double) sample.tokens() / sample.texts(),
        tokensPerSecond,
        bytesReplaced);
  }

  /**
   * Estimated time of encoding some texts, in seconds; 0 if it is not known.
   *
   * @param texts how many
   */
  public double seconds(long texts) {
    return tokensPerSecond > 0 ? texts * tokensPerText / tokensPerSecond : 0;
  }
}
