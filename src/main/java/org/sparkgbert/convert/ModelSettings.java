package org.sparkgbert.convert;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.sparkgbert.convert.encoder.ConfigFile;
import org.sparkgbert.convert.encoder.KnownKeys;

/**
 * {@code config_sentence_transformers.json}.
 *
 * <p><b>Source:</b> sentence-transformers 6.2; 5.1 does not read {@code truncate_dim}.
 *
 * @param prompt the default prompt, put before each sentence, possibly empty
 * @param queryPrompt the prompt before questions in a search, empty if there is none
 * @param truncation how many elements of an embedding are kept, if not all are
 */
record ModelSettings(String prompt, String queryPrompt, OptionalInt truncation) {
  static final String FILE = "config_sentence_transformers.json";

  /** The defaults. */
  static final ModelSettings NONE = new ModelSettings("", "", OptionalInt.empty());

  /** Name of the prompt before questions. */
  private static final String QUERY = "query";

  /** Prompts that every model has, empty unless its file says otherwise. */
  private static final List<String> IMPLICIT_PROMPTS = List.of(QUERY, "document");

  private static final KnownKeys KEYS =
      KnownKeys.NONE
          .read("prompts")
          .optional("default_prompt_name", "truncate_dim")
          .only("model_type", "\"SentenceTransformer\"")
          .harmless("__version__", "similarity_fn_name", "requirements");

  /**
   * @throws IllegalArgumentException if a key is unknown, the model is of another kind, or the
   *     default prompt is missing
   */
  static ModelSettings read(ConfigFile file) {
    KEYS.check(file);
    Optional<Integer> truncation = file.optionalInteger("truncate_dim");
    if (truncation.isPresent() && truncation.get() < 1) {
      throw new IllegalArgumentException(
          "Cannot import model: in %s truncate_dim must be positive, found %d"
              .formatted(FILE, truncation.get()));
    }
    return new ModelSettings(
        file.optionalText("default_prompt_name").map(name -> prompt(file, name)).orElse(""),
        file.inside("prompts").flatMap(all -> all.optionalText(QUERY)).orElse(""),
        truncation.isPresent() ? OptionalInt.of(truncation.get()) : OptionalInt.empty());
  }

  private static String prompt(ConfigFile file, String name) {
    Optional<ConfigFile> prompts = file.inside("prompts");
    JsonNode prompt = prompts.map(all -> all.values().get(name)).orElse(null);
    if (prompt == null && !IMPLICIT_PROMPTS.contains(name)) {
      throw new IllegalArgumentException(
          "Cannot import model: %s has no prompt '%s'".formatted(FILE, name));
    }
    return prompts.flatMap(all -> all.optionalText(name)).orElse("");
  }
}
