package org.sparkgbert.convert.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.convert.graph.EncoderShape;

class EncoderFamiliesTest {
  private final TestConfig config = new TestConfig();

  @BeforeEach
  void writeConfig() {
    config.change(
        json ->
            json.put("model_type", "bert")
                .put("num_hidden_layers", 24)
                .put("hidden_size", 1024)
                .put("num_attention_heads", 16)
                .put("intermediate_size", 4096)
                .put("vocab_size", 31_102)
                .put("max_position_embeddings", 512));
  }

  @Test
  void whatIsNotSaidHasTransformersDefaults() {
    EncoderShape shape = new EncoderShape("bert", 24, 1024, 16, 4096, 31_102, 512, 0);
    assertThat(shape()).isEqualTo(shape);
    PostNormEncoder encoder = (PostNormEncoder) config.read();
    assertThat(encoder.embeddings()).isEqualTo(new AbsoluteEmbeddings(shape, 1024, 2, 1e-12));
    assertThat(encoder.relative()).isEmpty();
    assertThat(encoder.epsilon()).isEqualTo(1e-12);
    assertThat(encoder.gelu()).isEqualTo(Gelu.EXACT);
  }

  @ParameterizedTest
  @CsvSource({"xlm-roberta, 1, 2, 510", "roberta, 0, 1, 511"})
  void robertaCountsPositionsFromBehindThePaddingsId(
      String family, Integer padding, int firstPosition, int tokens) {
    config.change(json -> json.put("model_type", family).put("pad_token_id", padding));
    assertThat(shape().family()).isEqualTo("xlm-roberta");
    assertThat(shape().firstPosition()).isEqualTo(firstPosition);
    assertThat(shape().maxTokens()).isEqualTo(tokens);
  }

  @Test
  void thePaddingsIdOfBertShiftsNothing() {
    config.change(json -> json.put("pad_token_id", 3));
    assertThat(shape().firstPosition()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "gelu, EXACT",
    "gelu_python, EXACT",
    "gelu_new, TANH",
    "gelu_fast, TANH",
    "gelu_pytorch_tanh, TANH"
  })
  void eachGeluIsKnown(String activation, Gelu gelu) {
    config.change(json -> json.put("hidden_act", activation));
    assertThat(((PostNormEncoder) config.read()).gelu()).isEqualTo(gelu);
  }

  @ParameterizedTest
  @ValueSource(strings = {"relu", "silu", "gelu_10", "quick_gelu", "GELU", ""})
  void anotherActivationIsRefusedByName(String activation) {
    config.change(json -> json.put("hidden_act", activation));
    config.assertRefused("hidden_act must be a kind of gelu, found '%s'".formatted(activation));
  }

  @ParameterizedTest
  @ValueSource(strings = {"deberta-v2", "t5", "nomic_bert", "albert", "BERT", ""})
  void anotherArchitectureIsRefusedByName(String family) {
    config.change(json -> json.put("model_type", family));
    config.assertRefused(
        ("model_type must be one of bert, camembert, distilbert, electra, modernbert, mpnet,"
                + " roberta,"
                + " xlm-roberta, found '%s'; else import a ready ONNX file: jobs/import-model.sh MODEL.onnx")
            .formatted(family));
  }

  @ParameterizedTest
  @ValueSource(strings = {"relative_key", "relative_key_query"})
  void relativePositionsAreRefused(String positions) {
    config.change(json -> json.put("position_embedding_type", positions));
    config.assertRefused(
        "position_embedding_type must be absolute, found '%s'".formatted(positions));
  }

  @Test
  void theDefaultIdOfPaddingIsOne() {
    config.change(json -> json.put("model_type", "xlm-roberta"));
    assertThat(shape().firstPosition()).isEqualTo(2);
    config.change(json -> json.putNull("pad_token_id"));
    config.assertRefused("pad_token_id must have a value, found 'null'");
  }

