package org.sparkgbert.vector;

import java.util.List;
import java.util.Optional;
import org.sparkgbert.lake.BinaryVectors;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.lake.OutputPrecision;
import org.sparkgbert.settings.Labels;

/** Embeddings that have a direction and no length: {@link BinaryVectors}. */
public final class Directions {
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
    if (made.isPresent()
        && made.get().elements() == OutputPrecision.BINARY
        && !similarities.equals(List.of(Similarity.COSINE))) {
      throw new IllegalArgumentException(
          "Cannot %s: binary embeddings have directions and no length, so they are compared by --similarity %s alone, found %s"
              .formatted(
                  what,
                  Labels.of(Similarity.COSINE),
                  String.join(", ", similarities.stream().map(Similarity::label).toList())));
    }
  }
}
