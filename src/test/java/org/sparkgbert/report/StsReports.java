package org.sparkgbert.report;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.sparkgbert.sts.Evaluation;
import org.sparkgbert.sts.Evaluation.Agreement;
import org.sparkgbert.sts.EvaluationDetail;
import org.sparkgbert.sts.EvaluationDetail.CalibrationBand;
import org.sparkgbert.sts.EvaluationDetail.ScoredPair;
import org.sparkgbert.sts.PublishedScore;
import org.sparkgbert.vector.Similarity;

/** Evaluations to make pages of. */
final class StsReports {
  static final PublishedScore BETTER = new PublishedScore("better", 0.86, "model card");
  static final PublishedScore WORSE = new PublishedScore("worse", 0.5, "model card");

  private StsReports() {}

  /** A page whose every text is hostile. */
  static StsReport hostile() {
    List<ScoredPair> pairs = pairs();
    List<CalibrationBand> bands =
        List.of(
            new CalibrationBand(0, 2.5, 10, 0.3, 0.2, 0.3, 0.4),
            new CalibrationBand(2.5, 5, 10, 0.7, 0.6, 0.75, 0.8));
    return new StsReport(
        HostileTexts.SCRIPT,
        HostileTexts.IMAGE,
        "2026-03-01T12:34:56Z",
        HostileTexts.provenance(),
        evaluation(),
        new EvaluationDetail(Similarity.COSINE, pairs, bands, pairs, List.of()),
        List.of(WORSE, BETTER, new PublishedScore(HostileTexts.IMAGE, 0, HostileTexts.LONG_WORD)));
  }

  /** A page of an evaluation without a single pair. */
  static StsReport empty() {
    EvaluationDetail nothing =
        new EvaluationDetail(Similarity.EUCLIDEAN, List.of(), List.of(), List.of(), List.of());
    Map<Similarity, Agreement> undefined =
        Map.of(Similarity.COSINE, new Agreement(null, null, null, null));
    return new StsReport(
        "empty",
        "lake/empty",
        "never",
        null,
        new Evaluation(0, 3, undefined, 1000, 42),
        nothing,
        List.of());
  }

  private static Evaluation evaluation() {
    Map<Similarity, Agreement> agreement = new EnumMap<>(Similarity.class);
    agreement.put(Similarity.COSINE, new Agreement(0.7123, 0.6577, 0.6251, 0.688));
    agreement.put(Similarity.MANHATTAN, new Agreement(0.41, 0.42, null, null));
    return new Evaluation(1379, 21, agreement, 1000, 42);
  }

  private static List<ScoredPair> pairs() {
    return IntStream.range(0, 20)
        .mapToObj(
            each ->
                new ScoredPair(
                    HostileTexts.at(each),
                    HostileTexts.at(each + 1),
                    each / 4.0,
                    each / 20.0,
                    each / 20.0,
                    1 - each / 20.0))
        .toList();
  }
}
