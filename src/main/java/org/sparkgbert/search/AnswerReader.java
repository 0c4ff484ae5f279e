package org.sparkgbert.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.sparkgbert.corpus.UniqueIds;

/**
 * Reads answers for people from what {@link ExactSearch} found.
 *
 * @param found its result
 * @param questions the questions
 * @param idColumn column with the id
 * @param textColumn column with the text; empty for none
 */
record AnswerReader(
    Dataset<Row> found, Questions questions, String idColumn, Optional<String> textColumn) {
  /** The best score of each question. */
  BestScores bestScores() {
    double[] byNumber = new double[questions.count()];
    Arrays.fill(byNumber, Double.NaN);
    found
        .where(field(SearchColumns.RANK).equalTo(1))
        .select(functions.col(SearchColumns.NUMBER), field(SearchColumns.SCORE))
        .collectAsList()
        .forEach(row -> byNumber[row.getInt(0)] = row.getDouble(1));
    return new BestScores(byNumber);
  }

  private static Column field(String name) {
    return functions.col(SearchColumns.HIT).getField(name);
  }

  /** Evenly chosen numbers of questions; all if there are no more than wanted. */
  List<Integer> chosen(int wanted) {
    int count = questions.count();
    int taken = Math.min(count, wanted);
    return IntStream.range(0, taken).mapToObj(i -> (int) ((long) i * count / taken)).toList();
  }

  /**
   * The answers to some questions.
   *
   * @param numbers of the questions
   * @param ranks most rows of an answer
   */
  List<Answer> answers(Collection<Integer> numbers, int ranks) {
    if (numbers.isEmpty()) {
      return List.of();
    }
    Map<Integer, List<Answer.Found>> byNumber = new LinkedHashMap<>();
    numbers.forEach(number -> byNumber.put(number, new ArrayList<>()));
    Column wanted = functions.col(SearchColumns.NUMBER).isin(numbers.toArray());
    Column text =
        textColumn
            .map(name -> field(name).cast("string"))
            .orElse(functions.lit(null).cast("string"));
    found
        .where(wanted.and(field(SearchColumns.RANK).leq(ranks)))
        .select(
            functions.col(SearchColumns.NUMBER),
            field(SearchColumns.RANK),
            field(idColumn),
            field(SearchColumns.SCORE),
            text)
        .orderBy(functions.col(SearchColumns.NUMBER), field(SearchColumns.RANK))
        .collectAsList()
        .forEach(row -> byNumber.get(row.getInt(0)).add(found(row)));
    return byNumber.entrySet().stream()
        .map(entry -> answer(questions.key(entry.getKey()), entry.getValue()))
        .toList();
  }

  private static Answer.Found found(Row row) {
    return new Answer.Found(
        row.getInt(1), UniqueIds.text(row.get(2)), row.getDouble(3), row.getString(4));
  }

  /** Some of the questions that could not be compared. */
  List<Answer> leftOut(int most) {
    return questions.leftOut().stream().limit(most).map(key -> answer(key, List.of())).toList();
  }

  private Answer answer(byte[] key, List<Answer.Found> rows) {
    return new Answer(questions.shownId(key), questions.text(key).orElse(null), rows);
  }
}
