package org.sparkgbert.convert.graph;

import java.util.List;
import java.util.stream.Stream;

/**
 * Names of the tensors in checkpoints of an architecture.
 *
 * @param words name of the table of token embeddings, by which the prefix of all names is
 *     recognized
 * @param prefix optional prefix of all names of the encoder, such as {@code bert.}
 * @param leftOut beginnings of names, without the prefix, that are irrelevant for embeddings
 */
public record TensorNames(String words, String prefix, List<String> leftOut) {
  public TensorNames {
    leftOut = List.copyOf(leftOut);
  }

  /** All prefixes to try. */
  List<String> prefixes() {
    return Stream.of("", prefix, "model.").distinct().toList();
  }

  /**
   * Whether a tensor is known to be irrelevant.
   *
   * @param name without the prefix
   */
  boolean leavesOut(String name) {
    return leftOut.stream().anyMatch(name::startsWith);
  }
}
