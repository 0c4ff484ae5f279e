package org.sparkgbert.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Inspects a model: runs one text on the CPU through a graph that has a bundle's inputs and any
 * float32 outputs, and returns all outputs.
 *
 * <p><b>Ownership:</b> owns the session.
 *
 * <p><b>Threads:</b> for one thread.
 */
public final class GraphProbe implements AutoCloseable {
  private final Path file;
  private final DeviceSession session;

  private GraphProbe(Path file, DeviceSession session) {
    this.file = file;
    this.session = session;
  }

  /**
   * Opens a graph.
   *
   * @param threads threads per run, at least 1
   * @throws IllegalArgumentException if ONNX Runtime cannot load it
   */
  public static GraphProbe open(Path file, int threads) {
    return Sessions.open(
            file.toString(),
            DeviceSettings.cpu(threads),
            Map.of(),
            (options, device) ->
                new GraphProbe(
                    file,
                    DeviceSession.on(
                        device, OnnxModel.environment().createSession(file.toString(), options))))
        .runner();
  }

  /**
   * Runs one text.
   *
   * @param tokens its token ids
   * @return all outputs by their names, flat
   * @throws OnnxException if it cannot be run
   */
  public Map<String, float[]> run(long[] tokens) {
    OrtEnvironment environment = OnnxModel.environment();
    long[] mask = new long[tokens.length];
    Arrays.fill(mask, 1);
    long[] shape = {1, tokens.length};
    try (OnnxTensor ids = OnnxTensor.createTensor(environment, LongBuffer.wrap(tokens), shape);
        OnnxTensor ones = OnnxTensor.createTensor(environment, LongBuffer.wrap(mask), shape);
        OrtSession.Result result =
            session.session().run(Map.of(OnnxModel.IDS, ids, OnnxModel.MASK, ones))) {
      Map<String, float[]> outputs = new LinkedHashMap<>();
      for (Map.Entry<String, OnnxValue> output : result) {
        FloatBuffer values = ((OnnxTensor) output.getValue()).getFloatBuffer();
        float[] copy = new float[values.remaining()];
        values.get(copy);
        outputs.put(output.getKey(), copy);
      }
      return outputs;
    } catch (OrtException e) {
      throw new OnnxException(
          "Cannot run %s on %d tokens: %s".formatted(file, tokens.length, e.getMessage()), e);
    }
  }

  @Override
  public void close() {
    session.close();
  }
}
