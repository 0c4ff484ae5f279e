package org.sparkgbert.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The matrix product of one linear layer in a model's batch, {@code [rows, depth] x [depth,
 * columns]} with constant weights, and nothing else: the most that a session can reach.
 *
 * <p><b>Ownership:</b> owns the session.
 *
 * <p><b>Threads:</b> {@link #multiply} is safe for many threads; {@link #close} only when no call
 * is running.
 */
public final class LayerProduct implements AutoCloseable {
  /** On a GPU, starting a run takes as long as a product. */
  private static final int PRODUCTS_ON_GPU = 16;

  private static final long SEED = 2;

  private final LayerProductGraph graph;
  private final int mostRows;
  private final ByteBuffer input;
  private final DeviceSession session;

  /**
   * @param input a matrix, or the indices of its rows
   */
  private LayerProduct(
      LayerProductGraph graph, int mostRows, ByteBuffer input, DeviceSession session) {
    this.graph = graph;
    this.mostRows = mostRows;
    this.input = input;
    this.session = session;
  }

  /**
   * Opens a session, which multiplies by random weights.
   *
   * @param mostRows maximum number of rows that {@link #multiply} will be asked for
   * @param settings a device that is required; {@code AUTO} may choose a different one for each
   *     product
   * @throws DeviceException if a GPU was required and none is usable
   * @throws IllegalArgumentException if the device cannot multiply such matrices
   */
  public static LayerProduct open(
      ProductPrecision precision, int mostRows, int depth, int columns, DeviceSettings settings) {
    boolean gpu = settings.choice() == DeviceChoice.CUDA;
    LayerProductGraph graph =
        new LayerProductGraph(
            precision, depth, columns, gpu ? PRODUCTS_ON_GPU : 1, gpu ? mostRows : 0);
    String what = "a product of %s [%d, %d]".formatted(precision.label(), depth, columns);
    return Sessions.open(
            what, settings, Map.of(), (options, device) -> load(graph, mostRows, options, device))
        .runner();
  }

  private static LayerProduct load(
      LayerProductGraph graph, int mostRows, OrtSession.SessionOptions options, Device device)
      throws OrtException {
    OrtSession session =
        OnnxModel.environment().createSession(graph.model().toByteArray(), options);
    LayerProduct product =
        new LayerProduct(
            graph, mostRows, input(graph, mostRows), DeviceSession.on(device, session));
    try {
      product.session.tryOnce(() -> product.multiply(1));
    } catch (OnnxException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    return product;
  }

  /** Version of the ONNX Runtime that multiplies. */
  public static String runtimeVersion() {
    return OnnxModel.environment().getVersion();
  }

  /**
   * Multiplies.
   *
   * @param rows from 1 to the maximum that it was opened for
   * @return floating-point operations that this took
   * @throws IllegalArgumentException if rows are out of range
   * @throws OnnxException if ONNX Runtime cannot multiply
   */
  public double multiply(int rows) {
    if (rows < 1 || rows > mostRows) {
      throw new IllegalArgumentException(
          "Cannot multiply: rows must be from 1 to %d, found %d".formatted(mostRows, rows));
    }
    session.run("multiply", () -> run(rows));
    return 2.0 * rows * graph.depth() * graph.columns() * graph.products();
  }

  private static ByteBuffer input(LayerProductGraph graph, int rows) {
    if (graph.storedRows() == 0) {
      return LayerProductGraph.values(
          graph.precision(), Math.multiplyExact(rows, graph.depth()), new SplittableRandom(SEED));
    }
    ByteBuffer indices = NativeBuffers.bytes(rows, Long.BYTES);
    for (int row = 0; row < rows; row++) {
      indices.putLong(row);
    }
    return indices.flip();
  }

  private void run(int rows) {
    try (OnnxTensor matrix = tensor(rows)) {
      session.session().run(Map.of(LayerProductGraph.ROWS, matrix)).close();
    } catch (OrtException e) {
      throw new OnnxException(
          "Cannot multiply %s [%d, %d] by [%d, %d]: %s"
              .formatted(
                  graph.precision().label(),
                  rows,
                  graph.depth(),
                  graph.depth(),
                  graph.columns(),
                  e.getMessage()),
          e);
    }
  }

  private OnnxTensor tensor(int rows) throws OrtException {
    OrtEnvironment environment = OnnxModel.environment();
    ByteBuffer values = input.duplicate().order(ByteOrder.nativeOrder());
    if (graph.storedRows() > 0) {
      values.limit(rows * Long.BYTES);
      return OnnxTensor.createTensor(environment, values.asLongBuffer(), new long[] {rows});
    }
    OnnxJavaType type =
        switch (graph.precision()) {
          case FLOAT32 -> OnnxJavaType.FLOAT;
          case FLOAT16 -> OnnxJavaType.FLOAT16;
          case INT8 -> OnnxJavaType.UINT8;
        };
    values.limit(rows * graph.depth() * type.size);
    return OnnxTensor.createTensor(environment, values, new long[] {rows, graph.depth()}, type);
  }

  @Override
  public void close() {
    session.close();
  }
}
