package org.sparkgbert.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.convert.graph.Pooling;

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
    assertRefused("Cannot import model: pooling_mode_%s is not supported".formatted(mode));
    TestCheckpoints.edit(pooling, json -> json.put("pooling_mode", mode));
    assertRefused("Cannot import model: pooling_mode %s is not supported".formatted(mode));
  }

  @Test
  void poolingWithoutAnyModeIsRefused() {
    TestCheckpoints.edit(pooling, json -> json.put("pooling_mode_mean_tokens", false));
    assertRefused("Cannot pool tokens: no pooling mode is set");
  }

  @Test
  void aFlagThatIsNoFlagIsRefused() {
    TestCheckpoints.edit(pooling, json -> json.put("pooling_mode_cls_token", "ja"));
    assertRefused(
        "Cannot read 1_Pooling/config.json: pooling_mode_cls_token must be true or false, found"
            + " \"ja\"");
  }

  @Test
  void poolingWithoutThePromptIsRefusedWhereThereIsAPrompt() {
    TestCheckpoints.edit(pooling, json -> json.put("include_prompt", false));
    assertThat(TestCheckpoints.read(checkpoint).prompt()).isEmpty();
    prompts("query", "query: ");
    assertRefused(
        "Cannot import model: pooling without the prompt (include_prompt false) is not supported");
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
