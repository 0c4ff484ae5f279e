package org.sparkgbert.convert.graph;

import java.util.List;

/**
 * Self-attention of a layer, with biases everywhere.
 *
 * @param layer prefix of the names of its nodes
 * @param heads number of heads
 * @param query a square matrix, like key and value
 * @param output the matrix after it
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
