package org.sparkgbert.vector;

import java.util.List;
import java.util.Optional;
import org.sparkgbert.lake.BinaryVectors;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.lake.OutputPrecision;
import org.sparkgbert.settings.Labels;

/** Embeddings that have a direction and no length: {@link BinaryVectors}. */
public final class Directions {
  private static final String COSINE = Labels.of(Similarity.COSINE);

  private Directions() {}

  /**
   * Makes sure that similarities are defined for embeddings.
   *
   * @param what what is done, as in "Cannot search"
   * @param made what made the embeddings, if that is known
   * @throws IllegalArgumentException if they have no length, and one needs it
   */
  public static void require(
      String what, Optional<EmbeddingProvenance> made, List<Similarity> similarities) {
    require(what, made, "--similarity", similarities.stream().map(Similarity::label).toList());
  }

  /**
   * Makes sure that a measure is defined for embeddings.
   *
   * @param what what is done, as in "Cannot cluster"
   * @param made what made the embeddings, if that is known
   * @param option what names the measures, as in "--distance"
   * @param measures their labels
   * @throws IllegalArgumentException if embeddings have no length, and one needs it
   */
  public static void require(
      String what, Optional<EmbeddingProvenance> made, String option, List<String> measures) {
    if (made.isPresent()
        && made.get().elements() == OutputPrecision.BINARY
        && !measures.equals(List.of(COSINE))) {
      throw new IllegalArgumentException(
          "Cannot %s: binary embeddings have directions and no length, so they are compared by %s %s alone, found %s"
              .formatted(what, option, COSINE, String.join(", ", measures)));
    }
  }
}
