package org.sparkgbert.convert.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TensorNamesTest {
  private static final TensorNames NAMES =
      new TensorNames(
          "words.weight",
          "bert.",
          List.of("words.", "layer."),
          List.of("cls.", "pooler.", "words.position_ids", "layer.N.inv_freq"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "bert.",
        "model.",
        "module.",
        "auto_model.",
        "0.auto_model.",
        "module.bert.",
        "auto_model.bert.",
        "module.auto_model.bert."
      })
  void whatStandsBeforeAllNamesIsRecognized(String prefix) {
    assertThat(NAMES.prefixOf(Set.of(prefix + "words.weight", "other"))).isEqualTo(prefix);
  }

  @ParameterizedTest
  @ValueSource(strings = {"encoder.", "bert.bert.", "bert.module.", "xmodule.", "ema."})
  void anotherBeginningIsNoPrefix(String prefix) {
    assertThat(NAMES.prefixOf(Set.of(prefix + "words.weight"))).isEmpty();
  }

  @Test
  void theShortestPrefixCounts() {
    assertThat(NAMES.prefixOf(Set.of("module.bert.words.weight", "bert.words.weight")))
        .isEqualTo("bert.");
  }

  @Test
  void headsAreLeftOutBehindAWrapperToo() {
    assertThat(NAMES.leavesOut("cls.bias")).isTrue();
    assertThat(NAMES.leavesOut("module.cls.bias")).isTrue();
    assertThat(NAMES.leavesOut("bert.pooler.bias")).isTrue();
    assertThat(NAMES.leavesOut("layer.cls.bias")).isFalse();
  }

  @Test
  void aBufferIsKnownByItsWholeName() {
    assertThat(NAMES.leavesOut("module.bert.words.position_ids")).isTrue();
    assertThat(NAMES.leavesOut("words.position_ids_scale")).isFalse();
    assertThat(NAMES.leavesOut("layer.11.inv_freq")).isTrue();
    assertThat(NAMES.leavesOut("layer.11.inv_freq.scale")).isFalse();
    assertThat(NAMES.isOfEncoder("layer.11.inv_freq")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"layer.0.a", "bert.layer.0.a", "module.bert.words.scale"})
  void whatLiesInTheEncoderIsOfTheEncoder(String name) {
    assertThat(NAMES.isOfEncoder(name)).isTrue();
    assertThat(NAMES.isOfEncoder("ema." + name)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "layer.0.a, bert.layer.0.a",
    "module.layer.0.a, layer.0.a",
    "module.bert.layer.0.a, auto_model.layer.0.a",
    "layer.0.LayerNorm.weight, layer.0.LayerNorm.gamma",
    "bert.layer.0.LayerNorm.beta, layer.0.LayerNorm.bias"
  })
  void aTensorOfTheEncoderIsThereOnce(String one, String other) {
    assertThatThrownBy(() -> NAMES.requireOneOfEach(Set.of(one, other), "f"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot import model: f must have one tensor 'layer.0.")
        .hasMessageContainingAll("'" + one + "'", "'" + other + "'");
  }

  @Test
  void whatIsLeftOutMayBeThereTwice() {
    Set<String> names =
        Set.of("cls.bias", "bert.cls.bias", "words.position_ids", "bert.words.position_ids", "a");
    assertThatCode(() -> NAMES.requireOneOfEach(names, "f")).doesNotThrowAnyException();
  }
}
