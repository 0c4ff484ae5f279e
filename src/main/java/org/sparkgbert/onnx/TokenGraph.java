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
 * A graph on the CPU with the inputs of a bundle's and any float32 outputs, to look into a model
 * one text at a time.
 *
 * <p><b>Ownership:</b> owns the session.
 *
 * <p><b>Threads:</b> for one thread.
 */
public final class TokenGraph implements AutoCloseable {
  private final Path file;
  private final OrtSession session;

  private TokenGraph(Path file, OrtSession session) {
    this.file = file;
    this.session = session;
  }

  /**
   * Opens a graph.
   *
   * @param threads threads of a run, at least 1
   * @throws IllegalArgumentException if ONNX Runtime cannot load it
   */
  public static TokenGraph open(Path file, int threads) {
    return Sessions.open(
            file.toString(),
            DeviceSettings.cpu(threads),
            Map.of(),
            (options, device) ->
                new TokenGraph(
                    file, OnnxModel.environment().createSession(file.toString(), options)))
        .runner();
  }

  /**
   * Runs one text.
   *
   * @param tokens its token ids
   * @return all outputs by their names, flat
   * @throws EncodingException if it cannot be run
   */
  public Map<String, float[]> run(long[] tokens) {
    OrtEnvironment environment = OnnxModel.environment();
    long[] mask = new long[tokens.length];
    Arrays.fill(mask, 1);
    long[] shape = {1, tokens.length};
    try (OnnxTensor ids = OnnxTensor.createTensor(environment, LongBuffer.wrap(tokens), shape);
        OnnxTensor ones = OnnxTensor.createTensor(environment, LongBuffer.wrap(mask), shape);
        OrtSession.Result result = session.run(Map.of("input_ids", ids, "attention_mask", ones))) {
      Map<String, float[]> outputs = new LinkedHashMap<>();
      for (Map.Entry<String, OnnxValue> output : result) {
        FloatBuffer values = ((OnnxTensor) output.getValue()).getFloatBuffer();
        float[] copy = new float[values.remaining()];
        values.get(copy);
        outputs.put(output.getKey(), copy);
      }
      return outputs;
    } catch (OrtException e) {
      throw new EncodingException(
          "Cannot run %s on %d tokens: %s".formatted(file, tokens.length, e.getMessage()), e);
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("Cannot close the session of " + file, e);
    }
  }
}
