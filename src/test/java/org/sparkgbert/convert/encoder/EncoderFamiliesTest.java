package org.sparkgbert.convert.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.convert.graph.Encoder;
import org.sparkgbert.convert.graph.EncoderShape;

class EncoderFamiliesTest {
  private final ObjectNode config = JsonMapper.builder().build().createObjectNode();

  @BeforeEach
  void writeConfig() {
    change(
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
    PostNormEncoder encoder = (PostNormEncoder) read();
    assertThat(encoder.embeddings()).isEqualTo(new AbsoluteEmbeddings(shape, 1024, 2, 1e-12));
    assertThat(encoder.epsilon()).isEqualTo(1e-12);
    assertThat(encoder.gelu()).isEqualTo(Gelu.EXACT);
  }

  @ParameterizedTest
  @CsvSource({"xlm-roberta, , 2, 510", "xlm-roberta, 1, 2, 510", "roberta, 0, 1, 511"})
  void robertaCountsPositionsFromBehindThePaddingsId(
      String family, Integer padding, int firstPosition, int tokens) {
    change(json -> json.put("model_type", family).put("pad_token_id", padding));
    assertThat(shape().family()).isEqualTo("xlm-roberta");
    assertThat(shape().firstPosition()).isEqualTo(firstPosition);
    assertThat(shape().maxTokens()).isEqualTo(tokens);
  }

  @Test
  void thePaddingsIdOfBertShiftsNothing() {
    change(json -> json.put("pad_token_id", 3));
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
    change(json -> json.put("hidden_act", activation));
    assertThat(((PostNormEncoder) read()).gelu()).isEqualTo(gelu);
  }

  @ParameterizedTest
  @ValueSource(strings = {"relu", "silu", "gelu_10", "quick_gelu", "GELU", ""})
  void anotherActivationIsRefusedByName(String activation) {
    change(json -> json.put("hidden_act", activation));
    assertRefused("hidden_act must be a kind of gelu, found '%s'".formatted(activation));
  }

  @ParameterizedTest
  @ValueSource(strings = {"distilbert", "mpnet", "deberta-v2", "electra", "t5", "BERT", ""})
  void anotherArchitectureIsRefusedByName(String family) {
    change(json -> json.put("model_type", family));
    assertRefused(
        ("model_type must be one of bert, roberta, xlm-roberta, found '%s';"
                + " of other models import a ready ONNX file: jobs/import-model.sh MODEL.onnx")
            .formatted(family));
  }

  @ParameterizedTest
  @ValueSource(strings = {"relative_key", "relative_key_query"})
  void relativePositionsAreRefused(String positions) {
    change(json -> json.put("position_embedding_type", positions));
    assertRefused("position_embedding_type must be absolute, found '%s'".formatted(positions));
  }

  @Test
  void codeOfItsOwnIsRefused() {
    change(json -> json.putObject("auto_map").put("AutoModel", "modeling_evil.Model"));
    assertRefused("a model must need no code of its own, found 'auto_map'");
  }

  @Test
  void aDecoderIsRefused() {
    change(json -> json.put("is_decoder", true));
    assertRefused("is_decoder must be false, found 'true'");
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
    change(json -> json.put(key, value));
    assertMessage(
        "Cannot build encoder: %s must be from %s, found %d".formatted(key, range, value));
  }

  @Test
  void aSizeBeyondAnIntIsNoInteger() {
    change(json -> json.put("vocab_size", 1L << 40));
    assertMessage("Cannot read config.json: vocab_size must be an integer, found 1099511627776");
  }

  @Test
  void headsThatDoNotDivideAreRefused() {
    change(json -> json.put("num_attention_heads", 15));
    assertMessage(
        "Cannot build encoder: num_attention_heads must divide hidden_size 1024, found 15");
  }

  @Test
  void aPaddingBeyondThePositionsIsRefused() {
    change(json -> json.put("model_type", "roberta").put("pad_token_id", 511));
    assertMessage("Cannot build encoder: 512 positions leave no room after 512");
    change(json -> json.put("pad_token_id", Integer.MAX_VALUE));
    assertMessage("Cannot build encoder: 512 positions leave no room after -2147483648");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1e-5, 1})
  void anEpsilonOutsideOfZeroAndOneIsRefused(double epsilon) {
    change(json -> json.put("layer_norm_eps", epsilon));
    assertMessage("Cannot build encoder: layer_norm_eps must be between 0 and 1, found " + epsilon);
  }

  @Test
  void missingAndWrongValuesAreNamed() {
    change(json -> json.remove("hidden_size"));
    assertMessage("Cannot read config.json: hidden_size is missing");
    change(json -> json.put("hidden_size", "1024"));
    assertMessage("Cannot read config.json: hidden_size must be an integer, found \"1024\"");
    change(json -> json.put("hidden_size", 1024.5));
    assertMessage("Cannot read config.json: hidden_size must be an integer, found 1024.5");
    change(json -> json.put("model_type", 7));
    assertMessage("Cannot read config.json: model_type must be a string, found 7");
    change(json -> json.put("model_type", "bert").put("hidden_size", 1024));
    change(json -> json.put("layer_norm_eps", "klein"));
    assertMessage("Cannot read config.json: layer_norm_eps must be a number, found \"klein\"");
  }

  @Test
  void quantizedWeightsAreRefused() {
    change(json -> json.putObject("quantization_config").put("bits", 4));
    assertRefused("weights must not be quantized, found 'quantization_config'");
  }

  private void change(Consumer<ObjectNode> change) {
    change.accept(config);
  }

  private Encoder read() {
    return EncoderFamilies.read(new ConfigFile("config.json", config));
  }

  private EncoderShape shape() {
    return read().shape();
  }

  private void assertRefused(String rule) {
    assertMessage("Cannot import model: in config.json " + rule);
  }

  private void assertMessage(String message) {
    assertThatThrownBy(this::read).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }
}
