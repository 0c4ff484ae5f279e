package org.sparkgbert.comparison;

import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.sparkgbert.files.SampleData;
import org.sparkgbert.sts.Correlation;
import org.sparkgbert.vector.Similarity;

/**
 * Pairs of sentences with gold scores.
 *
 * @param pairs at least two
 */
record GoldPairs(List<Pair> pairs) {

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
   */
  static GoldPairs read(Path file) {
    CsvParserSettings settings = new CsvParserSettings();
    settings.setMaxCharsPerColumn(-1);
    return new GoldPairs(
        new CsvParser(settings)
            .parseAll(file.toFile(), StandardCharsets.UTF_8).stream()
                .map(row -> pair(row, file))
                .toList());
  }

  private static Pair pair(String[] row, Path file) {
    if (row.length < 3 || Arrays.asList(row).subList(0, 3).contains(null)) {
      throw new IllegalArgumentException(
          "Cannot read pairs %s: a row has to be sentence, sentence, score, found %s"
              .formatted(file, Arrays.toString(row)));
    }
    return new Pair(row[0], row[1], Double.parseDouble(row[2]));
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
