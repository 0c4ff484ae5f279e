package org.sparkgbert.convert.graph;

import java.util.List;

/**
 * Self-attention of a layer, with biases everywhere.
 *
 * @param layer prefix of the names of its nodes
 * @param heads count of heads
 * @param query a square matrix, as key and value are
 * @param output the matrix behind it
 */
public record SelfAttention(
    String layer, int heads, Matrix query, Matrix key, Matrix value, Matrix output) {
  List<Matrix> queryKeyValue() {
    return List.of(query, key, value);
  }

  /** Name of the input of query, key and value. */
  String packed() {
    return layer + "attention.qkv";
  }

  int width() {
    return query.in();
  }
}
