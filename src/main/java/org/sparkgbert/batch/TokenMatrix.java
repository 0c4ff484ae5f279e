package org.sparkgbert.batch;

import java.nio.LongBuffer;
import java.util.List;
import org.sparkgbert.onnx.NativeBuffers;
import org.sparkgbert.onnx.TokenBatch;

/**
 * Token ids and attention mask of a batch as two row-major matrices {@code [rows, tokens]} in
 * native memory, where an encoder reads them without a copy.
 *
 * <p>One matrix serves many batches, one after the other.
 *
 * <p><b>Threads:</b> for one thread at a time.
 */
public final class TokenMatrix implements TokenBatch {
  /** Id of padding. Any valid id would do, since the mask is zero there. */
  private static final long PADDING = 0;

  private LongBuffer ids = NativeBuffers.longs(0);
  private LongBuffer mask = NativeBuffers.longs(0);
  private int rows;
  private int tokens;

  /**
   * Replaces the content with a batch.
   *
   * @param batch which sequences to take
   * @param sequences token ids of all sequences
   */
  public void fill(Batch batch, List<long[]> sequences) {
    rows = batch.rows();
    tokens = batch.tokens();
    reserve(Math.multiplyExact(rows, tokens));
    for (int sequence : batch.sequences()) {
      long[] row = sequences.get(sequence);
      ids.put(row);
      for (int token = 0; token < tokens; token++) {
        mask.put(token < row.length ? 1 : 0);
      }
      for (int token = row.length; token < tokens; token++) {
        ids.put(PADDING);
      }
    }
    ids.flip();
    mask.flip();
  }

  private void reserve(int length) {
    if (ids.capacity() < length) {
      ids = NativeBuffers.longs(length);
      mask = NativeBuffers.longs(length);
    }
    ids.clear();
    mask.clear();
  }

  /** Token ids, {@code rows * tokens} of them; a view, overwritten by the next {@link #fill}. */
  @Override
  public LongBuffer ids() {
    return ids;
  }

  /** 1 for a token and 0 for padding; a view like {@link #ids}. */
  @Override
  public LongBuffer mask() {
    return mask;
  }

  /** Number of sequences. */
  @Override
  public int rows() {
    return rows;
  }

  /** Padded length of each sequence. */
  @Override
  public int tokens() {
    return tokens;
  }
}
