package org.sparkgbert.onnx;

import java.nio.FloatBuffer;

/** Runs a model over batches. */
public interface BatchRunner extends AutoCloseable {
  /**
   * Encodes one batch.
   *
   * @param batch {@code [rows, tokens]}
   * @param embeddings receives {@code rows * dimension} floats from its start, row after row; a
   *     direct buffer in native order
   * @throws OnnxException if the model cannot encode it
   */
  void run(TokenBatch batch, FloatBuffer embeddings);

  /** Length of an embedding. */
  int dimension();

  @Override
  void close();
}
