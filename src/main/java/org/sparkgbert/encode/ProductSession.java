package org.sparkgbert.encode;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.Map;

/**
 * The session of a {@link BlockProduct}; on CUDA one thread runs it.
 *
 * <p><b>Ownership:</b> owns the session and the thread.
 */
final class ProductSession implements AutoCloseable {
  private final OrtSession session;
  private final OneThread thread;

  /**
   * @param thread runs the session; null if any thread may
   */
  private ProductSession(OrtSession session, OneThread thread) {
    this.session = session;
    this.thread = thread;
  }

  static ProductSession open(OrtSession.SessionOptions options, Device device) throws OrtException {
    OrtSession session =
        OnnxModel.environment().createSession(ProductGraph.model().toByteArray(), options);
    if (device instanceof Device.Cpu) {
      return new ProductSession(session, null);
    }
    ProductSession product = new ProductSession(session, new OneThread());
    product.tryOnce();
    return product;
  }

  private void tryOnce() {
    FloatBuffer one = BlockProduct.allocate(1);
    try {
      multiply(one, one, 1, BlockProduct.allocate(1));
    } catch (EncodingException e) {
      close();
      throw e;
    }
  }

  void multiply(FloatBuffer rows, FloatBuffer columns, int dimension, FloatBuffer scores) {
    if (thread == null) {
      run(rows, columns, dimension, scores);
    } else {
      thread.run("multiply blocks", () -> run(rows, columns, dimension, scores));
    }
  }

  private void run(FloatBuffer rows, FloatBuffer columns, int dimension, FloatBuffer scores) {
    long m = rows.remaining() / dimension;
    long n = columns.remaining() / dimension;
    OrtEnvironment environment = OnnxModel.environment();
    try (OnnxTensor left = OnnxTensor.createTensor(environment, rows, new long[] {m, dimension});
        OnnxTensor right =
            OnnxTensor.createTensor(environment, columns, new long[] {n, dimension});
        OnnxTensor product = OnnxTensor.createTensor(environment, scores, new long[] {m, n})) {
      session
          .run(
              Map.of(ProductGraph.ROWS, left, ProductGraph.COLUMNS, right),
              Map.of(ProductGraph.SCORES, product))
          .close();
    } catch (OrtException e) {
      throw new EncodingException(
          "Cannot multiply blocks of [%d, %d] and [%d, %d]: %s"
              .formatted(m, dimension, n, dimension, e.getMessage()),
          e);
    }
  }

  @Override
  public void close() {
    try {
      if (thread != null) {
        thread.close();
      }
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("Cannot close the session of a matrix product", e);
    }
  }
}
