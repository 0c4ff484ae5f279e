package org.sparkgbert.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.model.BundleManifest;

/**
 * A model in an ONNX Runtime session.
 *
 * <p><b>Ownership:</b> owns the session.
 *
 * <p><b>Threads:</b> {@link #run} is safe for many threads; {@link #close} only when no call is
 * running.
 */
final class OnnxModel implements BatchRunner {
  static final String IDS = "input_ids";
  static final String MASK = "attention_mask";

  private static final String EMBEDDING = "sentence_embedding";
  private static final int TRIED_TOKENS = 8;

  /** Makes input tensors; a seam for tests of what happens when that fails. */
  @FunctionalInterface
  interface TensorMaker {
    OnnxTensor make(LongBuffer values, long[] shape) throws OrtException;
  }

  private final Bundle bundle;
  private final OrtEnvironment environment;
  private final DeviceSession session;
  private final TensorMaker tensors;

  OnnxModel(Bundle bundle, OrtEnvironment environment, DeviceSession session, TensorMaker tensors) {
    this.bundle = bundle;
    this.environment = environment;
    this.session = session;
    this.tensors = tensors;
  }

  /**
   * The one environment of this JVM; it is never closed. It does not log errors, since it throws
   * them as well.
   */
  static OrtEnvironment environment() {
    return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "spark-gbert");
  }

  /**
   * Loads a bundle's graph, checks its signature and, on a GPU, runs it once.
   *
   * @param options settings of the session; the caller closes them
   * @throws IllegalArgumentException if the graph's inputs or outputs are not those of a bundle
   * @throws OrtException if ONNX Runtime cannot load it
   * @throws OnnxException if it cannot run on the GPU
   */
  static OnnxModel load(Bundle bundle, OrtSession.SessionOptions options, Device device)
      throws OrtException {
    OrtEnvironment environment = environment();
    OrtSession session = environment.createSession(bundle.model().toString(), options);
    try {
      requireSignature(bundle, session);
    } catch (OrtException | RuntimeException e) {
      session.close();
      throw e;
    }
    OnnxModel model =
        new OnnxModel(
            bundle,
            environment,
            DeviceSession.on(device, session),
            (values, shape) -> OnnxTensor.createTensor(environment, values, shape));
    if (model.session.isOnGpu()) {
      model.session.tryOnce(model::runAnything);
    }
    return model;
  }

  private record Tokens(LongBuffer ids, LongBuffer mask, int rows, int tokens)
      implements TokenBatch {}

  private void runAnything() {
    LongBuffer ones = LongBuffer.allocate(TRIED_TOKENS);
    Arrays.fill(ones.array(), 1);
    run(new Tokens(ones, ones, 1, TRIED_TOKENS), NativeBuffers.floats(dimension()));
  }

  private static void requireSignature(Bundle bundle, OrtSession session) throws OrtException {
    Map<String, NodeInfo> inputs = session.getInputInfo();
    if (!inputs.keySet().equals(Set.of(IDS, MASK))) {
      throw unfit(bundle, "needs the inputs [input_ids, attention_mask]", inputs.keySet());
    }
    for (NodeInfo input : inputs.values()) {
      requireTensor(bundle, input, OnnxJavaType.INT64);
    }
    NodeInfo output = session.getOutputInfo().get(EMBEDDING);
    if (output == null) {
      throw unfit(bundle, "needs an output " + EMBEDDING, session.getOutputNames());
    }
    long dimension = requireTensor(bundle, output, OnnxJavaType.FLOAT).getShape()[1];
    if (dimension >= 0 && dimension != bundle.manifest().dimension()) {
      throw unfit(
          bundle,
          "must return embeddings of dimension " + bundle.manifest().dimension(),
          dimension);
    }
  }

  private static TensorInfo requireTensor(Bundle bundle, NodeInfo node, OnnxJavaType type) {
    if (node.getInfo() instanceof TensorInfo tensor
        && tensor.type == type
        && tensor.getShape().length == 2) {
      return tensor;
    }
    throw unfit(
        bundle, "must have " + node.getName() + " as " + type + " of rank 2", node.getInfo());
  }

  private static IllegalArgumentException unfit(Bundle bundle, String rule, Object found) {
    return new IllegalArgumentException(
        "Cannot use model %s: its graph %s, found %s"
            .formatted(bundle.directory().resolve(BundleManifest.MODEL_FILE), rule, found));
  }

  @Override
  public void run(TokenBatch batch, FloatBuffer embeddings) {
    session.run("encode a batch", () -> runHere(batch, embeddings));
  }

  private void runHere(TokenBatch batch, FloatBuffer embeddings) {
    long[] tokens = {batch.rows(), batch.tokens()};
    long[] shape = {batch.rows(), dimension()};
    FloatBuffer target = embeddings.duplicate().position(0).limit(batch.rows() * dimension());
    try (OnnxTensor ids = tensors.make(batch.ids(), tokens);
        OnnxTensor mask = tensors.make(batch.mask(), tokens);
        OnnxTensor output = OnnxTensor.createTensor(environment, target, shape)) {
      session.session().run(Map.of(IDS, ids, MASK, mask), Map.of(EMBEDDING, output)).close();
    } catch (OrtException e) {
      throw new OnnxException(
          "Cannot encode a batch of [%d, %d] tokens with %s: %s"
              .formatted(batch.rows(), batch.tokens(), bundle.manifest().name(), e.getMessage()),
          e);
    }
  }

  @Override
  public int dimension() {
    return bundle.manifest().dimension();
  }

  @Override
  public void close() {
    session.close();
  }
}
