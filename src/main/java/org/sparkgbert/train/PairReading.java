package org.sparkgbert.train;

import java.util.Objects;
import org.sparkgbert.corpus.CorpusSource;
import org.sparkgbert.corpus.InputOptions;
import org.sparkgbert.settings.Settings;
import org.sparkgbert.sts.PairOptions;

/**
 * Where pairs come from, and what their columns mean.
 *
 * @param train pairs to learn from
 * @param dev pairs to evaluate on
 * @param first column with the first sentence
 * @param second column with the second
 * @param score column with the gold score
 * @param range range of the gold scores
 * @param threshold from which mapped score on a pair is similar
 */
public record PairReading(
    CorpusSource train,
    CorpusSource dev,
    String first,
    String second,
    String score,
    ScoreRange range,
    double threshold) {
  /**
   * @throws IllegalArgumentException if a column has no name or the threshold is out of range
   */
  public PairReading {
    Objects.requireNonNull(train, "train");
    Objects.requireNonNull(dev, "dev");
    Objects.requireNonNull(first, "first");
    Objects.requireNonNull(second, "second");
    TrainOptions.SCORE_COLUMN.require(score);
    Objects.requireNonNull(range, "range");
    TrainOptions.LABEL_THRESHOLD.require(threshold);
  }

  /** Reads the settings of {@link TrainOptions}. */
  static PairReading of(Settings settings) {
    CorpusSource train =
        new CorpusSource(
            settings.get(TrainOptions.TRAIN),
            settings.get(InputOptions.FORMAT),
            settings.get(InputOptions.READ_OPTION),
            settings.get(InputOptions.WHERE));
    return new PairReading(
        train,
        new CorpusSource(
            settings.get(TrainOptions.DEV),
            train.format(),
            train.readOptions(),
            settings.get(TrainOptions.DEV_WHERE)),
        settings.get(PairOptions.SENTENCE1_COLUMN),
        settings.get(PairOptions.SENTENCE2_COLUMN),
        settings.get(TrainOptions.SCORE_COLUMN),
        settings.get(TrainOptions.SCORE_RANGE),
        settings.get(TrainOptions.LABEL_THRESHOLD));
  }
}
