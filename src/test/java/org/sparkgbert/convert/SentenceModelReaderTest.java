package org.sparkgbert.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.convert.ImportRequest.Overrides;
import org.sparkgbert.convert.graph.ElementType;
import org.sparkgbert.convert.graph.Pooling;
import org.sparkgbert.model.Bundle;

class SentenceModelReaderTest {
  private static final String TRANSFORMER = module("sentence_transformers.models.Transformer", "");
  private static final String POOLING = module("sentence_transformers.models.Pooling", "1_Pooling");
  private static final String NORMALIZE =
      module("sentence_transformers.models.Normalize", "2_Normalize");

  @TempDir Path folder;
  private Path checkpoint;
  private Path pooling;

  @BeforeEach
  void copy() {
    checkpoint = TestCheckpoints.copy("dense", folder.resolve("checkpoint"));
    pooling = checkpoint.resolve("1_Pooling/config.json");
  }

  @Test
  void withoutModulesItIsTheMeanWithoutNormalization() throws IOException {
    Files.delete(checkpoint.resolve("modules.json"));
    SentenceModel model = TestCheckpoints.read(checkpoint);
    assertThat(model.head().pooling()).containsExactly(Pooling.MEAN);
    assertThat(model.head().normalize()).isFalse();
    assertThat(model.head().dense()).isEmpty();
    assertThat(model.notes()).contains("no modules.json: mean pooling, no normalization");
  }

