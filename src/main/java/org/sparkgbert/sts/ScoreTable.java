package org.sparkgbert.sts;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/**
 * Gold scores and scores of all pairs that have them, on the driver: 12 bytes a pair and column, up
 * to three times as much while it is made.
 *
 * <p>The pairs are sorted by their numbers, so partitions have no part in what is computed of them.
 *
 * @param gold gold scores, from low to high
 * @param goldGroups equal ones
 * @param scores for each similarity its scores, {@code [similarities][pairs]}
 * @param scoreGroups for each similarity equal ones
 * @param skipped pairs that lack a number
 */
record ScoreTable(
    double[] gold,
    TieGroups goldGroups,
    double[][] scores,
    List<TieGroups> scoreGroups,
    long skipped) {

  /**
   * Reads a table of pairs once.
   *
   * @throws IllegalArgumentException if a column is missing or holds no numbers, or no pair has all
   */
  static ScoreTable read(Dataset<Row> pairs, ScoreColumns columns) {
    columns.check(pairs.schema());
    int width = columns.similarities().size();
    List<ScoreChunk> chunks =
        columns
            .select(pairs)
            .mapPartitions(new PackScores(width), Encoders.row(ScoreChunk.SCHEMA))
            .collectAsList()
            .stream()
            .map(ScoreChunk::of)
            .toList();
    requireNumbers(chunks, columns);
    return sorted(unpack(chunks, 1 + width), skipped(chunks));
  }

  private static void requireNumbers(List<ScoreChunk> chunks, ScoreColumns columns) {
    String notANumber =
        chunks.stream().map(ScoreChunk::notANumber).reduce(null, ScoreChunk::lesser);
    if (notANumber != null) {
      throw columns.notANumber(notANumber);
    }
    if (chunks.stream().allMatch(chunk -> chunk.numbers().length == 0)) {
      throw new IllegalArgumentException(
          "Cannot evaluate: no pair has a gold score and all similarities, found "
              + skipped(chunks)
              + " pairs, "
              + chunks.stream().mapToLong(ScoreChunk::withoutGold).sum()
              + " without gold score, "
              + chunks.stream().mapToLong(ScoreChunk::withoutScore).sum()
              + " with one but without a similarity");
    }
  }

  private static long skipped(List<ScoreChunk> chunks) {
    return chunks.stream().mapToLong(chunk -> chunk.withoutGold() + chunk.withoutScore()).sum();
  }

  /** {@code [columns][pairs]}. */
  private static double[][] unpack(List<ScoreChunk> chunks, int columns) {
    long bytes = chunks.stream().mapToLong(chunk -> chunk.numbers().length).sum();
    double[][] numbers = new double[columns][Math.toIntExact(bytes / Double.BYTES / columns)];
    int pair = 0;
    for (ScoreChunk chunk : chunks) {
      ByteBuffer packed = ByteBuffer.wrap(chunk.numbers());
      for (; packed.hasRemaining(); pair++) {
        for (double[] column : numbers) {
          column[pair] = TieGroups.unsigned(packed.getDouble());
        }
      }
    }
    return numbers;
  }

  private static ScoreTable sorted(double[][] columns, long skipped) {
    List<TieGroups> groups = new ArrayList<>(Arrays.stream(columns).map(TieGroups::of).toList());
    int[] order = TieGroups.order(groups);
    groups.replaceAll(group -> group.reorder(order));
    double[][] sorted =
        Arrays.stream(columns).map(column -> reorder(column, order)).toArray(double[][]::new);
    return new ScoreTable(
        sorted[0],
        groups.get(0),
        Arrays.copyOfRange(sorted, 1, sorted.length),
        List.copyOf(groups.subList(1, groups.size())),
        skipped);
  }

  private static double[] reorder(double[] column, int[] order) {
    return IntStream.of(order).mapToDouble(pair -> column[pair]).toArray();
  }

  int pairs() {
    return gold.length;
  }
}
