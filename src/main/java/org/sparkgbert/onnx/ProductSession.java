package org.sparkgbert.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.Map;

/**
 * The session of a {@link BlockProduct}.
 *
 * <p><b>Ownership:</b> owns the session.
 */
record ProductSession(DeviceSession session) implements AutoCloseable {
  static ProductSession open(OrtSession.SessionOptions options, Device device) throws OrtException {
    OrtSession session =
        OnnxModel.environment().createSession(ProductGraph.model().toByteArray(), options);
    ProductSession product = new ProductSession(DeviceSession.on(device, session));
    if (!(device instanceof Device.Cpu)) {
      product.tryOnce();
    }
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
    session.run("multiply blocks", () -> run(rows, columns, dimension, scores));
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
          .session()
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
    session.close();
  }
}
