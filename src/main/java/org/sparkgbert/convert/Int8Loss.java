package org.sparkgbert.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.sparkgbert.action.Amount;

/**
 * Cosine similarities between the vectors of an int8 graph and those of the float32 graph, by the
 * length of the texts.
 *
 * @param bands in ascending order of their lengths, those without a text left out
 */
record Int8Loss(List<Band> bands) {
  /** What an int8 graph should reach at every length. */
  private static final double LEAST_MEAN = 0.998;

  /** For 0.98 on other texts: the few that are held out seldom contain the worst ones. */
  private static final double LEAST_WORST = 0.99;

  /** Largest number of tokens of each band but the last. */
  private static final List<Integer> BOUNDS = List.of(32, 64, 128, 256, 512);

  /**
   * Texts of similar length.
   *
   * @param shortest number of tokens of the shortest text
   * @param longest number of tokens of the longest text
   * @param texts number of texts
   * @param mean mean cosine, from -1 to 1
   * @param worst least cosine, from -1 to 1
   */
  record Band(int shortest, int longest, int texts, double mean, double worst) {
    private boolean isSafe() {
      return mean >= LEAST_MEAN && worst >= LEAST_WORST;
    }

    private String tokens() {
      return shortest == longest ? shortest + " tokens" : shortest + " to " + longest + " tokens";
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT, "%s: %.5f, %.5f (%s)", tokens(), mean, worst, Amount.of(texts, "text"));
    }
  }

  /**
   * Compares texts.
   *
   * @param lengths number of tokens of each text
   * @param cosines one for each text, from -1 to 1
   */
  static Int8Loss of(int[] lengths, double[] cosines) {
    List<Band> bands = new ArrayList<>();
    int above = 0;
    for (int band = 0; band <= BOUNDS.size(); band++) {
      int from = above;
      int most = band < BOUNDS.size() ? BOUNDS.get(band) : Integer.MAX_VALUE;
      int[] texts =
          IntStream.range(0, lengths.length)
              .filter(i -> lengths[i] > from && lengths[i] <= most)
              .toArray();
      if (texts.length > 0) {
        bands.add(band(texts, lengths, cosines));
      }
      above = most;
    }
    return new Int8Loss(List.copyOf(bands));
  }

  private static Band band(int[] texts, int[] lengths, double[] cosines) {
    return new Band(
        IntStream.of(texts).map(i -> lengths[i]).min().orElseThrow(),
        IntStream.of(texts).map(i -> lengths[i]).max().orElseThrow(),
        texts.length,
        IntStream.of(texts).mapToDouble(i -> cosines[i]).average().orElseThrow(),
        IntStream.of(texts).mapToDouble(i -> cosines[i]).min().orElseThrow());
  }

  /** Whether every band is so good that texts that were not held out are expected to be, too. */
  boolean isSafe() {
    return bands.stream().allMatch(Band::isSafe);
  }

  double worst() {
    return bands.stream().mapToDouble(Band::worst).min().orElseThrow();
  }

  private double mean() {
    double sum = bands.stream().mapToDouble(band -> band.mean * band.texts).sum();
    return sum / texts();
  }

  private int texts() {
    return bands.stream().mapToInt(Band::texts).sum();
  }

  /**
   * The loss in words.
   *
   * @param float32 what stays float32
   * @param remedy what to do if too much is lost
   */
  List<String> notes(String float32, String remedy) {
    List<String> notes = new ArrayList<>();
    notes.add(
        String.format(
            Locale.ROOT,
            "int8 against float32 on %d German texts: mean cosine %.5f, worst %.5f (%s in float32)",
            texts(),
            mean(),
            worst(),
            float32));
    notes.add("int8 by length, mean and worst cosine: " + list(bands));
    List<Band> failed = bands.stream().filter(band -> !band.isSafe()).toList();
    if (!failed.isEmpty()) {
      notes.add(
          String.format(
              Locale.ROOT,
              "WARNING: int8 may lose too much of this model: at every length the mean cosine"
                  + " should be %s and the worst %s, found %s; %s",
              LEAST_MEAN,
              LEAST_WORST,
              list(failed),
              remedy));
    }
    return notes;
  }

  private static String list(List<Band> bands) {
    return bands.stream().map(Band::toString).collect(Collectors.joining("; "));
  }
}
