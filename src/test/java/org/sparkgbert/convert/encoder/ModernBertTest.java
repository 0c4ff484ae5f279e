package org.sparkgbert.convert.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.convert.graph.EncoderShape;

class ModernBertTest {
  private static final EncoderShape SHAPE =
      new EncoderShape("modernbert", 4, 768, 12, 1152, 50_368, 8_192, 0);

  private final TestConfig config = new TestConfig();

  @BeforeEach
  void writeConfig() {
    config.change(
        json ->
            json.put("model_type", "modernbert")
                .put("num_hidden_layers", 4)
                .put("hidden_size", 768)
                .put("num_attention_heads", 12)
                .put("intermediate_size", 1152)
                .put("vocab_size", 50_368)
                .put("max_position_embeddings", 8_192));
  }

  private ModernBertEncoder read() {
    return (ModernBertEncoder) config.read();
  }

  @Test
  void whatIsNotSaidHasTransformersDefaults() {
    assertThat(read().shape()).isEqualTo(SHAPE);
    assertThat(read().epsilon()).isEqualTo(1e-5);
    assertThat(read().gelu()).isEqualTo(Gelu.EXACT);
    assertThat(read().biases()).isEqualTo(new ModernBertEncoder.Biases(false, false, false));
    assertThat(read().globalPositions().theta()).isEqualTo(160_000);
    assertThat(read().localPositions().theta()).isEqualTo(10_000);
    assertThat(read().reach()).isEqualTo(64);
    assertThat(read().localLayers()).containsExactly(false, true, true, false);
  }

  @Test
  void theWordsOfTransformers4AreRead() {
    config.change(
        json ->
            json.put("global_attn_every_n_layers", 2)
                .put("global_rope_theta", 80_000.0)
                .put("local_rope_theta", 500.0)
                .put("local_attention", 9)
                .put("position_embedding_type", "absolute")
                .put("norm_bias", true));
    assertThat(read().localLayers()).containsExactly(false, true, false, true);
    assertThat(read().globalPositions().theta()).isEqualTo(80_000);
    assertThat(read().localPositions().theta()).isEqualTo(500);
    assertThat(read().reach()).isEqualTo(4);
    assertThat(read().biases()).isEqualTo(new ModernBertEncoder.Biases(false, false, true));
  }

  @Test
  void theWordsOfTransformers5TakePrecedence() {
    config.change(json -> json.put("global_attn_every_n_layers", 2).put("global_rope_theta", 7.0));
    layerTypes("sliding_attention", "full_attention", "full_attention", "full_attention");
    parameters("full_attention").put("rope_type", "default").put("rope_theta", 80_000.0);
    parameters("sliding_attention").put("rope_type", "default");
    assertThat(read().localLayers()).containsExactly(true, false, false, false);
    assertThat(read().globalPositions().theta()).isEqualTo(80_000);
    assertThat(read().localPositions().theta()).isEqualTo(10_000);
  }

  @Test
  void aLayerOfAnotherKindIsRefused() {
    layerTypes("full_attention", "full_attention", "full_attention", "chunked_attention");
    config.assertRefused(
        "layer_types must be full_attention or sliding_attention, found 'chunked_attention'");
    layerTypes("full_attention");
    config.assertRefused("layer_types must be a list of 4 entries, found '1'");
    config.change(json -> json.put("layer_types", "full_attention"));
    config.assertRefused("layer_types must be a list of 4 entries, found '0'");
  }

  @ParameterizedTest
  @CsvSource({"full_attention, yarn", "sliding_attention, linear"})
  void scaledPositionsAreRefused(String kind, String type) {
    parameters(kind).put("rope_type", type);
    config.assertMessage(
        "Cannot import model: in config.json, rope_parameters, %s rope_type must be default, found '%s'"
            .formatted(kind, type));
  }

  @Test
  void anUnknownKeyOfPositionsIsRefusedByName() {
    parameters("full_attention").put("rope_theta", 7.0).put("factor", 2);
    config.assertMessage(
        "Cannot import model: in config.json, rope_parameters, full_attention the key 'factor' is"
            + " unknown and may change vectors, found '2'; delete it if it does not, else import a"
            + " ready ONNX file: jobs/import-model.sh MODEL.onnx");
  }

  @Test
  void scalingInOldWordsIsRefused() {
    config.change(json -> json.putObject("rope_scaling").put("type", "linear"));
    config.assertRefused("rope_scaling must be null, found '{\"type\":\"linear\"}'");
  }

  /** Versions of transformers do not agree what it stands for. */
  @Test
  void aThetaThatIsNullIsRefused() {
    config.change(json -> json.putNull("local_rope_theta"));
    config.assertRefused("local_rope_theta must have a value, found 'null'");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -10_000})
  void aThetaThatIsNotPositiveIsRefused(double theta) {
    config.change(json -> json.put("local_rope_theta", theta));
    config.assertMessage(
        "Cannot build encoder: theta of rotary positions must be positive, found " + theta);
  }

  @ParameterizedTest
  @ValueSource(strings = {"silu", "relu", ""})
  void anotherActivationIsRefusedByName(String activation) {
    config.change(json -> json.put("hidden_activation", activation));
    config.assertRefused(
        "hidden_activation must be a kind of gelu, found '%s'".formatted(activation));
  }

  @Test
  void sizesThatContradictOthersAreRefused() {
    config.change(json -> json.put("head_dim", 32));
    config.assertRefused("head_dim must be 64, found '32'");
    config.change(json -> json.put("head_dim", 64).put("sliding_window", 128));
    config.assertRefused("sliding_window must be 64, found '128'");
    config.change(json -> json.put("sliding_window", 64));
    assertThat(read().reach()).isEqualTo(64);
    config.change(json -> json.put("local_attention", -1));
    config.assertMessage(
        "Cannot build encoder: local_attention must be from 1 to 1048576, found -1");
  }

  @Test
  void headsOfAnOddSizeCannotTurn() {
    config.change(json -> json.put("num_attention_heads", 256));
    config.assertMessage(
        "Cannot build encoder: rotary positions require an even head size, found 3");
  }

  private void layerTypes(String... types) {
    config.change(
        json -> {
          ArrayNode list = json.putArray("layer_types");
          for (String type : types) {
            list.add(type);
          }
        });
  }

  private ObjectNode parameters(String kind) {
    ObjectNode[] found = new ObjectNode[1];
    config.change(json -> found[0] = json.withObject("/rope_parameters/" + kind));
    return found[0];
  }
}
