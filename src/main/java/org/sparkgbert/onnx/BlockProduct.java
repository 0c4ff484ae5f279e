package org.sparkgbert.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;

/**
 * Products of matrices in float32 by ONNX Runtime: the scores of all rows of one block against all
 * rows of another.
 *
 * <p>An element is a sum of {@code dimension} products, in whatever order the device adds them: its
 * error is at most slightly more than {@code dimension * 2^-24} times the sum of their absolute
 * values. TF32, which rounds more, is disabled on GPUs.
 *
 * <p><b>Ownership:</b> owns the session.
 *
 * <p><b>Threads:</b> {@link #multiply} is safe for many threads; {@link #close} only when no call
 * is running.
 */
public final class BlockProduct implements AutoCloseable {
  private static final Map<String, String> CUDA_OPTIONS = Map.of("use_tf32", "0");

  private static final String ROWS = "rows";
  private static final String COLUMNS = "columns";
  private static final String SCORES = "scores";
  private static final int OPSET = 17;

  private final DeviceSession session;

  private BlockProduct(DeviceSession session) {
    this.session = session;
  }

  /**
   * Opens a session.
   *
   * @throws DeviceException if a GPU was required and none is usable
   */
  public static BlockProduct open(DeviceSettings settings) {
    return Sessions.open("a matrix product", settings, CUDA_OPTIONS, BlockProduct::load).runner();
  }

  private static BlockProduct load(OrtSession.SessionOptions options, Device device)
      throws OrtException {
    OrtSession session = OnnxModel.environment().createSession(graph(), options);
    BlockProduct product = new BlockProduct(DeviceSession.on(device, session));
    if (product.session.isOnGpu()) {
      FloatBuffer one = NativeBuffers.floats(1);
      product.session.tryOnce(() -> product.multiply(one, one, 1, NativeBuffers.floats(1)));
    }
    return product;
  }

  /** {@code scores = rows * transpose(columns)}. */
  private static byte[] graph() {
    ModelProto.Builder model = GraphNodes.model("block_product", OPSET);
    model
        .getGraphBuilder()
        .addInput(GraphNodes.value(ROWS, GraphNodes.FLOAT, "m", "d"))
        .addInput(GraphNodes.value(COLUMNS, GraphNodes.FLOAT, "n", "d"))
        .addOutput(GraphNodes.value(SCORES, GraphNodes.FLOAT, "m", "n"));
    new GraphNodes(model.getGraphBuilder(), OPSET)
        .add("Gemm", SCORES, List.of(GraphNodes.integer("transB", 1)), ROWS, COLUMNS);
    return model.build().toByteArray();
  }

  /**
   * Multiplies a matrix by the transpose of another.
   *
   * <p><b>Ownership:</b> all buffers remain the caller's; their positions do not change.
   *
   * @param rows {@code [rows, dimension]}, row after row, from the position to the limit; direct,
   *     in native order
   * @param columns {@code [columns, dimension]} likewise
   * @param scores receives {@code [rows, columns]} from its position on; likewise
   * @throws IllegalArgumentException if a buffer is not a matrix, is not direct, or is too small
   * @throws OnnxException if ONNX Runtime cannot multiply them
   */
  public void multiply(FloatBuffer rows, FloatBuffer columns, int dimension, FloatBuffer scores) {
    long m = count("rows", rows, dimension);
    long n = count("columns", columns, dimension);
    FloatBuffer target = NativeBuffers.target("multiply blocks", scores, m, n);
    session.run("multiply blocks", () -> run(rows.slice(), columns.slice(), dimension, target));
  }

  private void run(FloatBuffer rows, FloatBuffer columns, int dimension, FloatBuffer scores) {
    long m = rows.remaining() / dimension;
    long n = columns.remaining() / dimension;
    OrtEnvironment environment = OnnxModel.environment();
    try (OnnxTensor left = OnnxTensor.createTensor(environment, rows, new long[] {m, dimension});
        OnnxTensor right =
            OnnxTensor.createTensor(environment, columns, new long[] {n, dimension});
        OnnxTensor product = OnnxTensor.createTensor(environment, scores, new long[] {m, n})) {
      session.session().run(Map.of(ROWS, left, COLUMNS, right), Map.of(SCORES, product)).close();
    } catch (OrtException e) {
      throw new OnnxException(
          "Cannot multiply blocks of [%d, %d] and [%d, %d]: %s"
              .formatted(m, dimension, n, dimension, e.getMessage()),
          e);
    }
  }

  private static long count(String name, FloatBuffer matrix, int dimension) {
    if (dimension < 1
        || !NativeBuffers.isNative(matrix)
        || !matrix.hasRemaining()
        || matrix.remaining() % dimension != 0) {
      throw new IllegalArgumentException(
          "Cannot multiply blocks: %s must be a direct buffer of vectors of dimension %d, found %s"
              .formatted(name, dimension, matrix));
    }
    return matrix.remaining() / dimension;
  }

  /** Whether products are made on a GPU. */
  public boolean isOnGpu() {
    return session.isOnGpu();
  }

  @Override
  public void close() {
    session.close();
  }
}
