package org.sparkgbert.sts;

import java.util.List;
import java.util.Objects;
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
   * @throws IllegalArgumentException if a value is out of range, or the evaluation would be inside
   *     the table, which must hold nothing else so that it can be overwritten
   */
  public EvaluationSettings {
    Objects.requireNonNull(first, "first");
    Objects.requireNonNull(second, "second");
    Objects.requireNonNull(goldColumn, "goldColumn");
    similarities = List.copyOf(PairOptions.SIMILARITY.require(similarities));
    PairOptions.RESAMPLES.require(resamples);
    PairOptions.EVALUATION.require(directory);
    directory.ifPresent(place -> requireBeside(table, place));
    published = List.copyOf(published);
    Objects.requireNonNull(scored, "scored");
  }

  private static void requireBeside(TableTarget table, String directory) {
    if ((directory + "/").startsWith(withoutSlash(table) + "/")) {
      throw new IllegalArgumentException(
          "Cannot run: %s must not be in the table, found %s"
              .formatted(PairOptions.EVALUATION.option(), directory));
    }
  }

  private static String withoutSlash(TableTarget table) {
    return table.path().replaceAll("/+$", "");
  }

  /**
   * Reads the settings of {@link PairOptions}: the evaluation of the table that {@link ScorePairs}
   * writes with the same settings.
   *
   * @param published figures of known models for comparison
   * @return empty if no gold scores are named
   * @throws IllegalArgumentException if settings do not apply, or as the constructor says
   */
  public static Optional<EvaluationSettings> of(Settings settings, List<PublishedScore> published) {
    TableTarget table = TableTarget.of(settings);
    PairSource pairs = PairSource.of(settings);
    settings.requireApplicable(PairOptions.ALL);
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
                    settings
                        .get(PairOptions.EVALUATION)
                        .or(() -> Optional.of(withoutSlash(table) + "_evaluation")),
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
