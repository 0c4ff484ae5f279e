package org.sparkgbert.convert.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Chooses the files that an import needs: settings, tokenizer, one format of the weights, and
 * whatever else {@code modules.json} names. No code, no other framework's weights, no training
 * states.
 */
public final class NeededFiles {
  /** The settings of a Transformer module, and the names that they had; the first one counts. */
  public static final List<String> TRANSFORMER_SETTINGS =
      List.of(
          "sentence_bert_config.json",
          "sentence_roberta_config.json",
          "sentence_distilbert_config.json",
          "sentence_camembert_config.json",
          "sentence_albert_config.json",
          "sentence_xlm-roberta_config.json",
          "sentence_xlnet_config.json");

  static final String MODULES = "modules.json";
  static final String CONFIG = "config.json";

  private static final String ADAPTER = "adapter_config.json";

  private static final List<String> OF_THE_MODEL =
      List.of(MODULES, "config_sentence_transformers.json", ModelCard.FILE);
  private static final List<String> OF_THE_TRANSFORMER =
      List.of(
          "chat_template.jinja",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "added_tokens.json",
          "vocab.txt");
  private static final String TOKENIZER = "tokenizer.json";

  /** Vocabularies that a tokenizer is made of where there is no {@code tokenizer.json}. */
  private static final List<String> VOCABULARIES =
      List.of("sentencepiece.bpe.model", "vocab.json", "merges.txt");

  private static final List<String> WEIGHTS = List.of("model.safetensors", "pytorch_model.bin");
  private static final String INDEX = ".index.json";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Set<String> names;
  private final Function<String, Path> content;
  private final Function<String, HubException> missing;
  private final Set<String> chosen = new TreeSet<>();

  private NeededFiles(
      Set<String> names, Function<String, Path> content, Function<String, HubException> missing) {
    this.names = names;
    this.content = content;
    this.missing = missing;
  }

  /**
   * Chooses the files.
   *
   * @param names all existing files
   * @param content downloads one of them, for the few that name others
   * @param missing the error for a file that an import cannot do without
   * @throws HubException if such a file is missing, or a file that names others cannot be read
   */
  static Set<String> choose(
      Set<String> names, Function<String, Path> content, Function<String, HubException> missing) {
    return new NeededFiles(names, content, missing).choose();
  }

  private Set<String> choose() {
    addPresent("", OF_THE_MODEL);
    String transformer = "";
    for (JsonNode module : names.contains(MODULES) ? read(MODULES) : List.<JsonNode>of()) {
      String folder = folder(module.path("path").asText());
      if (module.path("type").asText().endsWith(".Transformer")) {
        transformer = folder;
      } else if (!folder.isEmpty()) {
        addModule(folder);
      }
    }
    addTransformer(transformer);
    return chosen;
  }

  private static String folder(String path) {
    return path.isEmpty() || path.endsWith("/") ? path : path + "/";
  }

  private void addModule(String folder) {
    addPresent(folder, List.of(CONFIG));
    WEIGHTS.stream().map(folder::concat).filter(names::contains).findFirst().ifPresent(chosen::add);
  }

  private void addTransformer(String folder) {
    if (names.contains(folder + ADAPTER) || names.contains(ADAPTER)) {
      throw new HubException(
          ("Cannot import this model: %s says that its weights are an adapter (LoRA) of another"
                  + " model; merge them with merge_and_unload() and save the result, or import a"
                  + " ready ONNX file: jobs/import-model.sh MODEL.onnx")
              .formatted(ADAPTER));
    }
    addRequired(folder + CONFIG);
    addWeights(folder);
    addPresent(folder, TRANSFORMER_SETTINGS);
    addPresent(folder, OF_THE_TRANSFORMER);
    addPresent(folder, names.contains(folder + TOKENIZER) ? List.of(TOKENIZER) : VOCABULARIES);
    boolean hasTokenizer =
        List.of(TOKENIZER, "vocab.txt", "sentencepiece.bpe.model", "vocab.json").stream()
            .map(folder::concat)
            .anyMatch(chosen::contains);
    if (!hasTokenizer) {
      throw missing.apply(folder + TOKENIZER + " or vocab.txt");
    }
  }

  private void addWeights(String folder) {
    for (String name : WEIGHTS) {
      if (names.contains(folder + name)) {
        chosen.add(folder + name);
        return;
      }
      if (names.contains(folder + name + INDEX)) {
        addShards(folder, name + INDEX);
        return;
      }
    }
    throw missing.apply(folder + String.join(" or ", WEIGHTS));
  }

  private void addShards(String folder, String index) {
    chosen.add(folder + index);
    JsonNode shards = read(folder + index).path("weight_map");
    if (shards.isEmpty()) {
      throw missing.apply("what " + folder + index + " names");
    }
    shards.forEach(shard -> addRequired(folder + shard.asText()));
  }

  private void addPresent(String folder, List<String> wanted) {
    wanted.stream().map(folder::concat).filter(names::contains).forEach(chosen::add);
  }

  private void addRequired(String name) {
    if (!names.contains(name)) {
      throw missing.apply(RemoteFile.printable(name));
    }
    chosen.add(name);
  }

  /**
   * Checks a file that names others before it is read.
   *
   * @throws HubException if it is too long to be read
   */
  static void checkReadable(String name, long size) {
    if (size > HubApi.LONGEST_RESPONSE) {
      throw new HubException(
          "Cannot use %s: it must have at most %d bytes, found %d"
              .formatted(name, HubApi.LONGEST_RESPONSE, size));
    }
  }

  private JsonNode read(String name) {
    Path file = content.apply(name);
    try {
      checkReadable(name, Files.size(file));
      JsonNode json = JSON.readTree(file.toFile());
      if (!json.isContainerNode()) {
        throw new HubException("Cannot use " + name + ": it must be JSON, found an empty file");
      }
      return json;
    } catch (JsonProcessingException e) {
      throw new HubException("Cannot use " + name + ": it must be JSON, found other text", e);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file + ": " + e, e);
    }
  }
}
