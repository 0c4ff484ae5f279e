package org.sparkgbert.sts;

import java.util.List;
import java.util.Optional;
import org.sparkgbert.lake.TableTarget;
import org.sparkgbert.settings.Settings;
import org.sparkgbert.vector.Similarity;

/**
 * What {@link EvaluatePairs} should do.
 *
 * @param table a table of scored pairs
 * @param first column that identifies the first of a pair, ideally the sentence itself
 * @param second column that identifies the second of a pair
 * @param goldColumn column with gold scores
 * @param similarities which ones are compared with the gold scores
 * @param resamples resamples of the bootstrap, 0 for no intervals
 * @param seed its seed, and that of the pairs that the detail shows
 * @param directory where the evaluation is written; empty for nowhere
 * @param published figures of known models for comparison
 * @param scored what scored the pairs, if that is known
 */
public record EvaluationSettings(
    TableTarget table,
    String first,
    String second,
    String goldColumn,
    List<Similarity> similarities,
    int resamples,
    long seed,
    Optional<String> directory,
    List<PublishedScore> published,
    Optional<ScoredPairs> scored) {

  /**
   * Reads the settings of {@link PairOptions}: the evaluation of the table that {@link ScorePairs}
   * writes with the same settings.
   *
   * @param published figures of known models for comparison
   * @return empty if no gold scores are named
   * @throws IllegalArgumentException if the evaluation would be inside the table, which must hold
   *     nothing else so that it can be overwritten
   */
  public static Optional<EvaluationSettings> of(Settings settings, List<PublishedScore> published) {
    TableTarget table = TableTarget.of(settings);
    PairSource pairs = PairSource.of(settings);
    String beside = table.path().replaceAll("/+$", "");
    Optional<String> given = settings.get(PairOptions.EVALUATION);
    if (given.isPresent() && (given.get() + "/").startsWith(beside + "/")) {
      throw new IllegalArgumentException(
          "Cannot run: --evaluation must not be in the table, found " + given.get());
    }
    return settings
        .get(PairOptions.GOLD_COLUMN)
        .map(
            gold ->
                new EvaluationSettings(
                    table,
                    pairs.first(),
                    pairs.second(),
                    gold,
                    settings.get(PairOptions.SIMILARITY),
                    settings.get(PairOptions.RESAMPLES),
                    settings.get(PairOptions.SEED),
                    Optional.of(given.orElse(beside + "_evaluation")),
                    published,
                    Optional.empty()));
  }

  /** A copy for after the pairs have been scored. */
  public EvaluationSettings after(ScoredPairs result) {
    return new EvaluationSettings(
        table,
        first,
        second,
        goldColumn,
        similarities,
        resamples,
        seed,
        directory,
        published,
        Optional.of(result));
  }
}
