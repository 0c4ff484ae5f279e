package org.sparkgbert.cluster;

import java.util.List;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.feature.PCA;

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
   * @throws IllegalArgumentException if the vectors have fewer dimensions
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
          vectors.through(
              List.of(pca, VectorLayout.normalizer(REDUCED, REDUCED_UNIT)), REDUCED_UNIT);
      case EUCLIDEAN -> vectors.through(List.of(pca), REDUCED);
    };
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
