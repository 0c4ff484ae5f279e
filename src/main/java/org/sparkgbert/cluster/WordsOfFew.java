package org.sparkgbert.cluster;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.sparkgbert.cluster.ClassTfIdf.Label;

/**
 * The words of few texts, which the driver weighs and ranks as {@link ClassTfIdf} says, with the
 * results of Spark to the last bit.
 */
final class WordsOfFew {
  private static final Comparator<Spelling> USUAL_FIRST =
      Comparator.comparingLong((Spelling spelling) -> -spelling.usual)
          .thenComparingLong(spelling -> -spelling.count)
          .thenComparing(Spelling::lower)
          .thenComparingInt(spelling -> spelling.form.codePointCount(0, spelling.form.length()))
          .thenComparing(Spelling::form, TextOrder.BY_CODE_POINTS);

  /** By cluster and stem. */
  private final SortedMap<Integer, Map<String, Term>> terms = new TreeMap<>();

  /** How often a stem occurs in all clusters. */
  private final Map<String, Long> everywhere = new HashMap<>();

  /**
   * Adds up what was counted.
   *
   * @param words as {@link CountWords} counts them
   */
  WordsOfFew(List<Row> words) {
    Map<Integer, Map<String, Map<String, Spelling>>> spellings = new HashMap<>();
    for (Row word : words) {
      Spelling spelling = Spelling.of(word);
      spellings
          .computeIfAbsent(word.getInt(0), cluster -> new HashMap<>())
          .computeIfAbsent(word.getString(1), stem -> new HashMap<>())
          .merge(spelling.form, spelling, Spelling::plus);
    }
    spellings.forEach(
        (cluster, stems) -> stems.forEach((stem, forms) -> add(cluster, stem, forms.values())));
  }

  private void add(int cluster, String stem, Collection<Spelling> forms) {
    Term term = Term.of(forms);
    terms.computeIfAbsent(cluster, added -> new HashMap<>()).put(stem, term);
    everywhere.merge(stem, term.count, Long::sum);
  }

  /**
   * The best terms of each cluster, by cluster and rank.
   *
   * @param most maximum number of terms per cluster
   * @param minTexts terms found in fewer texts of a cluster rank below all its others
   */
  List<Label> best(int most, int minTexts) {
    List<Label> best = new ArrayList<>();
    double average = (double) sum(everywhere.values()) / terms.size();
    terms.forEach(
        (cluster, byStem) -> {
          List<Weighted> ranked =
              weighted(byStem, average).stream()
                  .sorted(Weighted.bestFirst(minTexts))
                  .limit(most)
                  .toList();
          IntStream.range(0, ranked.size())
              .mapToObj(i -> ranked.get(i).label(cluster, i + 1))
              .forEach(best::add);
        });
    return best;
  }

  /**
   * @param average mean number of words per cluster
   */
  private List<Weighted> weighted(Map<String, Term> ofCluster, double average) {
    double words = sum(ofCluster.values().stream().map(Term::count).toList());
    List<Weighted> weighted = new ArrayList<>();
    ofCluster.forEach(
        (stem, term) ->
            weighted.add(
                new Weighted(
                    term, term.count / words * StrictMath.log1p(average / everywhere.get(stem)))));
    return weighted;
  }

  private static long sum(Collection<Long> counts) {
    return counts.stream().mapToLong(count -> count).sum();
  }

  private record Spelling(String form, boolean lower, long count, long usual, long texts) {
    static Spelling of(Row word) {
      return new Spelling(
          word.getString(2), word.getBoolean(3), word.getLong(4), word.getLong(5), word.getLong(6));
    }

    Spelling plus(Spelling other) {
      return new Spelling(
          form, lower, count + other.count, usual + other.usual, texts + other.texts);
    }
  }

  /** A term of a cluster, in its usual spelling. */
  private record Term(String text, long count, long texts) {
    static Term of(Collection<Spelling> forms) {
      return new Term(
          forms.stream().min(USUAL_FIRST).orElseThrow().form,
          forms.stream().mapToLong(Spelling::count).sum(),
          forms.stream().mapToLong(Spelling::texts).sum());
    }
  }

  private record Weighted(Term term, double weight) {
    static Comparator<Weighted> bestFirst(int minTexts) {
      return Comparator.comparing((Weighted each) -> each.term.texts < minTexts)
          .thenComparing(Weighted::weight, Comparator.reverseOrder())
          .thenComparing(each -> each.term.text, TextOrder.BY_CODE_POINTS);
    }

    Label label(int cluster, int rank) {
      return new Label(cluster, rank, term.text, weight);
    }
  }
}
