package org.sparkgbert.embed;

/** What the bits of {@code --output-precision binary} are about. */
public enum BinaryMean {
  /** The mean of the corpus; see {@link MeanSample}. */
  CORPUS,
  /** Zero, as in {@code ubinary} of sentence-transformers' {@code quantize_embeddings}. */
  ZERO
}
