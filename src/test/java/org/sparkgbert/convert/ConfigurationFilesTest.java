package org.sparkgbert.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.util.RawValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.TinyModel;
import org.sparkgbert.convert.ImportRequest.Overrides;
import org.sparkgbert.convert.graph.ElementType;
import org.sparkgbert.convert.graph.Pooling;
import org.sparkgbert.encode.SentenceEncoder;
import org.sparkgbert.model.Bundle;

/**
 * Every key of every configuration file of a checkpoint is honoured, known to be harmless, or
 * refused in one line that names file and key.
 */
class ConfigurationFilesTest {
  private static final String ELSE =
      "; delete it if it does not, else import a ready ONNX file: jobs/import-model.sh MODEL.onnx";
  private static final List<String> TEXTS =
      List.of("Der Zug fährt heute von Gleis 7 ab.", "Der Hund bellt. ".repeat(12));

  @TempDir Path folder;
  private Path checkpoint;

  @BeforeEach
  void copy() {
    checkpoint = TestCheckpoints.copy("dense", folder.resolve("checkpoint"));
    TestCheckpoints.edit(
        checkpoint.resolve("sentence_bert_config.json"), json -> json.put("max_seq_length", 20));
  }

  @ParameterizedTest
  @CsvSource({
    "config.json",
    "config_sentence_transformers.json",
    "sentence_bert_config.json",
    "1_Pooling/config.json",
    "2_Dense/config.json",
    "3_Normalize/config.json"
  })
  void anUnknownKeyIsRefusedByName(String file) {
    put(file, "Lärm", "[1,2]");
    assertRefused(
        "in %s the key 'Lärm' is unknown and may change vectors, found '[1,2]'%s"
            .formatted(file, ELSE));
  }

