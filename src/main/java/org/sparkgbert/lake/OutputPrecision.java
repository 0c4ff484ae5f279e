package org.sparkgbert.lake;

/** How the elements of embeddings are stored. */
public enum OutputPrecision {
  /** {@code array<float>}. */
  FLOAT32,
  /** {@code array<tinyint>} with one scale per vector; see {@link Int8Vectors}. */
  INT8,
  /** {@code binary}, a bit per element, about a mean; see {@link BinaryVectors}. */
  BINARY
}
