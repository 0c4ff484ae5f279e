package org.sparkgbert.convert.graph;

import java.util.List;
import java.util.stream.Stream;

/**
 * How checkpoints of an architecture call their tensors.
 *
 * @param words the table of token embeddings, which tells the prefix of all names
 * @param prefix what may stand before all names of the encoder, such as {@code bert.}
 * @param leftOut how names begin, without the prefix, that are of no use for embeddings
 */
public record TensorNames(String words, String prefix, List<String> leftOut) {
  public TensorNames {
    leftOut = List.copyOf(leftOut);
  }

  /** All prefixes to look for. */
  List<String> prefixes() {
    return Stream.of("", prefix, "model.").distinct().toList();
  }

  /**
   * Whether a tensor is known to be of no use.
   *
   * @param name without the prefix
   */
  boolean leavesOut(String name) {
    return leftOut.stream().anyMatch(name::startsWith);
  }
}