  @Test
  void anUnknownKeyOfAModuleIsRefusedByName() throws IOException {
    Path modules = checkpoint.resolve("modules.json");
    Files.writeString(
        modules, Files.readString(modules).replaceFirst("\"idx\": 0", "\"gewicht\": 2"));
    assertRefused(
        "in modules.json the key 'gewicht' is unknown and may change vectors, found '2'" + ELSE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2_Dense/config.json | module_input_name | \"token_embeddings\" | sentence_embedding",
        "2_Dense/config.json | module_output_name | \"other\" | sentence_embedding",
        "2_Dense/config.json | init_weight | [1] | null",
        "3_Normalize/config.json | module_input_name | \"token_embeddings\" | sentence_embedding",
        "3_Normalize/config.json | module_output_name | \"other\" | sentence_embedding",
        "config_sentence_transformers.json | model_type | \"CrossEncoder\" | SentenceTransformer",
        "config_sentence_transformers.json | model_type | \"SparseEncoder\" | SentenceTransformer",
        "config_sentence_transformers.json | model_type | null | SentenceTransformer",
        "sentence_bert_config.json | transformer_task | \"fill-mask\" | feature-extraction",
        "sentence_bert_config.json | module_output_name | \"scores\" | token_embeddings",
        "sentence_bert_config.json | query_length | 8 | null",
        "sentence_bert_config.json | document_length | 8 | null",
        "sentence_bert_config.json | query_expansion | {} | null",
        "sentence_bert_config.json | tokenizer_name_or_path | \"bert\" | null",
        "config.json | is_decoder | true | false",
        "config.json | add_cross_attention | true | false",
        "config.json | is_encoder_decoder | true | false",
        "config.json | position_embedding_type | \"relative_key\" | absolute",
        "config.json | pruned_heads | {\"0\":[1]} | {}",
        "config.json | quantization_config | {} | null",
      })
  void aValueThatChangesVectorsIsRefused(String file, String key, String value, String supported) {
    put(file, key, value);
    assertRefused(
        "in %s %s must be %s, found '%s'"
            .formatted(file, key, supported, value.replaceAll("^\"|\"$", "")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tokenizer_args | {\"do_lower_case\": true} | do_lower_case | true",
        "tokenizer_args | {\"model_max_length\": 8} | model_max_length | 8",
        "processor_kwargs | {\"use_fast\": false} | use_fast | false",
        "model_args | {\"add_pooling_layer\": false} | add_pooling_layer | false",
        "model_kwargs | {\"variant\": \"fp16\"} | variant | fp16",
        "config_args | {\"hidden_act\": \"relu\"} | hidden_act | relu",
        "config_kwargs | {\"num_hidden_layers\": 1} | num_hidden_layers | 1",
        "processing_kwargs | {\"text\": {\"max_length\": 8}} | text | {\"max_length\":8}",
        "modality_config | {\"message\": {}} | message | {}",
      })
  void whatTheLibraryWouldBeToldIsRefused(String key, String value, String inner, String found) {
    put("sentence_bert_config.json", key, value);
    assertRefused(
        "in sentence_bert_config.json, %s the key '%s' is unknown and may change vectors, found '%s'%s"
            .formatted(key, inner, found, ELSE));
  }

  @Test
  void anotherLayerThanTheLastIsRefused() {
    put("sentence_bert_config.json", "module_output_name", "\"token_embeddings\"");
    put(
        "sentence_bert_config.json",
        "modality_config",
        "{\"text\":{\"method\":\"forward\",\"method_output_name\":[\"hidden_states\",-2]}}");
    assertRefused(
        "in sentence_bert_config.json, modality_config, text method_output_name must be"
            + " last_hidden_state or [last_hidden_state], found '[\"hidden_states\",-2]'");
  }

  @Test
  void whatSetsNothingChangesNothing() {
    float[][] before = encoded();
    for (String key : List.of("model_args", "tokenizer_args", "config_args", "processing_kwargs")) {
      put("sentence_bert_config.json", key, "{}");
    }
    put("sentence_bert_config.json", "model_kwargs", "{\"dtype\": \"bfloat16\"}");
    put("sentence_bert_config.json", "unpad_inputs", "true");
    put("config_sentence_transformers.json", "similarity_fn_name", "\"manhattan\"");
    put("config_sentence_transformers.json", "requirements", "[\"sentence-transformers>=6\"]");
    put("config_sentence_transformers.json", "default_prompt_name", "\"document\"");
    put("config_sentence_transformers.json", "truncate_dim", "1000");
    put("config.json", "torch_dtype", "\"float16\"");
    put("config.json", "output_hidden_states", "true");
    put("config.json", "hidden_dropout_prob", "0.9");
    put("config.json", "chunk_size_feed_forward", "1");
    put("config.json", "auto_map", "{\"AutoModel\": \"modeling_bert.BertModel\"}");
    put("1_Pooling/config.json", "include_prompt", "false");
    put("2_Dense/config.json", "module_output_name", "null");
    put("2_Dense/config.json", "use_residual", "false");
    put("3_Normalize/config.json", "module_input_name", "\"sentence_embedding\"");
    assertThat(encoded()).isDeepEqualTo(before);
    assertThat(TestCheckpoints.read(checkpoint).notes())
        .containsExactly(
            "code that config.json names in auto_map is not run",
            "truncate_dim: embeddings have 24 elements");
  }

  @Test
  void withoutModulesOtherSettingsAreNotRead() throws IOException {
    Files.delete(checkpoint.resolve("modules.json"));
    put("config_sentence_transformers.json", "truncate_dim", "4");
    put("config_sentence_transformers.json", "default_prompt_name", "\"none\"");
    SentenceModel model = TestCheckpoints.read(checkpoint);
    assertThat(model.head().dimension(32)).isEqualTo(32);
    assertThat(model.head().pooling()).containsExactly(Pooling.MEAN);
    assertThat(model.maxSeqLength()).isEqualTo(40);
    assertThat(model.prompt()).isEmpty();
    assertThat(model.notes())
        .contains(
            "no modules.json: sentence_bert_config.json is not read",
            "no modules.json: config_sentence_transformers.json is not read");
  }

  /** Version 6 pools the last token, or turns texts into messages. */
  @Test
  void withoutModulesAModelOfAnotherUseIsRefused() throws IOException {
    Files.delete(checkpoint.resolve("modules.json"));
    put("tokenizer_config.json", "chat_template", "\"{{ messages }}\"");
    assertRefused(
        "without modules.json, a chat_template (in tokenizer_config.json or chat_template.jinja)"
            + " changes texts, which is not supported");
    put("tokenizer_config.json", "chat_template", "null");
    put("config.json", "architectures", "[\"BertForCausalLM\"]");
    assertRefused(
        "in config.json architectures must not be of text generation where there is no"
            + " modules.json, found BertForCausalLM");
  }

  @ParameterizedTest
  @ValueSource(strings = {"max_len", "model_max_length"})
  void theTokenizersLimitHasTwoNames(String key) throws IOException {
    Files.delete(checkpoint.resolve("sentence_bert_config.json"));
    put("tokenizer_config.json", key, "9");
    assertThat(TestCheckpoints.read(checkpoint).maxSeqLength()).isEqualTo(9);
    put("tokenizer_config.json", "model_max_length", "null");
    assertThat(TestCheckpoints.read(checkpoint).maxSeqLength()).isEqualTo(40);
  }

  @Test
  void anAdapterIsRefusedWithARemedy() {
    put("adapter_config.json", "peft_type", "\"LORA\"");
    assertRefused(
        "adapter_config.json says that the weights are an adapter (LoRA) of another model; merge"
            + " them with merge_and_unload() and save the result, or import a ready ONNX file:"
            + " jobs/import-model.sh MODEL.onnx");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -3})
  void aDimensionBelowOneIsRefused(int dimension) {
    put("config_sentence_transformers.json", "truncate_dim", String.valueOf(dimension));
    assertRefused(
        "in config_sentence_transformers.json truncate_dim must be positive, found " + dimension);
  }

  @Test
  void aTruncatedEmbeddingIsNoUnitVector() {
    put("config_sentence_transformers.json", "truncate_dim", "7");
    float[] whole = encoded()[0];
    Bundle bundle = imported();
    assertThat(whole).hasSize(7);
    assertThat(bundle.manifest().dimension()).isEqualTo(7);
    assertThat(bundle.manifest().normalize()).isFalse();
    put("config_sentence_transformers.json", "truncate_dim", "24");
    assertThat(imported().manifest().normalize()).isTrue();
    assertThat(encoded()[0]).startsWith(whole);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "torch.nn.modules.activation.LeakyReLU",
        "my.modules.ReLU",
        "ReLU",
        "torch.nn.functional.relu",
        "os.system"
      })
  void anotherActivationIsRefusedByItsFullName(String name) {
    put("2_Dense/config.json", "activation_function", "\"" + name + "\"");
    assertRefused("in 2_Dense/config.json activation_function %s is not supported".formatted(name));
  }

