package org.sparkgbert.convert;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.sparkgbert.encode.EncoderOptions;
import org.sparkgbert.encode.EncoderSettings;
import org.sparkgbert.encode.SentenceEncoder;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.onnx.DeviceSettings;
import org.sparkgbert.settings.Settings;
import org.sparkgbert.tokenize.LongText;
import org.sparkgbert.tokenize.SentenceTokenizer;
import org.sparkgbert.tokenize.TextCleaner;
import org.sparkgbert.tokenize.TextOptions;
import org.sparkgbert.tokenize.UnicodeForm;

/**
 * Compares the embeddings of a bundle with those of another implementation, and with themselves: a
 * text alone must have the vector that it has in a batch. Texts are read as sentence-transformers
 * reads them, without Unicode normalization.
 */
public final class ModelVerification {
  private static final double LEAST_COSINE = 0.99999;

  private static final double FLOAT32_TOLERANCE = 1e-5;
  private static final double FLOAT16_TOLERANCE = 2e-3;
  private static final double INT8_TOLERANCE = 0.1;
  private static final double INT8_LEAST_COSINE = 0.97;

  private final Bundle bundle;
  private final EncoderSettings settings;

  private ModelVerification(Bundle bundle, int threads) {
    this.bundle = bundle;
    this.settings =
        new EncoderSettings(
            TextCleaner.of(Settings.NONE.with(TextOptions.NORMALIZE_UNICODE, UnicodeForm.NONE)),
            0,
            LongText.CUT,
            false,
            0,
            0,
            Settings.NONE.get(EncoderOptions.WINDOW_ROWS),
            EncoderSettings.WINDOW_CHARACTERS,
            true,
            DeviceSettings.cpu(threads));
  }

  /**
   * The comparison of one text.
   *
   * @param text the text
   * @param difference largest absolute difference of an element
   * @param cosine cosine similarity of both vectors
   * @param tokensDiffer whether token ids were given and differ
   */
  public record Comparison(String text, double difference, double cosine, boolean tokensDiffer) {}

  /**
   * The result of a verification.
   *
   * @param comparisons one per text, the largest difference first
   * @param tolerance maximum difference that passes
   * @param leastCosine minimum cosine similarity that passes
   */
  public record Result(List<Comparison> comparisons, double tolerance, double leastCosine) {
    /** Largest absolute difference of an element. */
    public double largestDifference() {
      return comparisons.stream().mapToDouble(Comparison::difference).max().orElse(0);
    }

    /** Smallest cosine similarity. */
    public double smallestCosine() {
      return comparisons.stream().mapToDouble(Comparison::cosine).min().orElse(1);
    }

    /** Number of texts whose token ids differ from the reference. */
    public long differingTokens() {
      return comparisons.stream().filter(Comparison::tokensDiffer).count();
    }

    /** Whether every text agrees. */
    public boolean holds() {
      return largestDifference() <= tolerance
          && smallestCosine() >= leastCosine
          && differingTokens() == 0;
    }
  }

  /**
   * Compares with a reference. Texts without a token of their own, such as blank ones, are left
   * out: they have no embedding here.
   *
   * @param threads threads per run
   * @throws IllegalArgumentException if dimensions differ, or no text is left
   */
  public static Result against(Bundle bundle, List<Reference> references, int threads) {
    return new ModelVerification(bundle, threads).compare(references);
  }

  /**
   * Compares each text alone with the same text among the others. The tolerance for int8 is that
   * for float16: where a batch changes the last bit of a value, the value can be rounded to the
   * next integer.
   */
  public static Result alone(Bundle bundle, List<String> texts, int threads) {
    return new ModelVerification(bundle, threads).compareAlone(texts);
  }

  private Result compareAlone(List<String> texts) {
    try (SentenceEncoder encoder = SentenceEncoder.open(bundle, settings)) {
      float[][] together = encoder.encode(texts);
      List<Comparison> comparisons = new ArrayList<>();
      for (int i = 0; i < together.length; i++) {
        double[] alone = toDoubles(encoder.encode(List.of(texts.get(i)))[0]);
        comparisons.add(compare(texts.get(i), alone, together[i], false));
      }
      return result(comparisons, together, floatTolerance(), LEAST_COSINE);
    }
  }

  private Result compare(List<Reference> references) {
    try (SentenceEncoder encoder = SentenceEncoder.open(bundle, settings);
        SentenceTokenizer tokenizer = SentenceEncoder.openTokenizer(bundle, settings)) {
      List<Reference> texts =
          references.stream().filter(text -> !tokenizer.tokenize(text.text()).isEmpty()).toList();
      if (texts.isEmpty()) {
        throw new IllegalArgumentException(
            "Cannot compare embeddings: the reference has blank texts only, which have none here");
      }
      float[][] found = encoder.encode(texts.stream().map(Reference::text).toList());
      List<Comparison> comparisons = new ArrayList<>();
      for (int i = 0; i < found.length; i++) {
        Reference reference = texts.get(i);
        boolean tokensDiffer =
            reference.tokenIds().isPresent()
                && !Arrays.equals(
                    reference.tokenIds().get(),
                    tokenizer.tokenize(reference.text()).sequences().get(0));
        comparisons.add(compare(reference.text(), reference.embedding(), found[i], tokensDiffer));
      }
      return bundle.manifest().precision().equals("int8")
          ? result(comparisons, found, INT8_TOLERANCE, INT8_LEAST_COSINE)
          : result(comparisons, found, floatTolerance(), LEAST_COSINE);
    }
  }

  private double floatTolerance() {
    boolean exact = bundle.manifest().precision().equals("float32");
    return exact ? FLOAT32_TOLERANCE : FLOAT16_TOLERANCE;
  }

  private Comparison compare(String text, double[] expected, float[] found, boolean tokensDiffer) {
    if (found == null || found.length != expected.length) {
      throw new IllegalArgumentException(
          "Cannot compare embeddings: the reference has %d dimensions, found %d"
              .formatted(expected.length, found == null ? 0 : found.length));
    }
    double difference = 0;
    double product = 0;
    double expectedSquares = 0;
    double foundSquares = 0;
    for (int i = 0; i < found.length; i++) {
      difference = Math.max(difference, Math.abs(expected[i] - found[i]));
      product += expected[i] * found[i];
      expectedSquares += expected[i] * expected[i];
      foundSquares += (double) found[i] * found[i];
    }
    double cosine = product / Math.sqrt(expectedSquares * foundSquares);
    return new Comparison(text, difference, cosine, tokensDiffer);
  }

  /** Embeddings without unit length may be large, and so may their rounding errors. */
  private static Result result(
      List<Comparison> comparisons, float[][] vectors, double tolerance, double leastCosine) {
    double largest = 1;
    for (float[] vector : vectors) {
      for (float value : vector) {
        largest = Math.max(largest, Math.abs(value));
      }
    }
    List<Comparison> sorted =
        comparisons.stream()
            .sorted(Comparator.comparingDouble(Comparison::difference).reversed())
            .toList();
    return new Result(sorted, largest * tolerance, leastCosine);
  }

  private static double[] toDoubles(float[] vector) {
    double[] values = new double[vector.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = vector[i];
    }
    return values;
  }
}
