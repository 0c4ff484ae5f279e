package org.sparkgbert.encode;

import java.nio.FloatBuffer;
import org.sparkgbert.batch.TokenMatrix;

/** Runs a model over batches. */
interface BatchRunner extends AutoCloseable {
  /**
   * Encodes one batch.
   *
   * @param batch {@code [rows, tokens]}
   * @param embeddings receives {@code rows * dimension} floats from its start, row after row; a
   *     direct buffer in native order
   * @throws EncodingException if the model cannot encode it
   */
  void run(TokenMatrix batch, FloatBuffer embeddings);

  /** Length of an embedding. */
  int dimension();

  @Override
  void close();
}
