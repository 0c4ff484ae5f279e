package org.sparkgbert.comparison;

import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.sparkgbert.action.Amount;
import org.sparkgbert.files.SampleData;
import org.sparkgbert.sts.Correlation;
import org.sparkgbert.vector.Similarity;

/**
 * Pairs of sentences with gold scores.
 *
 * @param pairs at least two
 */
record GoldPairs(List<Pair> pairs) {
  private static final int COLUMNS = 3;

  /** Two sentences, and how similar people find them. */
  record Pair(String sentence1, String sentence2, double gold) {}

  /** The sample pairs of this project. */
  static GoldPairs sample() {
    return new GoldPairs(
        SampleData.read("pairs.jsonl").stream()
            .map(
                row ->
                    new Pair(
                        row.get("sentence1").asText(),
                        row.get("sentence2").asText(),
                        row.get("similarity").asDouble()))
            .toList());
  }

  /**
   * Reads a CSV file without a header.
   *
   * @param file sentence, sentence, score in each row
   * @throws IllegalArgumentException if a row is something else, there are fewer than two, or all
   *     have the same score; the message names file and line
   */
  static GoldPairs read(Path file) {
    CsvParserSettings settings = new CsvParserSettings();
    settings.setMaxCharsPerColumn(-1);
    settings.setReadInputOnSeparateThread(false);
    CsvParser parser = new CsvParser(settings);
    List<Pair> pairs = new ArrayList<>();
    parser.beginParsing(file.toFile(), StandardCharsets.UTF_8);
    for (String[] row = parser.parseNext(); row != null; row = parser.parseNext()) {
      pairs.add(pair(row, file, parser.getContext().currentLine()));
    }
    if (pairs.size() < 2) {
      throw unreadable(
          file.toString(),
          "at least two pairs are needed, found " + Amount.of(pairs.size(), "pair"));
    }
    if (pairs.stream().mapToDouble(Pair::gold).distinct().count() == 1) {
      throw unreadable(file.toString(), "scores must differ, found only " + pairs.get(0).gold());
    }
    return new GoldPairs(List.copyOf(pairs));
  }

  private static Pair pair(String[] row, Path file, long line) {
    String place = "%s, line %d".formatted(file, line);
    if (row.length < COLUMNS) {
      throw unreadable(
          place, "a row must be sentence, sentence, score, found " + Arrays.toString(row));
    }
    for (String sentence : List.of(Objects.toString(row[0], ""), Objects.toString(row[1], ""))) {
      if (sentence.isBlank()) {
        throw unreadable(place, "a sentence must not be blank, found " + Arrays.toString(row));
      }
    }
    double score = number(row[2]);
    if (!Double.isFinite(score)) {
      throw unreadable(
          place,
          "a score must be a finite number%s, found '%s'"
              .formatted(line == 1 ? ", and a header left out" : "", Objects.toString(row[2], "")));
    }
    return new Pair(row[0], row[1], score);
  }

  /** NaN for what is no number. */
  private static double number(String text) {
    try {
      return Double.parseDouble(Objects.toString(text, ""));
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  private static IllegalArgumentException unreadable(String place, String reason) {
    return new IllegalArgumentException("Cannot read pairs %s: %s".formatted(place, reason));
  }

  /** The distinct sentences, in the order of the pairs. */
  List<String> sentences() {
    Set<String> distinct = new LinkedHashSet<>();
    for (Pair pair : pairs) {
      distinct.add(pair.sentence1());
      distinct.add(pair.sentence2());
    }
    return List.copyOf(distinct);
  }

  /** Spearman's rank correlation of cosines and gold scores. */
  double spearman(Map<String, float[]> vectors) {
    double[] cosines =
        pairs.stream()
            .mapToDouble(
                pair ->
                    Similarity.COSINE
                        .of(vectors.get(pair.sentence1()), vectors.get(pair.sentence2()))
                        .getAsDouble())
            .toArray();
    double[] gold = pairs.stream().mapToDouble(Pair::gold).toArray();
    return Correlation.spearman(cosines, gold).orElse(Double.NaN);
  }
}
