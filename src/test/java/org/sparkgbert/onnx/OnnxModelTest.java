package org.sparkgbert.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.TinyGraph;
import org.sparkgbert.TinyModel;
import org.sparkgbert.batch.Batch;
import org.sparkgbert.batch.TokenMatrix;
import org.sparkgbert.model.Bundle;

class OnnxModelTest {
  private static final long[] IDS = {2, 140, 3};
  private static final int INT64 = TinyGraph.INT64;
  private static final int FLOAT = TinyGraph.FLOAT;

  @TempDir private Path folder;

  @Test
  void aGraphWithTheSignatureOfABundleRuns() throws IOException {
    TinyGraph graph =
        inputs()
            .cast("ids", "input_ids", FLOAT)
            .cast("mask", "attention_mask", FLOAT)
            .node("Add", "sentence_embedding", "ids", "mask")
            .output("sentence_embedding", FLOAT, "rows", "dimension");
    try (BatchRunner runner = open(graph)) {
      FloatBuffer embeddings = NativeBuffers.floats(6);
      runner.run(matrix(IDS), embeddings);
      assertThat(embeddings.get(0)).isEqualTo(3);
      assertThat(embeddings.get(1)).isEqualTo(141);
      assertThat(embeddings.get(2)).isEqualTo(4);
      assertThat(embeddings.get(3)).isZero();
      assertThat(embeddings.position()).isZero();
    }
  }

  @Test
  void anExtraInputIsRefused() {
    TinyGraph graph =
        inputs()
            .input("token_type_ids", INT64, "rows", "tokens")
            .cast("ids", "input_ids", FLOAT)
            .cast("mask", "attention_mask", FLOAT)
            .cast("types", "token_type_ids", FLOAT)
            .node("Sum", "sentence_embedding", "ids", "mask", "types")
            .output("sentence_embedding", FLOAT, "rows", "dimension");
    assertRefused(
        graph,
        "needs the inputs [input_ids, attention_mask], found"
            + " [input_ids, attention_mask, token_type_ids]");
  }

  @Test
  void aMissingInputIsRefused() {
    TinyGraph graph =
        new TinyGraph(17)
            .input("input_ids", INT64, "rows", "tokens")
            .cast("sentence_embedding", "input_ids", FLOAT)
            .output("sentence_embedding", FLOAT, "rows", "dimension");
    assertRefused(graph, "needs the inputs [input_ids, attention_mask], found [input_ids]");
  }

  @Test
  void anInputOfAnotherTypeIsRefused() {
    TinyGraph graph =
        new TinyGraph(17)
            .input("input_ids", INT64, "rows", "tokens")
            .input("attention_mask", FLOAT, "rows", "tokens")
            .cast("ids", "input_ids", FLOAT)
            .node("Add", "sentence_embedding", "ids", "attention_mask")
            .output("sentence_embedding", FLOAT, "rows", "dimension");
    assertRefused(graph, "must have attention_mask as INT64 of rank 2, found ");
  }

  @Test
  void aMissingOutputIsRefusedAndWhatThereIsIsListed() {
    TinyGraph graph =
        inputs()
            .cast("pooler_output", "input_ids", FLOAT)
            .cast("last_hidden_state", "attention_mask", FLOAT)
            .output("pooler_output", FLOAT, "rows", "dimension")
            .output("last_hidden_state", FLOAT, "rows", "dimension");
    assertRefused(
        graph, "needs an output sentence_embedding, found [pooler_output, last_hidden_state]");
  }

  @Test
  void anOutputOfAnotherRankIsRefused() {
    TinyGraph graph =
        inputs()
            .matrix("table", new float[][] {{1, 2, 3}, {4, 5, 6}})
            .node("Gather", "ids", "table", "input_ids")
            .node("Gather", "mask", "table", "attention_mask")
            .node("Add", "sentence_embedding", "ids", "mask")
            .output("sentence_embedding", FLOAT, "rows", "tokens", 3);
    assertRefused(graph, "must have sentence_embedding as FLOAT of rank 2, found ");
  }

