package org.sparkgbert.convert.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NeededFilesTest {
  @TempDir Path directory;
  private final Set<String> names = new TreeSet<>();

  private NeededFilesTest with(String file, String content) {
    try {
      Files.writeString(directory.resolve(file), content.replace('\'', '"'));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    names.add(file);
    return this;
  }

  private Set<String> choose() {
    return NeededFiles.choose(names, directory::resolve, name -> new HubException("no " + name));
  }

  private NeededFilesTest bert() {
    return with("config.json", "{}").with("vocab.txt", "");
  }

  @Test
  void vocabIsATokenizer() {
    bert().with("tokenizer_config.json", "{}").with("model.safetensors", "");

    assertThat(choose())
        .containsExactly("config.json", "model.safetensors", "tokenizer_config.json", "vocab.txt");
  }

  @Test
  void sentencepieceIsNeededOnlyWithoutTokenizerJson() {
    bert();
    names.addAll(Set.of("model.safetensors", "sentencepiece.bpe.model"));
    assertThat(choose()).contains("sentencepiece.bpe.model");

    names.add("tokenizer.json");
    assertThat(choose()).contains("tokenizer.json").doesNotContain("sentencepiece.bpe.model");
  }

  @Test
  void bytePairsAreNeededOnlyWithoutTokenizerJson() {
    with("config.json", "{}");
    names.addAll(Set.of("model.safetensors", "vocab.json", "merges.txt", "added_tokens.json"));
    assertThat(choose()).contains("vocab.json", "merges.txt", "added_tokens.json");

    names.add("tokenizer.json");
    assertThat(choose()).contains("tokenizer.json").doesNotContain("vocab.json", "merges.txt");
  }

  @Test
  void shardsAreThoseThatTheIndexNames() {
    bert();
    names.addAll(Set.of("s1.safetensors", "s2.safetensors", "s3.safetensors", "pytorch_model.bin"));
    with(
        "model.safetensors.index.json",
        "{'weight_map': {'a': 's1.safetensors', 'b': 's2.safetensors', 'c': 's1.safetensors'}}");

    assertThat(choose())
        .contains("model.safetensors.index.json", "s1.safetensors", "s2.safetensors")
        .doesNotContain("s3.safetensors", "pytorch_model.bin");
  }

  @Test
  void picklesAreTakenWhereThereIsNothingElse() {
    bert();
    names.add("pytorch_model.bin");
    assertThat(choose()).contains("pytorch_model.bin");

    names.remove("pytorch_model.bin");
    names.addAll(Set.of("p1.bin"));
    with("pytorch_model.bin.index.json", "{'weight_map': {'a': 'p1.bin'}}");
    assertThat(choose()).contains("pytorch_model.bin.index.json", "p1.bin");
  }

  @Test
  void aMissingShardIsAnError() {
    bert().with("model.safetensors.index.json", "{'weight_map': {'a': '../s.safetensors'}}");

    assertThatThrownBy(this::choose).hasMessage("no ../s.safetensors");
  }

  @Test
  void anIndexThatNamesNothingIsAnError() {
    bert().with("model.safetensors.index.json", "{}");

    assertThatThrownBy(this::choose).hasMessage("no what model.safetensors.index.json names");
  }

  @Test
  void theTransformerMayLieInAFolder() {
    with(
        "modules.json",
        "[{'path': '0_Transformer', 'type': 'sentence_transformers.models.Transformer'}]");
    for (String name : Set.of("config.json", "tokenizer.json", "sentence_bert_config.json")) {
      names.add(name);
      names.add("0_Transformer/" + name);
    }
    names.addAll(Set.of("model.safetensors", "0_Transformer/pytorch_model.bin"));

    assertThat(choose())
        .containsExactly(
            "0_Transformer/config.json",
            "0_Transformer/pytorch_model.bin",
            "0_Transformer/sentence_bert_config.json",
            "0_Transformer/tokenizer.json",
            "modules.json");
  }

  @Test
  void modulesBringTheirSettingsAndOneFormOfTheirWeights() {
    bert()
        .with(
            "modules.json",
            "[{'path': '', 'type': 'a.Transformer'}, {'path': '2_Dense', 'type': 'a.Dense'}]");
    names.addAll(
        Set.of(
            "model.safetensors",
            "2_Dense/config.json",
            "2_Dense/model.safetensors",
            "2_Dense/pytorch_model.bin",
            "2_Dense/code.py"));

    assertThat(choose())
        .contains("2_Dense/config.json", "2_Dense/model.safetensors")
        .doesNotContain("2_Dense/pytorch_model.bin", "2_Dense/code.py");
  }

  @Test
  void settingsAndATokenizerAreNeeded() {
    names.add("model.safetensors");
    assertThatThrownBy(this::choose).hasMessage("no config.json");

    names.add("config.json");
    assertThatThrownBy(this::choose).hasMessage("no tokenizer.json or vocab.txt");
  }

  @Test
  void anAdapterIsRefusedWithARemedy() {
    bert();
    names.add("adapter_config.json");
    assertThatThrownBy(this::choose)
        .isInstanceOf(HubException.class)
        .hasMessage(
            "Cannot import this model: adapter_config.json says that its weights are an adapter"
                + " (LoRA) of another model; merge them with merge_and_unload() and save the"
                + " result, or import a ready ONNX file: jobs/import-model.sh MODEL.onnx");
  }

  @Test
  void settingsMayHaveTheirOldNames() {
    bert();
    names.addAll(Set.of("model.safetensors", "sentence_camembert_config.json"));
    assertThat(choose()).contains("sentence_camembert_config.json");
  }

  @Test
  void modulesMustBeJson() {
    bert().with("modules.json", "<html>");
    assertThatThrownBy(this::choose)
        .isInstanceOf(HubException.class)
        .hasMessage("Cannot use modules.json: it must be JSON, found other text");

    with("modules.json", "");
    assertThatThrownBy(this::choose)
        .hasMessage("Cannot use modules.json: it must be JSON, found an empty file");

    with("modules.json", "[".repeat(5000));
    assertThatThrownBy(this::choose)
        .hasMessage("Cannot use modules.json: it must be JSON, found other text");
  }
}
