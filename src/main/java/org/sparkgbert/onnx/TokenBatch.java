package org.sparkgbert.onnx;

import java.nio.LongBuffer;

/** Token ids and attention mask of a batch, {@code [rows, tokens]} each, in native memory. */
public interface TokenBatch {
  /** Token ids, row after row; a view of {@code rows * tokens} values. */
  LongBuffer ids();

  /** 1 where a token stands and 0 where padding does; a view like {@link #ids}. */
  LongBuffer mask();

  /** Count of sequences. */
  int rows();

  /** Padded length of each sequence. */
  int tokens();
}
