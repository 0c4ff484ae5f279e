package org.sparkgbert.convert.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.TinyGraph;

class SentenceGraphTest {
  private static final float[][] TOKENS = {
    {0, 0, 0}, {1.5f, -2, 0.25f}, {-3, 0.5f, 7}, {0.125f, 9, -1}, {4, -4, 1e-3f}
  };
  private static final float[][] TYPES = {{0.5f, -0.5f, 2}, {1_000, 1_000, 1_000}};
  private static final float[][] NO_TYPES = {{0, 0, 0}, {1_000, 1_000, 1_000}};
  private static final long[][] IDS = {{1, 2, 3, 4}, {4, 3, 2, 1}, {2, 1, 1, 1}};
  private static final long[][] MASK = {{1, 1, 1, 1}, {1, 1, 1, 0}, {1, 0, 0, 0}};

  @ParameterizedTest
  @ValueSource(ints = {11, 12, 13, 17, 18})
  void theMeanIsThatOfTheFormula(int opset) throws OrtException {
    float[][] found = run(extend(opset, TYPES, false), IDS, MASK);
    for (int row = 0; row < IDS.length; row++) {
      assertThat(found[row]).containsExactly(formula(row, false), within(1e-5f));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {11, 12, 13, 17, 18})
  void theNormalizedMeanIsThatOfTheFormula(int opset) throws OrtException {
    float[][] found = run(extend(opset, TYPES, true), IDS, MASK);
    for (int row = 0; row < IDS.length; row++) {
      assertThat(found[row]).containsExactly(formula(row, true), within(1e-6f));
    }
  }

  @Test
  void aZeroVectorStaysZeroWhenItIsNormalized() throws OrtException {
    float[][] found = run(extend(17, NO_TYPES, true), new long[][] {{0, 0}}, new long[][] {{1, 1}});
    assertThat(found[0]).containsExactly(0, 0, 0);
  }

  @Test
  void tokenTypesAreNoInputAnyMoreAndTokenVectorsNoOutput() throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        OrtSession session =
            environment().createSession(extend(17, TYPES, true).toByteArray(), options)) {
      assertThat(session.getInputNames()).isEqualTo(Set.of("input_ids", "attention_mask"));
      assertThat(session.getOutputNames()).isEqualTo(Set.of(SentenceGraph.OUTPUT));
      assertThat(session.getOutputInfo().get(SentenceGraph.OUTPUT).getInfo().toString())
          .contains("FLOAT", "3");
    }
  }

  @Test
  void aGraphWithoutTokenTypesIsExtendedToo() throws OrtException {
    ModelProto plain = lookup(17).output("hidden", TinyGraph.FLOAT, "r", "t", 3).build();
    ModelProto model = SentenceGraph.extend(plain, "hidden", 3, Head.mean(false));
    float[][] found = run(model, new long[][] {{1, 4}}, new long[][] {{1, 1}});
    assertThat(found[0]).containsExactly(new float[] {2.75f, -3, 0.1255f}, within(1e-6f));
  }

  @Test
  void theGivenModelStaysAsItIs() {
    ModelProto model = encoder(17, TYPES).build();
    ModelProto copy = model.toBuilder().build();
    SentenceGraph.extend(model, "last_hidden_state", 3, Head.mean(true));
    assertThat(model).isEqualTo(copy);
  }

  @Test
  void aGraphWithoutAMaskIsRefused() {
    ModelProto model =
        new TinyGraph(17)
            .input("input_ids", TinyGraph.INT64, "rows", "tokens")
            .output("last_hidden_state", TinyGraph.FLOAT, "rows", "tokens", 3)
            .build();
    assertThatThrownBy(() -> SentenceGraph.extend(model, "last_hidden_state", 3, Head.mean(true)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot extend graph: it needs inputs input_ids and attention_mask, found [input_ids]");
  }

  @Test
  void aGraphThatWantsAnotherInputIsRefused() {
    ModelProto model =
        encoder(17, TYPES).input("position_ids", TinyGraph.INT64, "rows", "tokens").build();
    assertThatThrownBy(() -> SentenceGraph.extend(model, "last_hidden_state", 3, Head.mean(true)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot extend graph: its inputs may only be [input_ids, attention_mask,"
                + " token_type_ids], found [input_ids, attention_mask, token_type_ids, position_ids]");
  }

  @Test
  void weightsThatOldGraphsListAsInputsAreNoInputs() throws OrtException {
    ModelProto model = encoder(11, TYPES).input("tokens", TinyGraph.FLOAT, 5, 3).build();
    float[][] found =
        run(SentenceGraph.extend(model, "last_hidden_state", 3, Head.mean(false)), IDS, MASK);
    assertThat(found[0]).containsExactly(formula(0, false), within(1e-5f));
  }

  @Test
  void aGraphWithoutTheOutputIsRefusedAndItsOutputsAreListed() {
    ModelProto model = encoder(17, TYPES).build();
    assertThatThrownBy(() -> SentenceGraph.extend(model, "token_embeddings", 3, Head.mean(true)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot extend graph: it needs an output token_embeddings, found [last_hidden_state]");
  }

  @Test
  void theOperatorSetIsThatOfTheStandardDomain() {
    ModelProto.Builder model = ModelProto.newBuilder();
    model.addOpsetImportBuilder().setDomain("com.microsoft").setVersion(1);
    assertThatThrownBy(() -> SentenceGraph.opset(model.build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot read graph: it names no ONNX operator set");
    model.addOpsetImportBuilder().setDomain("ai.onnx").setVersion(14);
    assertThat(SentenceGraph.opset(model.build())).isEqualTo(14);
  }

  /** The mean over unmasked tokens of token vector plus the vector of token type 0. */
  private static float[] formula(int row, boolean normalize) {
    double[] mean = new double[3];
    double count = 0;
    for (int token = 0; token < IDS[row].length; token++) {
      count += MASK[row][token];
      for (int d = 0; d < mean.length; d++) {
        double hidden = (double) TOKENS[Math.toIntExact(IDS[row][token])][d] + TYPES[0][d];
        mean[d] += hidden * MASK[row][token];
      }
    }
    double squares = 0;
    for (int d = 0; d < mean.length; d++) {
      mean[d] /= count;
      squares += mean[d] * mean[d];
    }
    float[] result = new float[mean.length];
    for (int d = 0; d < mean.length; d++) {
      result[d] = (float) (normalize ? mean[d] / Math.sqrt(squares) : mean[d]);
    }
    return result;
  }

  private static TinyGraph lookup(int opset) {
    return new TinyGraph(opset)
        .input("input_ids", TinyGraph.INT64, "rows", "tokens")
        .input("attention_mask", TinyGraph.INT64, "rows", "tokens")
        .matrix("tokens", TOKENS)
        .node("Gather", "hidden", "tokens", "input_ids");
  }

  private static TinyGraph encoder(int opset, float[][] types) {
    return lookup(opset)
        .input("token_type_ids", TinyGraph.INT64, "rows", "tokens")
        .matrix("types", types)
        .node("Gather", "type_vectors", "types", "token_type_ids")
        .node("Add", "last_hidden_state", "hidden", "type_vectors")
        .output("last_hidden_state", TinyGraph.FLOAT, "rows", "tokens", 3);
  }

  private static ModelProto extend(int opset, float[][] types, boolean normalize) {
    return SentenceGraph.extend(
        encoder(opset, types).build(), "last_hidden_state", 3, Head.mean(normalize));
  }

  private static float[][] run(ModelProto model, long[][] ids, long[][] mask) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        OrtSession session = environment().createSession(model.toByteArray(), options);
        OnnxTensor idTensor = OnnxTensor.createTensor(environment(), ids);
        OnnxTensor maskTensor = OnnxTensor.createTensor(environment(), mask);
        OrtSession.Result result =
            session.run(Map.of("input_ids", idTensor, "attention_mask", maskTensor))) {
      return (float[][]) result.get(0).getValue();
    }
  }

  private static OrtEnvironment environment() {
    return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "spark-gbert");
  }
}