  @Test
  void anOutputOfAnotherTypeIsRefused() {
    TinyGraph graph =
        inputs()
            .node("Add", "sentence_embedding", "input_ids", "attention_mask")
            .output("sentence_embedding", INT64, "rows", "dimension");
    assertRefused(graph, "must have sentence_embedding as FLOAT of rank 2, found ");
  }

  @Test
  void anOutputOfAnotherDimensionIsRefused() {
    TinyGraph graph =
        new TinyGraph(17)
            .input("input_ids", INT64, "rows", 7)
            .input("attention_mask", INT64, "rows", 7)
            .cast("ids", "input_ids", FLOAT)
            .cast("mask", "attention_mask", FLOAT)
            .node("Add", "sentence_embedding", "ids", "mask")
            .output("sentence_embedding", FLOAT, "rows", 7);
    assertRefused(graph, "must return embeddings of dimension 3, found 7");
  }

  @Test
  void aFailureWhileTheSecondInputIsMadeLeavesNoTensorOpen() throws OrtException {
    Bundle bundle = Bundle.open(TinyModel.DIRECTORY);
    OrtEnvironment environment = OnnxModel.environment();
    List<OnnxTensor> made = new ArrayList<>();
    OnnxModel.TensorMaker failing =
        (values, shape) -> {
          if (made.size() == 1) {
            throw new OrtException("no memory left");
          }
          made.add(OnnxTensor.createTensor(environment, values, shape));
          return made.get(0);
        };
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        OnnxModel model =
            new OnnxModel(
                bundle,
                environment,
                cpu(environment.createSession(bundle.model().toString(), options)),
                failing)) {
      assertThatThrownBy(() -> model.run(matrix(IDS), NativeBuffers.floats(TinyModel.DIMENSION)))
          .isInstanceOf(OnnxException.class)
          .hasMessage("Cannot encode a batch of [1, 3] tokens with tiny-bert: no memory left")
          .hasCauseInstanceOf(OrtException.class);
    }
    assertThat(made).hasSize(1);
    assertThat(made.get(0).isClosed()).isTrue();
  }

  @Test
  void aRunLeavesNoTensorOpen() throws OrtException {
    Bundle bundle = Bundle.open(TinyModel.DIRECTORY);
    OrtEnvironment environment = OnnxModel.environment();
    List<OnnxTensor> made = new ArrayList<>();
    OnnxModel.TensorMaker recording =
        (values, shape) -> {
          made.add(OnnxTensor.createTensor(environment, values, shape));
          return made.get(made.size() - 1);
        };
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        OnnxModel model =
            new OnnxModel(
                bundle,
                environment,
                cpu(environment.createSession(bundle.model().toString(), options)),
                recording)) {
      model.run(matrix(IDS), NativeBuffers.floats(TinyModel.DIMENSION));
      assertThatThrownBy(
              () -> model.run(matrix(2, 99_999), NativeBuffers.floats(TinyModel.DIMENSION)))
          .isInstanceOf(OnnxException.class)
          .hasMessageStartingWith("Cannot encode a batch of [1, 2] tokens with tiny-bert: ");
    }
    assertThat(made).hasSize(4).allMatch(OnnxTensor::isClosed);
  }

  private void assertRefused(TinyGraph graph, String reason) {
    assertThatThrownBy(() -> open(graph).close())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("(?s)Cannot use model .*model.onnx: its graph .*")
        .hasMessageContaining(": its graph " + reason);
  }

  private BatchRunner open(TinyGraph graph) throws IOException {
    byte[] bytes = graph.build().toByteArray();
    Bundle bundle = Bundle.open(TinyModel.bundle(folder.resolve("bundle"), bytes, 3, false));
    return Sessions.open(bundle, DeviceSettings.cpu(1)).runner();
  }

  private static DeviceSession cpu(OrtSession session) {
    return DeviceSession.on(new Device.Cpu(1), session);
  }

  private static TinyGraph inputs() {
    return new TinyGraph(17)
        .input("input_ids", INT64, "rows", "tokens")
        .input("attention_mask", INT64, "rows", "tokens");
  }

  private static TokenMatrix matrix(long... ids) {
    TokenMatrix matrix = new TokenMatrix();
    matrix.fill(new Batch(new int[] {0}, ids.length), List.of(ids));
    return matrix;
  }
}
