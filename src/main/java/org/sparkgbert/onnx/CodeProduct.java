package org.sparkgbert.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;

/**
 * Products of matrices of small integers by ONNX Runtime, on the CPU: the scores of all rows of one
 * block against all rows of another, in a byte per element. Where the CPU has instructions for
 * them, they take a third or a quarter of the time of {@link BlockProduct}.
 *
 * <p>Sums of products are exact on every CPU: elements are so small that those without such
 * instructions, which add two products in 16 bits, cannot overflow.
 *
 * <p><b>Ownership:</b> owns the session.
 *
 * <p><b>Threads:</b> {@link #multiply} is safe for many threads; {@link #close} only when no call
 * is running.
 */
public final class CodeProduct implements AutoCloseable {
  /** Elements of rows are from -{@value} to {@value}. */
  public static final int MOST_OF_ROWS = 127;

  /** Elements of columns are from -{@value} to {@value}. */
  public static final int MOST_OF_COLUMNS = 63;

  /** In the place of an element of a row stands the element plus this, as an unsigned byte. */
  public static final int ZERO_OF_ROWS = 128;

  /** With more elements, a sum might not fit 32 bits. */
  public static final int MOST_DIMENSIONS = 65_536;

  private static final String ROWS = "rows";
  private static final String COLUMNS = "columns";
  private static final String SCALES = "scales";
  private static final String SCORES = "scores";
  private static final int OPSET = 17;

  private final DeviceSession session;

  private CodeProduct(DeviceSession session) {
    this.session = session;
  }

  /**
   * Opens a session.
   *
   * @param threads threads of a call, at least 1
   */
  public static CodeProduct open(int threads) {
    return Sessions.open(
            "a matrix product",
            DeviceSettings.cpu(threads),
            Map.of(),
            (options, device) ->
                new CodeProduct(
                    DeviceSession.on(
                        device, OnnxModel.environment().createSession(graph(), options))))
        .runner();
  }

  private static byte[] graph() {
    ModelProto.Builder model = GraphNodes.model("code_product", OPSET);
    model
        .getGraphBuilder()
        .addInput(GraphNodes.value(ROWS, GraphNodes.UINT8, "m", "d"))
        .addInput(GraphNodes.value(COLUMNS, GraphNodes.INT8, "n", "d"))
        .addInput(GraphNodes.value(SCALES, GraphNodes.FLOAT, "n"))
        .addOutput(GraphNodes.value(SCORES, GraphNodes.FLOAT, "m", "n"));
    GraphNodes nodes = new GraphNodes(model.getGraphBuilder(), OPSET);
    nodes.floats("one", new float[] {1});
    nodes.unsignedByte("zero_point", ZERO_OF_ROWS);
    nodes.add("Transpose", "transposed", COLUMNS);
    nodes.addFused(
        "MatMulIntegerToFloat", SCORES, List.of(), ROWS, "transposed", "one", SCALES, "zero_point");
    return model.build().toByteArray();
  }

  /**
   * Multiplies a matrix by the transpose of another, and each column of the product by its scale.
   *
   * <p><b>Ownership:</b> all buffers remain the caller's; their positions do not change.
   *
   * @param rows {@code [rows, dimension]}, row after row, from the position to the limit, each
   *     element plus {@value #ZERO_OF_ROWS}; direct
   * @param columns {@code [columns, dimension]} likewise, without that
   * @param scales {@code [columns]}; direct, in native order
   * @param dimension at most {@value #MOST_DIMENSIONS}
   * @param scores receives {@code [rows, columns]} from its position on; direct, in native order.
   *     Each is rounded twice: the sum to a float, and its product with the scale
   * @throws IllegalArgumentException if a buffer is not a matrix, is not direct, or is too small
   * @throws OnnxException if ONNX Runtime cannot multiply them
   */
  public void multiply(
      ByteBuffer rows, ByteBuffer columns, FloatBuffer scales, int dimension, FloatBuffer scores) {
    long m = count("rows", rows, dimension);
    long n = count("columns", columns, dimension);
    if (!NativeBuffers.isNative(scales) || scales.remaining() != n) {
      throw new IllegalArgumentException(
          "Cannot multiply codes: scales must be a direct buffer of %d floats, found %s"
              .formatted(n, scales));
    }
    FloatBuffer target = NativeBuffers.target("multiply codes", scores, m, n);
    OrtEnvironment environment = OnnxModel.environment();
    try (OnnxTensor left =
            OnnxTensor.createTensor(
                environment, rows.slice(), new long[] {m, dimension}, OnnxJavaType.UINT8);
        OnnxTensor right =
            OnnxTensor.createTensor(
                environment, columns.slice(), new long[] {n, dimension}, OnnxJavaType.INT8);
        OnnxTensor factors = OnnxTensor.createTensor(environment, scales.slice(), new long[] {n});
        OnnxTensor product = OnnxTensor.createTensor(environment, target, new long[] {m, n})) {
      session
          .session()
          .run(Map.of(ROWS, left, COLUMNS, right, SCALES, factors), Map.of(SCORES, product))
          .close();
    } catch (OrtException e) {
      throw new OnnxException(
          "Cannot multiply codes of [%d, %d] and [%d, %d]: %s"
              .formatted(m, dimension, n, dimension, e.getMessage()),
          e);
    }
  }

  private static long count(String name, ByteBuffer matrix, int dimension) {
    if (dimension < 1
        || dimension > MOST_DIMENSIONS
        || !matrix.isDirect()
        || !matrix.hasRemaining()
        || matrix.remaining() % dimension != 0) {
      throw new IllegalArgumentException(
          "Cannot multiply codes: %s must be a direct buffer of vectors of dimension %d, at most %d, found %s"
              .formatted(name, dimension, MOST_DIMENSIONS, matrix));
    }
    return matrix.remaining() / dimension;
  }

  @Override
  public void close() {
    session.close();
  }
}
