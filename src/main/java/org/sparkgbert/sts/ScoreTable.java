package org.sparkgbert.sts;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Gold scores and scores of all pairs that have them, on the driver.
 *
 * <p>The pairs are sorted by their numbers, so results do not depend on partitions.
 *
 * @param gold gold scores, from low to high
 * @param scores for each similarity its scores, {@code [similarities, pairs]}
 * @param skipped pairs that lack a number
 */
record ScoreTable(double[] gold, double[][] scores, long skipped) {

  /**
   * Reads a table of pairs once.
   *
   * @throws IllegalArgumentException if a column is missing or holds no numbers, or no pair has all
   */
  static ScoreTable read(Dataset<Row> pairs, ScoreColumns columns) {
    columns.check(pairs.schema());
    int width = 1 + columns.similarities().size();
    List<Row> rows = columns.select(pairs).collectAsList();
    Optional<String> text =
        rows.stream()
            .map(row -> row.getString(width))
            .filter(Objects::nonNull)
            .sorted()
            .findFirst();
    if (text.isPresent()) {
      throw columns.notANumber(text.get());
    }
    double[][] numbers =
        rows.stream()
            .filter(row -> hasNumbers(row, width))
            .map(row -> IntStream.range(0, width).mapToDouble(row::getDouble).toArray())
            .sorted(Arrays::compare)
            .toArray(double[][]::new);
    if (numbers.length == 0) {
      throw noPair(rows);
    }
    double[][] scores = new double[width - 1][];
    Arrays.setAll(scores, i -> column(numbers, i + 1));
    return new ScoreTable(column(numbers, 0), scores, rows.size() - numbers.length);
  }

  private static boolean hasNumbers(Row row, int width) {
    return IntStream.range(0, width).noneMatch(row::isNullAt);
  }

  private static double[] column(double[][] pairs, int column) {
    return Arrays.stream(pairs).mapToDouble(pair -> pair[column]).toArray();
  }

  private static IllegalArgumentException noPair(List<Row> rows) {
    long withoutGold = rows.stream().filter(row -> row.isNullAt(0)).count();
    return new IllegalArgumentException(
        "Cannot evaluate: no pair has a gold score and all similarities, found "
            + rows.size()
            + " pairs, "
            + withoutGold
            + " without a gold score, "
            + (rows.size() - withoutGold)
            + " with one but without a similarity");
  }

  int pairs() {
    return gold.length;
  }
}
