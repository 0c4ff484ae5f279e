package org.sparkgbert.vector;

/** A measure of how alike two embeddings are, or how far apart. */
public enum Similarity {
  /** Cosine of the angle, from -1 to 1; undefined for a zero vector. */
  COSINE("cosine_similarity"),
  /** Sum of the products of elements. */
  DOT("dot_product"),
  /** Length of the difference, at least 0. */
  EUCLIDEAN("euclidean_distance"),
  /** Sum of the absolute differences of elements, at least 0. */
  MANHATTAN("manhattan_distance");

  private final String column;

  Similarity(String column) {
    this.column = column;
  }

  /** Name of its column in tables of scores. */
  public String column() {
    return column;
  }

  /** Whether less of it means more alike. */
  public boolean isDistance() {
    return this == EUCLIDEAN || this == MANHATTAN;
  }
}