  /** The references do not run it either, unless they are told to. */
  @Test
  void codeOfItsOwnChangesNothing() {
    EncoderShape before = shape();
    config.change(json -> json.putObject("auto_map").put("AutoModel", "modeling_evil.Model"));
    assertThat(shape()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"lora_rank", "rope_theta", "embedding_size", "alibi", "sentence_transformers"})
  void anUnknownKeyIsRefusedByName(String key) {
    config.change(json -> json.put(key, 8));
    config.assertRefused(
        ("the key '%s' is unknown and may change vectors, found '8'; delete it if it does not,"
                + " else import a ready ONNX file: jobs/import-model.sh MODEL.onnx")
            .formatted(key));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dtype", "torch_dtype", "use_cache", "id2label", "output_hidden_states"})
  void aHarmlessKeyMayHaveAnyValue(String key) {
    EncoderShape before = shape();
    config.change(json -> json.put(key, "bfloat16"));
    assertThat(shape()).isEqualTo(before);
    config.change(json -> json.putNull(key));
    assertThat(shape()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hidden_act", "layer_norm_eps", "type_vocab_size", "hidden_size"})
  void nullIsNoValueOfAKeyThatCounts(String key) {
    config.change(json -> json.putNull(key));
    config.assertRefused(key + " must have a value, found 'null'");
  }

  @Test
  void prunedHeadsAreRefused() {
    config.change(json -> json.putObject("pruned_heads"));
    assertThat(shape().heads()).isEqualTo(16);
    config.change(json -> json.putObject("pruned_heads").putArray("0").add(1));
    config.assertRefused("pruned_heads must be {}, found '{\"0\":[1]}'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"add_cross_attention", "is_encoder_decoder", "is_causal"})
  void whatHasADecoderIsRefused(String key) {
    config.change(json -> json.put(key, true));
    config.assertRefused(key + " must be false, found 'true'");
  }

  @Test
  void aDecoderIsRefused() {
    config.change(json -> json.put("is_decoder", true));
    config.assertRefused("is_decoder must be false, found 'true'");
  }

  @ParameterizedTest
  @CsvSource({
    "num_hidden_layers, 0, 1 to 1000",
    "num_hidden_layers, 1001, 1 to 1000",
    "hidden_size, 2147483647, 1 to 65536",
    "num_attention_heads, 1025, 1 to 1024",
    "intermediate_size, -1, 1 to 1048576",
    "vocab_size, 2147483647, 1 to 16777216",
    "max_position_embeddings, 2000000, 1 to 1048576",
    "type_vocab_size, 0, 1 to 65536",
  })
  void absurdSizesAreRefused(String key, int value, String range) {
    config.change(json -> json.put(key, value));
    config.assertMessage(
        "Cannot build encoder: %s must be from %s, found %d".formatted(key, range, value));
  }

  @Test
  void aSizeBeyondAnIntIsNoInteger() {
    config.change(json -> json.put("vocab_size", 1L << 40));
    config.assertMessage(
        "Cannot read config.json: vocab_size must be an integer, found 1099511627776");
  }

  @Test
  void headsThatDoNotDivideAreRefused() {
    config.change(json -> json.put("num_attention_heads", 15));
    config.assertMessage(
        "Cannot build encoder: num_attention_heads must divide hidden_size 1024, found 15");
  }

  @Test
  void aPaddingBeyondThePositionsIsRefused() {
    config.change(json -> json.put("model_type", "roberta").put("pad_token_id", 511));
    config.assertMessage("Cannot build encoder: 512 positions leave no room after 512");
    config.change(json -> json.put("pad_token_id", Integer.MAX_VALUE));
    config.assertMessage("Cannot build encoder: 512 positions leave no room after -2147483648");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1e-5, 1})
  void anEpsilonOutsideOfZeroAndOneIsRefused(double epsilon) {
    config.change(json -> json.put("layer_norm_eps", epsilon));
    config.assertMessage(
        "Cannot build encoder: layer_norm_eps must be between 0 and 1, found " + epsilon);
  }

  @Test
  void missingAndWrongValuesAreNamed() {
    config.change(json -> json.remove("hidden_size"));
    config.assertMessage("Cannot read config.json: hidden_size is missing");
    config.change(json -> json.put("hidden_size", "1024"));
    config.assertMessage("Cannot read config.json: hidden_size must be an integer, found \"1024\"");
    config.change(json -> json.put("hidden_size", 1024.5));
    config.assertMessage("Cannot read config.json: hidden_size must be an integer, found 1024.5");
    config.change(json -> json.put("model_type", 7));
    config.assertMessage("Cannot read config.json: model_type must be a string, found 7");
    config.change(json -> json.put("model_type", "bert").put("hidden_size", 1024));
    config.change(json -> json.put("layer_norm_eps", "klein"));
    config.assertMessage(
        "Cannot read config.json: layer_norm_eps must be a number, found \"klein\"");
  }

  @Test
  void quantizedWeightsAreRefused() {
    config.change(json -> json.putObject("quantization_config").put("bits", 4));
    config.assertRefused("quantization_config must be null, found '{\"bits\":4}'");
  }

  private EncoderShape shape() {
    return config.read().shape();
  }
}
