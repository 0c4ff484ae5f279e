package org.sparkgbert.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.sparkgbert.convert.ImportRequest.Overrides;
import org.sparkgbert.convert.graph.ElementType;
import org.sparkgbert.model.Bundle;

/** An import takes all tensors of the encoder, each once, or none. */
class EncoderTensorsTest {
  private static final long[] ONE = {1};

  @TempDir Path folder;

  @Test
  void twoSetsOfWeightsAreRefused() throws IOException {
    Path checkpoint = copy("pooling-cls");
    TestWeights.rewrite(
        checkpoint,
        weights ->
            weights.names().forEach(name -> weights.copy(name, other(name)).first(other(name), 9)));
    assertThatThrownBy(() -> imported(checkpoint, ElementType.FLOAT32))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot import model: %s must have one tensor 'embeddings.LayerNorm.bias', found"
                + " 'bert.embeddings.LayerNorm.bias' and 'embeddings.LayerNorm.bias'; remove the"
                + " one that is not the model's",
            checkpoint.resolve("model.safetensors"));
  }

  private static String other(String name) {
    return name.startsWith("bert.") ? name.substring("bert.".length()) : "bert." + name;
  }

  @ParameterizedTest
  @CsvSource({"weight, gamma", "bias, beta"})
  void aTensorUnderBothOfItsNamesIsRefused(String now, String old) throws IOException {
    Path checkpoint = copy("mpnet");
    String norm = "encoder.layer.1.output.LayerNorm.";
    TestWeights.rewrite(
        checkpoint, weights -> weights.copy(norm + now, norm + old).first(norm + old, 9));
    assertThatThrownBy(() -> imported(checkpoint, ElementType.FLOAT32))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("'" + norm + now + "'", "'" + norm + old + "'");
  }

  @ParameterizedTest
  @CsvSource({
    "pooling-cls, encoder.layer.0.attention.self.query.weight_scale",
    "pooling-cls, encoder.layer.0.attention.self.query.lora_A.weight",
    "pooling-cls, encoder.layer.0.gate.weight",
    "pooling-cls, encoder.layer.2.output.dense.bias",
    "pooling-cls, encoder.gate",
    "pooling-cls, bert.embeddings.extra.weight",
    "pooling-cls, embeddings.position_ids_scale",
    "pooling-cls, encoder.layer.0.attention.self.rotary_emb.inv_freq",
    "xlmr-unigram, roberta.encoder.layer.0.gate.weight",
    "distilbert-dense, transformer.layer.0.attention.q_lin.lora_A.weight",
    "electra-small, embeddings_project.weight_scale",
    "mpnet, encoder.relative_attention_bias.scale",
    "modernbert, layers.0.attn.Wqkv.weight_scale",
    "modernbert, model.layers.0.attn_norm.weight",
    "modernbert, final_norm.bias",
  })
  void aTensorOfTheEncoderThatNobodyKnowsIsRefused(String name, String tensor) throws IOException {
    Path checkpoint = copy(name);
    TestWeights.rewrite(checkpoint, weights -> weights.floats(tensor, ONE, 1));
    assertThatThrownBy(() -> imported(checkpoint, ElementType.FLOAT32))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot import model: %s must have only tensors of the encoder that config.json"
                + " describes, found '%s'; merge adapters and scales into the weights, else import"
                + " a ready ONNX file: jobs/import-model.sh MODEL.onnx",
            checkpoint.resolve("model.safetensors"), tensor);
  }

  @ParameterizedTest
  @EnumSource(ElementType.class)
  void thatHoldsInEveryPrecision(ElementType precision) throws IOException {
    Path checkpoint = copy("pooling-cls");
    TestWeights.rewrite(
        checkpoint, weights -> weights.floats("encoder.a", ONE, 1).floats("encoder.b", ONE, 1));
    assertThatThrownBy(() -> imported(checkpoint, precision))
        .hasMessageContaining("found 'encoder.a' and 1 more;");
  }

  @ParameterizedTest
  @CsvSource({
    "pooling-cls, embeddings.position_ids",
    "pooling-cls, bert.embeddings.token_type_ids",
    "pooling-cls, bert.pooler.dense.weight",
    "modernbert, layers.1.attn.rotary_emb.inv_freq",
    "modernbert, model.rotary_emb.full_attention_inv_freq",
  })
  void buffersAndHeadsThatAreKnownAreHarmless(String name, String tensor) throws IOException {
    Path checkpoint = copy(name);
    String before = imported(checkpoint, ElementType.FLOAT32).identity();
    TestWeights.rewrite(checkpoint, weights -> weights.floats(tensor, ONE, 1));
    Bundle bundle = imported(checkpoint, ElementType.FLOAT32);
    assertThat(bundle.identity()).isEqualTo(before);
    assertThat(bundle.manifest().notes()).noneMatch(note -> note.contains(tensor));
  }

  private Path copy(String name) {
    return TestCheckpoints.copy(name, folder.resolve("checkpoint"));
  }

  private Bundle imported(Path checkpoint, ElementType precision) {
    return TestCheckpoints.imported(
        checkpoint, folder.resolve("bundle"), precision, Overrides.NONE);
  }
}
