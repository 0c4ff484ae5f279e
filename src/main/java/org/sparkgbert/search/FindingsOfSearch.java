package org.sparkgbert.search;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Makes findings of what was found.
 *
 * @param settings what was looked for
 * @param searched the corpus
 * @param index the index, if it is one
 * @param reader reads answers
 * @param corpusRows rows of the corpus
 */
record FindingsOfSearch(
    SearchSettings settings,
    SearchedCorpus searched,
    Optional<SearchFindings.IndexUsed> index,
    AnswerReader reader,
    long corpusRows) {
  /** Questions that a page shows, and rows of each. */
  private static final int QUESTIONS_SHOWN = 200;

  private static final int ROWS_SHOWN = 5;
  private static final int POOR_SHOWN = 50;

  SearchFindings make() {
    Questions questions = reader.questions();
    BestScores scores = reader.bestScores();
    List<Integer> poor = poor(scores);
    List<Answer> poorest = new ArrayList<>(reader.leftOut(POOR_SHOWN));
    poorest.addAll(reader.answers(poor.stream().limit(POOR_SHOWN - poorest.size()).toList(), 1));
    boolean isTyped = settings.questions() instanceof QuestionSource.Typed;
    List<Integer> chosen = reader.chosen(isTyped ? Integer.MAX_VALUE : QUESTIONS_SHOWN);
    OptionalDouble median = scores.median();
    OptionalDouble low = scores.lowerFence();
    return new SearchFindings(
        settings.corpus().paths(),
        settings.corpus().where(),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        searched.made().orElse(null),
        settings.similarity(),
        settings.topK(),
        settings.minScore().orElse(null),
        corpusRows,
        questions.count() + questions.leftOut().size(),
        questions.leftOut().size(),
        scores.sorted().length,
        median.isPresent() ? median.getAsDouble() : null,
        scores.bands(),
        low.isPresent() ? low.getAsDouble() : null,
        poorest,
        questions.leftOut().size() + poor.size(),
        index.orElse(null),
        isTyped ? typed(chosen) : reader.answers(chosen, ROWS_SHOWN));
  }

  /** All questions as they were typed, in their order, also those that have no embedding. */
  private List<Answer> typed(List<Integer> chosen) {
    List<Answer> answers = new ArrayList<>(reader.answers(chosen, settings.topK()));
    answers.addAll(reader.leftOut(Integer.MAX_VALUE));
    answers.sort(Comparator.comparingInt(answer -> Integer.parseInt(answer.id())));
    return answers;
  }

  /** Numbers of questions without an answer, then of those with unusually low scores. */
  private static List<Integer> poor(BestScores scores) {
    double[] byNumber = scores.byNumber();
    double low = scores.lowerFence().orElse(Double.NEGATIVE_INFINITY);
    return IntStream.range(0, byNumber.length)
        .filter(number -> Double.isNaN(byNumber[number]) || byNumber[number] < low)
        .boxed()
        .sorted(Comparator.comparingDouble(number -> rankOf(byNumber[number])))
        .toList();
  }

  private static double rankOf(double score) {
    return Double.isNaN(score) ? Double.NEGATIVE_INFINITY : score;
  }
}
