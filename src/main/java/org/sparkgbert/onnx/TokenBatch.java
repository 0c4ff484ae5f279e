package org.sparkgbert.onnx;

import java.nio.LongBuffer;

/** Token ids and attention mask of a batch, {@code [rows, tokens]} each, in native memory. */
public interface TokenBatch {
  /** Token ids, row after row; a view of {@code rows * tokens} values. */
  LongBuffer ids();

  /** 1 for a token and 0 for padding; a view like {@link #ids}. */
  LongBuffer mask();

  /** Number of sequences. */
  int rows();

  /** Padded length of each sequence. */
  int tokens();
}