  @Test
  void aMissingConfigIsSaid() throws IOException {
    Files.delete(checkpoint.resolve("config.json"));
    assertRefused("Cannot import %s: it has no config.json".formatted(checkpoint));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sentence_transformers.models.WordEmbeddings",
        "sentence_transformers.models.LSTM",
        "custom_st.Pooling",
        "Pooling",
        "",
      })
  void aModuleThatNobodyKnowsIsRefusedByName(String type) throws IOException {
    modules(TRANSFORMER, module(type, "1_Pooling"));
    assertRefused("Cannot import model: its module %s is not supported".formatted(type));
  }

  @Test
  void modulesInAnotherOrderAreRefused() throws IOException {
    String rule =
        "Cannot import model: its modules must be Transformer, Pooling, any number of Dense, and"
            + " optionally Normalize, found ";
    modules(
        TRANSFORMER, POOLING, NORMALIZE, module("sentence_transformers.models.Dense", "2_Dense"));
    assertRefused(rule + "[Transformer, Pooling, Normalize, Dense]");
    modules(TRANSFORMER, POOLING, POOLING);
    assertRefused(rule + "[Transformer, Pooling, Pooling]");
    modules(TRANSFORMER);
    assertRefused(rule + "[Transformer]");
    Files.writeString(checkpoint.resolve("modules.json"), "{}");
    assertRefused("Cannot read modules.json: it must be a list, found OBJECT");
    Files.writeString(checkpoint.resolve("modules.json"), "[]");
    assertRefused(rule + "[]");
  }

  @Test
  void aModuleThatIsNoObjectIsRefused() throws IOException {
    modules("7");
    assertRefused("Cannot read modules.json: it must be an object, found NUMBER");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../..", "1_Pooling/../../elsewhere", "/etc"})
  void aModuleOutsideOfTheCheckpointIsRefused(String path) throws IOException {
    modules(TRANSFORMER, module("sentence_transformers.models.Pooling", path));
    assertThatThrownBy(() -> TestCheckpoints.read(checkpoint))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot import %s: '%s/config.json' leads out of it", checkpoint, path);
    modules(module("sentence_transformers.models.Transformer", path), POOLING);
    assertThatThrownBy(() -> TestCheckpoints.read(checkpoint))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot import %s: '%s' leads out of it", checkpoint, path);
  }

  @Test
  void theTransformerMayHaveADirectoryOfItsOwn() throws IOException {
    modules(module("sentence_transformers.models.Transformer", "0_Transformer"), POOLING);
    TestCheckpoints.copy("pooling-cls", checkpoint.resolve("0_Transformer"));
    TestCheckpoints.edit(
        checkpoint.resolve("0_Transformer/sentence_bert_config.json"),
        json -> json.put("max_seq_length", 11));
    SentenceModel model = TestCheckpoints.read(checkpoint);
    assertThat(model.encoder().shape().hiddenSize()).isEqualTo(16);
    assertThat(model.maxSeqLength()).isEqualTo(11);
    assertThat(model.transformer().directory().getFileName()).hasToString("0_Transformer");
  }

  @ParameterizedTest
  @CsvSource({"cls, CLS", "max, MAX", "mean, MEAN", "Mean_sqrt_len_tokens, MEAN_SQRT_LEN"})
  void aPoolingModeInWordsCountsMoreThanTheFlags(String mode, Pooling expected) {
    TestCheckpoints.edit(pooling, json -> json.put("pooling_mode", mode));
    assertThat(TestCheckpoints.read(checkpoint).head().pooling()).containsExactly(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lasttoken", "weightedmean_tokens"})
  void otherPoolingIsRefusedByName(String mode) {
    TestCheckpoints.edit(pooling, json -> json.put("pooling_mode_" + mode, true));
    assertRefused(
        "Cannot import model: in 1_Pooling/config.json pooling_mode_%s must be false, found true"
            .formatted(mode));
    TestCheckpoints.edit(pooling, json -> json.put("pooling_mode", mode));
    assertRefused(
        ("Cannot import model: in 1_Pooling/config.json pooling_mode must be cls, max, mean or"
                + " mean_sqrt_len_tokens, found \"%s\"")
            .formatted(mode));
  }

  @Test
  void poolingWithoutAnyModeIsRefused() {
    TestCheckpoints.edit(pooling, json -> json.put("pooling_mode_mean_tokens", false));
    assertRefused(
        "Cannot import model: in 1_Pooling/config.json a pooling mode must be true, found none");
  }

  @Test
  void aFlagThatIsNoFlagIsRefused() {
    TestCheckpoints.edit(pooling, json -> json.put("pooling_mode_cls_token", "ja"));
    assertRefused(
        "Cannot read 1_Pooling/config.json: pooling_mode_cls_token must be true or false, found"
            + " \"ja\"");
  }

  @Test
  void severalPoolingModesKeepTheirOrder() {
    TestCheckpoints.edit(pooling, json -> json.putArray("pooling_mode").add("mean").add("cls"));
    assertRefused("Cannot add dense layer: it takes vectors of 32, found 64");
    Path alone = TestCheckpoints.copy("pooling-cls", folder.resolve("alone"));
    TestCheckpoints.edit(
        alone.resolve("1_Pooling/config.json"),
        json -> json.removeAll().putArray("pooling_mode").add("mean").add("cls"));
    assertThat(TestCheckpoints.read(alone).head().pooling())
        .containsExactly(Pooling.MEAN, Pooling.CLS);
    TestCheckpoints.edit(pooling, json -> json.putArray("pooling_mode"));
    assertRefused(
        "Cannot import model: in 1_Pooling/config.json pooling_mode must name a mode, found []");
    TestCheckpoints.edit(pooling, json -> json.putArray("pooling_mode").add("max").add("max"));
    assertRefused("Cannot pool tokens: a pooling mode must be named once, found [MAX, MAX]");
  }

  /** Version 5 takes the mean too, version 6 does not. */
  @Test
  void aFlagWhoseDefaultHasChangedMustBeThere() {
    TestCheckpoints.edit(
        pooling,
        json -> {
          json.remove("pooling_mode_mean_tokens");
          json.put("pooling_mode_cls_token", true);
        });
    assertRefused(
        "Cannot import model: in 1_Pooling/config.json pooling_mode_mean_tokens must be there,"
            + " since its default has changed, found none");
    TestCheckpoints.edit(pooling, json -> json.removeAll());
    assertThat(TestCheckpoints.read(checkpoint).head().pooling()).containsExactly(Pooling.MEAN);
  }

  @Test
  void poolingWithoutThePromptIsRefusedWhereThereIsAPrompt() {
    TestCheckpoints.edit(pooling, json -> json.put("include_prompt", false));
    assertThat(imported(Optional.empty()).manifest().prompt()).isEmpty();
    assertPromptRefused(Optional.of("Frage: "), "Frage: ");
    prompts("query", "query: ");
    assertPromptRefused(Optional.empty(), "query: ");
    assertThat(imported(Optional.of("")).manifest().prompt()).isEmpty();
  }

  private void assertPromptRefused(Optional<String> wish, String prompt) {
    assertThatThrownBy(() -> imported(wish))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot import model: pooling leaves the prompt out (include_prompt false in the"
                + " config.json of Pooling), which is not supported with a prompt, found '%s'",
            prompt);
  }

  private Bundle imported(Optional<String> prompt) {
    Overrides overrides =
        new Overrides(prompt, Optional.empty(), Optional.empty(), List.of(), false);
    Path output = folder.resolve("bundle-" + prompt.orElse("").length());
    return TestCheckpoints.imported(checkpoint, output, ElementType.FLOAT32, overrides);
  }

  @Test
  void onlyTheDefaultPromptIsTaken() {
    prompts(null, "query: ");
    assertThat(TestCheckpoints.read(checkpoint).prompt()).isEmpty();
    prompts("query", "Anfrage: ");
    assertThat(TestCheckpoints.read(checkpoint).prompt()).isEqualTo("Anfrage: ");
    prompts("passage", "Anfrage: ");
    assertRefused("Cannot import model: config_sentence_transformers.json has no prompt 'passage'");
  }

  @Test
  void lowerCasingIsReadOfTheTransformer() {
    assertThat(TestCheckpoints.read(checkpoint).lowerCase()).isFalse();
    TestCheckpoints.edit(
        checkpoint.resolve("sentence_bert_config.json"), json -> json.put("do_lower_case", true));
    assertThat(TestCheckpoints.read(checkpoint).lowerCase()).isTrue();
  }

  private void prompts(String defaultName, String query) {
    TestCheckpoints.edit(
        checkpoint.resolve("config_sentence_transformers.json"),
        json -> {
          json.put("default_prompt_name", defaultName);
          json.putObject("prompts").put("query", query);
        });
  }

  private void modules(String... modules) throws IOException {
    Files.writeString(checkpoint.resolve("modules.json"), List.of(modules).toString());
  }

  private static String module(String type, String path) {
    return "{\"type\": \"%s\", \"path\": \"%s\"}".formatted(type, path);
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> TestCheckpoints.read(checkpoint))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