  @Test
  void aTensorThatADenseModuleDoesNotKnowIsRefused() throws IOException {
    Path dense = TestCheckpoints.copy("dense-residual", folder.resolve("residual"));
    TestCheckpoints.edit(
        dense.resolve("2_Dense/config.json"), json -> json.put("use_residual", false));
    assertThatThrownBy(() -> TestCheckpoints.read(dense))
        .hasMessage(
            "Cannot import model: the weights of 2_Dense/config.json have unknown tensors, found"
                + " [residual.weight]");
  }

  @Test
  void twoModulesOfOneNameAreRefused() throws IOException {
    Path modules = checkpoint.resolve("modules.json");
    Files.writeString(
        modules, Files.readString(modules).replace("\"name\": \"3\"", "\"name\": \"2\""));
    assertRefused("in modules.json names must differ, found '2' twice");
  }

  @ParameterizedTest
  @CsvSource({
    "sentence_transformers.models.Pooling, true",
    "sentence_transformers.models.Pooling.Pooling, true",
    "sentence_transformers.models.pooling.Pooling, true",
    "sentence_transformers.sentence_transformer.modules.pooling.Pooling, true",
    "sentence_transformers.base.modules.dense.Dense, true",
    "sentence_transformers.base.modules.Transformer, true",
    "sentence_transformers.sparse_encoder.modules.Pooling, false",
    "sentence_transformers.models.LSTM.Pooling, false",
    "sentence_transformers.models.Dropout, false",
    "my.sentence_transformers.models.Pooling, false",
  })
  void aModuleIsKnownByItsFullName(String type, boolean known) {
    assertThat(ModuleType.of(type).isPresent()).isEqualTo(known);
  }

  @Test
  void moreTokenIdsThanEmbeddingsAreRefusedWithBothNumbers() throws IOException {
    Path vocabulary = checkpoint.resolve("vocab.txt");
    long ids = Files.readAllLines(vocabulary).size();
    Files.writeString(vocabulary, Files.readString(vocabulary) + "Quark\nKäse\n");
    assertThatThrownBy(this::imported)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot import model: its tokenizer must give at most as many ids as the model has"
                + " token embeddings, found %d ids and %d embeddings; resize the model's embeddings"
                + " or remove the tokens that were added",
            ids + 2, ids);
  }

  private void put(String file, String key, String value) {
    try {
      Path path = checkpoint.resolve(file);
      Files.createDirectories(path.getParent());
      TestCheckpoints.edit(path, json -> json.putRawValue(key, new RawValue(value)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Bundle imported() {
    return TestCheckpoints.imported(
        checkpoint, folder.resolve("bundle"), ElementType.FLOAT32, Overrides.NONE);
  }

  private float[][] encoded() {
    try (SentenceEncoder encoder = SentenceEncoder.open(imported(), TinyModel.settings())) {
      return encoder.encode(TEXTS);
    }
  }

  private void assertRefused(String rule) {
    assertThatThrownBy(() -> TestCheckpoints.read(checkpoint))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot import model: " + rule);
  }
}
