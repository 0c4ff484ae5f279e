package org.sparkgbert.cluster;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.feature.PCA;
import org.apache.spark.ml.feature.PCAModel;
import org.sparkgbert.action.Amount;

/**
 * Reduces vectors to their principal components, computed from the centered vectors: of few in
 * memory, of many by MLlib.
 */
final class PrincipalComponents {
  private static final String REDUCED = "reduced_vector";
  private static final String REDUCED_UNIT = "reduced_unit_vector";

  private PrincipalComponents() {}

  /**
   * The vectors on this many axes, computed from a sample. The vectors themselves are not centered.
   * The caller closes it.
   *
   * @throws IllegalArgumentException if the vectors have fewer dimensions, or with {@link
   *     Distance#COSINE} if one has no direction on these axes
   */
  static VectorLayout reduce(VectorLayout vectors, ClusteringSettings settings) {
    int axes = settings.pcaDimensions();
    int dimension = vectors.embeddings().counts().dimension();
    if (axes > dimension) {
      throw new IllegalArgumentException(
          "Cannot reduce to %d principal components: embeddings have %d dimensions"
              .formatted(axes, dimension));
    }
    Transformer pca = fit(vectors, axes, settings);
    return switch (vectors.embeddings().distance()) {
      case COSINE ->
          directed(
              vectors.through(
                  List.of(pca, VectorLayout.normalizer(REDUCED, REDUCED_UNIT)), REDUCED_UNIT),
              axes);
      case EUCLIDEAN -> vectors.through(List.of(pca), REDUCED);
    };
  }

  /** The same, which is closed if it is refused. */
  private static VectorLayout directed(VectorLayout reduced, int axes) {
    try {
      requireDirections("cluster", reduced, axes);
      return reduced;
    } catch (RuntimeException e) {
      reduced.close();
      throw e;
    }
  }

  /**
   * Checks that no vector is across all axes, so that it has no direction on them.
   *
   * @param action as in "cluster"
   * @param reduced the vectors on these axes
   * @throws IllegalArgumentException if one is; the message says how many are
   */
  static void requireDirections(String action, VectorLayout reduced, int axes) {
    long across = reduced.zeros();
    if (across > 0) {
      throw new IllegalArgumentException(
          "Cannot %s by cosine distance: found %s without a direction in %s; find clusters with a larger %s, or with %s euclidean"
              .formatted(
                  action,
                  Amount.of(across, "row"),
                  Amount.of(axes, "principal component"),
                  ClusterOptions.PCA.option(),
                  ClusterOptions.DISTANCE.option()));
    }
  }

  /**
   * A vector with a direction after the stages of a pipeline: on the first axis if there is one.
   */
  static float[] withDirection(List<Transformer> stages, int dimension) {
    float[] vector = new float[dimension];
    Arrays.fill(vector, 1);
    for (Transformer stage : stages) {
      if (stage instanceof PCAModel axes) {
        for (int d = 0; d < dimension; d++) {
          vector[d] = (float) axes.pc().apply(d, 0);
        }
      }
    }
    return vector;
  }

  private static Transformer fit(VectorLayout vectors, int axes, ClusteringSettings settings) {
    try (VectorLayout sample = vectors.sample(settings.sampleRows(), settings.seed())) {
      if (sample instanceof LocalVectors local) {
        return PrincipalAxes.of(local.points(), axes)
            .model()
            .setInputCol(vectors.column())
            .setOutputCol(REDUCED);
      }
      return new PCA()
          .setInputCol(vectors.column())
          .setOutputCol(REDUCED)
          .setK(axes)
          .fit(sample.dataset());
    }
  }
}
