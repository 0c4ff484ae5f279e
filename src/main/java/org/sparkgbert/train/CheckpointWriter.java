package org.sparkgbert.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.sparkgbert.convert.checkpoint.SafetensorsWriter;
import org.sparkgbert.convert.checkpoint.WeightFiles;
import org.sparkgbert.convert.checkpoint.Weights;
import org.sparkgbert.convert.graph.Pooling;

/**
 * Writes a trained encoder in the layout of sentence-transformers: its files at the root, and those
 * of pooling in {@code 1_Pooling}. {@code tokenizer.json} says all of the tokenizer, and {@code
 * tokenizer_config.json} names the class that takes it as it is.
 *
 * <p><b>Source:</b> what sentence-transformers 6.2 and transformers 5.24 save and read.
 *
 * @param model what was trained
 */
record CheckpointWriter(PreparedModel model) {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String WEIGHTS = "model.safetensors";
  private static final String TOKENIZER_CLASS = "PreTrainedTokenizerFast";
  private static final Map<String, String> CLASSES =
      Map.of(
          "bert", "BertModel",
          "roberta", "RobertaModel",
          "xlm-roberta", "XLMRobertaModel",
          "camembert", "CamembertModel");
  private static final Set<String> OF_OTHER_FILES =
      Set.of("auto_map", "_name_or_path", "name_or_path", "_commit_hash", "torch_dtype");

  /**
   * Writes all files.
   *
   * @param directory exists
   * @param best directory with the encoder's weights in {@code model.safetensors}
   */
  void write(Path directory, Path best) throws IOException {
    writeWeights(directory.resolve(WEIGHTS), best);
    write(directory.resolve("config.json"), config());
    write(directory.resolve("tokenizer.json"), model.tokenizer());
    write(directory.resolve("tokenizer_config.json"), tokenizerConfig());
    write(directory.resolve("modules.json"), modules());
    ObjectNode sentence = JSON.createObjectNode();
    sentence.put("max_seq_length", model.maxSeqLength()).put("do_lower_case", false);
    write(directory.resolve("sentence_bert_config.json"), sentence);
    write(directory.resolve("config_sentence_transformers.json"), prompts());
    write(
        Files.createDirectories(directory.resolve("1_Pooling")).resolve("config.json"), pooling());
    if (model.checkpoint().isNormalized()) {
      Files.createDirectories(directory.resolve("2_Normalize"));
      write(directory.resolve("2_Normalize/config.json"), JSON.createObjectNode());
    }
  }

  /** The encoder's, and the pooler as it was. */
  private void writeWeights(Path file, Path best) throws IOException {
    Map<String, long[]> pooler = model.checkpoint().pooler();
    try (Weights trained = WeightFiles.open(best)) {
      Map<String, long[]> shapes = new LinkedHashMap<>();
      trained.names().forEach(name -> shapes.put(name, trained.info(name).shape()));
      shapes.putAll(pooler);
      SafetensorsWriter.write(
          file,
          shapes,
          name ->
              pooler.containsKey(name)
                  ? model.checkpoint().floats(name, pooler.get(name))
                  : trained.floats(name));
    }
  }

  private ObjectNode config() {
    ObjectNode config = model.checkpoint().config();
    config.remove(OF_OTHER_FILES);
    String type = config.path("model_type").asText();
    config.putArray("architectures").add(CLASSES.get(type));
    config.put("num_hidden_layers", model.layers().size());
    config.put("vocab_size", model.specification().shape().vocabulary());
    config.put("dtype", "float32");
    config.put("tokenizer_class", TOKENIZER_CLASS);
    for (String key : List.copyOf(names(config))) {
      JsonNode id = config.get(key);
      if (key.endsWith("_token_id") && id.isInt()) {
        OptionalInt now = model.newId(id.asInt());
        if (now.isPresent()) {
          config.put(key, now.getAsInt());
        } else {
          config.remove(key);
        }
      }
    }
    return config;
  }

  private static Set<String> names(ObjectNode object) {
    Set<String> names = new HashSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private ObjectNode tokenizerConfig() {
    Set<String> known = tokens(model.tokenizer());
    ObjectNode config = JSON.createObjectNode();
    config.put("tokenizer_class", TOKENIZER_CLASS);
    config.put("model_max_length", model.maxSeqLength());
    config.put("clean_up_tokenization_spaces", false);
    config.putArray("model_input_names").add("input_ids").add("attention_mask");
    model
        .checkpoint()
        .specialTokens()
        .forEach(
            (name, token) -> {
              if (known.contains(token)) {
                config.put(name, token);
              }
            });
    return config;
  }

  private static Set<String> tokens(ObjectNode tokenizer) {
    Set<String> tokens = new HashSet<>();
    JsonNode vocabulary = tokenizer.path("model").path("vocab");
    if (vocabulary.isArray()) {
      vocabulary.forEach(piece -> tokens.add(piece.get(0).asText()));
    } else {
      vocabulary.fieldNames().forEachRemaining(tokens::add);
    }
    tokenizer.path("added_tokens").forEach(token -> tokens.add(token.path("content").asText()));
    return tokens;
  }

  private ArrayNode modules() {
    ArrayNode modules = JSON.createArrayNode();
    addModule(modules, "Transformer", "");
    addModule(modules, "Pooling", "1_Pooling");
    if (model.checkpoint().isNormalized()) {
      addModule(modules, "Normalize", "2_Normalize");
    }
    return modules;
  }

  private static void addModule(ArrayNode modules, String type, String path) {
    modules
        .addObject()
        .put("idx", modules.size() - 1)
        .put("name", String.valueOf(modules.size() - 1))
        .put("path", path)
        .put("type", "sentence_transformers.models." + type);
  }

  private ObjectNode pooling() {
    boolean isMean = model.checkpoint().pooling() == Pooling.MEAN;
    return JSON.createObjectNode()
        .put("word_embedding_dimension", model.specification().shape().hiddenSize())
        .put("pooling_mode_cls_token", !isMean)
        .put("pooling_mode_mean_tokens", isMean)
        .put("pooling_mode_max_tokens", false)
        .put("pooling_mode_mean_sqrt_len_tokens", false)
        .put("include_prompt", true);
  }

  private ObjectNode prompts() {
    ObjectNode before = model.checkpoint().sentenceConfig().orElseGet(JSON::createObjectNode);
    ObjectNode config = JSON.createObjectNode();
    config.set(
        "prompts",
        before.path("prompts").isObject() ? before.get("prompts") : JSON.createObjectNode());
    config.set(
        "default_prompt_name",
        before.has("default_prompt_name") ? before.get("default_prompt_name") : JSON.nullNode());
    config.put("similarity_fn_name", "cosine");
    return config;
  }

  private static void write(Path file, JsonNode json) throws IOException {
    Files.writeString(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
  }
}
