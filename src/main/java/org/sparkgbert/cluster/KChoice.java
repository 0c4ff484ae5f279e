package org.sparkgbert.cluster;

import java.util.List;
import java.util.stream.Collectors;
import org.sparkgbert.settings.ValueType;
import org.sparkgbert.settings.ValueType.Form;

/** How the number of clusters is chosen. */
public sealed interface KChoice {
  /** Minimum number of clusters: MLlib cannot cluster into one. */
  int LEAST = 2;

  /** The word for {@link Auto}. */
  String AUTO = "auto";

  /** How it is written. */
  ValueType<KChoice> TYPE =
      new ValueType<>(
          Form.SINGLE,
          "auto, a number, or numbers with commas between them",
          texts -> parse(texts.get(0)),
          KChoice::label);

  /** In the format that {@link #parse} reads. */
  String label();

  /**
   * Exactly this many.
   *
   * @param k at least 2
   */
  record Fixed(int k) implements KChoice {
    /**
     * @throws IllegalArgumentException if k is below 2
     */
    public Fixed {
      requireK(k);
    }

    @Override
    public String label() {
      return Integer.toString(k);
    }
  }

  /**
   * The one of these with the best silhouette on a sample; in a tie, the smallest.
   *
   * @param ks at least one, each at least 2, in any order
   */
  record BestOf(List<Integer> ks) implements KChoice {
    /**
     * @throws IllegalArgumentException if there are none or one is below 2
     */
    public BestOf {
      if (ks.isEmpty()) {
        throw new IllegalArgumentException("Cannot choose k: there are no values to choose from");
      }
      ks.forEach(KChoice::requireK);
      ks = ks.stream().distinct().sorted().toList();
    }

    @Override
    public String label() {
      return ks.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
  }

  /**
   * The same over {@link #LADDER}, as far as the sample has enough distinct vectors: every k up to
   * 10, then steps of about a quarter up to 100.
   */
  record Auto() implements KChoice {
    /** The values to try. */
    public static final List<Integer> LADDER =
        List.of(2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 30, 40, 50, 65, 80, 100);

    @Override
    public String label() {
      return AUTO;
    }
  }

  /**
   * Reads {@code auto}, a number, or numbers with commas between them.
   *
   * @throws IllegalArgumentException if it is none of these
   */
  static KChoice parse(String text) {
    if (text.strip().equals(AUTO)) {
      return new Auto();
    }
    List<Integer> ks;
    try {
      ks = List.of(text.split(",", -1)).stream().map(String::strip).map(Integer::valueOf).toList();
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "Cannot choose k: it must be auto, a number, or numbers with commas between them, found "
              + text,
          e);
    }
    return ks.size() == 1 ? new Fixed(ks.get(0)) : new BestOf(ks);
  }

  private static void requireK(int k) {
    if (k < LEAST) {
      throw new IllegalArgumentException(
          "Cannot choose k: it must be at least %d, found %d".formatted(LEAST, k));
    }
  }
}
