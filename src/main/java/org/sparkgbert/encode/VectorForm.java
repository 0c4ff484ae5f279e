package org.sparkgbert.encode;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.sparkgbert.model.BundleManifest;

/**
 * How the vectors that a model gives become those that are asked for: their first elements, at unit
 * length.
 *
 * @param modelDimension length of the model's own vectors
 * @param modelNormalizes whether they have unit length
 * @param dimension how many elements are kept
 * @param normalizes whether vectors get unit length after the model; those of a model that does so
 *     itself stay as they are, unless they are cut
 */
public record VectorForm(
    int modelDimension, boolean modelNormalizes, int dimension, boolean normalizes) {
  /**
   * The form that settings ask for. Cut vectors have unit length.
   *
   * @throws IllegalArgumentException if they ask for more elements than the model's vectors have
   */
  public static VectorForm of(BundleManifest model, EncoderSettings settings) {
    int wanted = settings.dimensions();
    if (wanted > model.dimension()) {
      throw new IllegalArgumentException(
          "Cannot encode: dimensions must be at most %d, those of %s, found %d"
              .formatted(model.dimension(), model.name(), wanted));
    }
    boolean isCut = wanted > 0 && wanted < model.dimension();
    boolean isAsked = wanted > 0 || settings.normalize();
    return new VectorForm(
        model.dimension(),
        model.normalize(),
        isCut ? wanted : model.dimension(),
        isCut || (isAsked && !model.normalize()));
  }

  /** Whether elements are left out. */
  public boolean isCut() {
    return dimension < modelDimension;
  }

  /** Whether vectors have unit length, but for zero vectors, which stay zero. */
  public boolean hasUnitLength() {
    return modelNormalizes || normalizes;
  }

  /**
   * What a user should know of vectors that are cut, if the model's bundle does not say that it was
   * trained for that.
   */
  public Optional<String> warning(BundleManifest model) {
    List<Integer> trained = model.matryoshkaDimensions();
    boolean isTrained = trained != null && (trained.isEmpty() || trained.contains(dimension));
    if (!isCut() || isTrained) {
      return Optional.empty();
    }
    String said =
        trained == null
            ? "does not say that it was trained for that"
            : "says that it was trained for " + trained;
    return Optional.of(
        "Warning: embeddings of %s are cut to their first %d of %d dimensions, and its %s %s (matryoshka_dimensions): compare results with those of all"
            .formatted(model.name(), dimension, modelDimension, BundleManifest.FILE, said));
  }

  /**
   * A vector of this form.
   *
   * @param embeddings the model's vectors, row after row; unchanged
   * @param start where the wanted one begins
   * @param length its length
   * @return {@code [dimension]}
   */
  float[] of(float[] embeddings, int start, int length) {
    int kept = isCut() ? dimension : length;
    float[] vector = Arrays.copyOfRange(embeddings, start, start + kept);
    if (normalizes) {
      normalize(vector);
    }
    return vector;
  }

  /** Gives a vector unit length, in place; a zero vector stays zero. */
  private static void normalize(float[] vector) {
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    double norm = Math.sqrt(squares);
    if (norm > 0) {
      for (int i = 0; i < vector.length; i++) {
        vector[i] = (float) (vector[i] / norm);
      }
    }
  }
}
