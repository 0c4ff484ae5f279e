package org.sparkgbert.report;

import java.util.List;
import java.util.stream.IntStream;
import org.sparkgbert.search.Answer;
import org.sparkgbert.search.Answer.Found;
import org.sparkgbert.search.ScoreBand;
import org.sparkgbert.search.SearchFindings;
import org.sparkgbert.vector.Similarity;

/** Findings of searches to make pages of. */
final class SearchReports {
  private SearchReports() {}

  /** A page whose every text is hostile. */
  static SearchReport hostile() {
    List<Answer> answers = IntStream.range(0, 9).mapToObj(SearchReports::answer).toList();
    List<Answer> poor =
        List.of(new Answer(HostileTexts.IMAGE, HostileTexts.SCRIPT, List.of()), answer(3));
    return SearchReport.of(
        new SearchFindings(
            List.of("lake/" + HostileTexts.IMAGE),
            HostileTexts.QUOTES,
            "2026-03-01T12:34:56Z",
            HostileTexts.provenance(),
            Similarity.COSINE,
            10,
            -0.25,
            123_456,
            4_000,
            5,
            3_990,
            0.8125,
            List.of(new ScoreBand(0.2, 0.5, 3), new ScoreBand(0.5, 0.9, 3_987)),
            0.5,
            poor,
            7,
            null,
            answers));
  }

  private static Answer answer(int index) {
    List<Found> found =
        IntStream.range(0, 3)
            .mapToObj(
                i ->
                    new Found(
                        i + 1,
                        HostileTexts.at(index + i),
                        0.9 - 0.2 * i,
                        i == 1 ? null : HostileTexts.at(index + i + 1)))
            .toList();
    return new Answer(
        HostileTexts.at(index + 2), index == 4 ? null : HostileTexts.at(index), found);
  }

  /** A page of a search that found nothing. */
  static SearchReport empty() {
    return SearchReport.of(
        new SearchFindings(
            List.of("lake/empty"),
            "",
            "never",
            null,
            Similarity.DOT,
            1,
            null,
            0,
            1,
            1,
            0,
            null,
            List.of(),
            null,
            List.of(new Answer("1", null, List.of())),
            1,
            null,
            List.of()));
  }
}
