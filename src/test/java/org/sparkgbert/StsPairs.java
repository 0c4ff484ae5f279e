package org.sparkgbert;

import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
import org.sparkgbert.encode.SentenceEncoder;

/**
 * Sentence pairs with gold scores.
 *
 * @param pairs the pairs, in the file's order
 */
public record StsPairs(List<Pair> pairs) {
  /**
   * Two sentences.
   *
   * @param score their similarity, from 0 to 5
   */
  public record Pair(String first, String second, double score) {}

  /** Reads a CSV file of sentence, sentence, score, without a header. */
  public static StsPairs read(Path csv) throws IOException {
    CsvParserSettings settings = new CsvParserSettings();
    settings.getFormat().setQuoteEscape('"');
    try (Reader reader = Files.newBufferedReader(csv)) {
      return new StsPairs(
          new CsvParser(settings)
              .parseAll(reader).stream()
                  .map(row -> new Pair(row[0], row[1], Double.parseDouble(row[2])))
                  .toList());
    }
  }

  /** First and second sentences in turn. */
  public List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    for (Pair pair : pairs) {
      sentences.add(pair.first());
      sentences.add(pair.second());
    }
    return sentences;
  }

  /** Spearman's rank correlation, ties at their average rank, of found scores and gold scores. */
  public double spearman(double[] found) {
    double[] gold = pairs.stream().mapToDouble(Pair::score).toArray();
    return new SpearmansCorrelation().correlation(found, gold);
  }

  /** Spearman's rank correlation of the cosine similarities that an encoder finds. */
  public double spearman(SentenceEncoder encoder) {
    float[][] vectors = encoder.encode(sentences());
    double[] cosines = new double[pairs.size()];
    for (int i = 0; i < cosines.length; i++) {
      cosines[i] = cosine(vectors[2 * i], vectors[2 * i + 1]);
    }
    return spearman(cosines);
  }

  /** Cosine similarity of two vectors. */
  public static double cosine(float[] first, float[] second) {
    return dot(first, second) / Math.sqrt(dot(first, first) * dot(second, second));
  }

  private static double dot(float[] first, float[] second) {
    double sum = 0;
    for (int i = 0; i < first.length; i++) {
      sum += (double) first[i] * second[i];
    }
    return sum;
  }
}
