package org.sparkgbert.convert;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.sparkgbert.convert.encoder.ConfigFile;
import org.sparkgbert.convert.encoder.KnownKeys;
import org.sparkgbert.convert.graph.Pooling;

/**
 * The {@code config.json} of a Pooling module.
 *
 * <p><b>Source:</b> sentence-transformers 5.1 (flags) and 6.2 (names, one or a list).
 *
 * @param modes at least one, in the order in which their vectors are concatenated
 * @param includePrompt whether the prompt's tokens are pooled
 */
record PoolingSettings(List<Pooling> modes, boolean includePrompt) {
  /** The default. */
  static final PoolingSettings MEAN = new PoolingSettings(List.of(Pooling.MEAN), true);

  private static final String FLAG = "pooling_mode_";
  private static final String MEAN_FLAG = FLAG + "mean_tokens";
  private static final List<String> UNSUPPORTED =
      List.of("pooling_mode_weightedmean_tokens", "pooling_mode_lasttoken");
  private static final Map<Pooling, String> FLAGS =
      new EnumMap<>(
          Map.of(
              Pooling.CLS, FLAG + "cls_token",
              Pooling.MAX, FLAG + "max_tokens",
              Pooling.MEAN, MEAN_FLAG,
              Pooling.MEAN_SQRT_LEN, FLAG + "mean_sqrt_len_tokens"));
  private static final KnownKeys KEYS =
      KnownKeys.NONE
          .read("pooling_mode", "include_prompt")
          .read(UNSUPPORTED.toArray(String[]::new))
          .read(FLAGS.values().toArray(String[]::new))
          .harmless("word_embedding_dimension", "embedding_dimension");

  /**
   * @throws IllegalArgumentException if a key is unknown or a mode is not supported
   */
  static PoolingSettings read(ConfigFile file) {
    KEYS.check(file);
    boolean named = file.has("pooling_mode");
    return new PoolingSettings(
        named ? named(file) : byFlags(file), file.flag("include_prompt", true));
  }

  /** Names count more than flags. */
  private static List<Pooling> named(ConfigFile file) {
    JsonNode value = file.values().get("pooling_mode");
    List<Pooling> modes = new ArrayList<>();
    for (JsonNode name : value.isArray() ? value : List.of(value)) {
      modes.add(mode(file, name));
    }
    if (modes.isEmpty()) {
      throw refused(file, "pooling_mode must name a mode", value);
    }
    return modes;
  }

  private static Pooling mode(ConfigFile file, JsonNode name) {
    return switch (name.asText().toLowerCase(Locale.ROOT)) {
      case "cls" -> Pooling.CLS;
      case "max" -> Pooling.MAX;
      case "mean" -> Pooling.MEAN;
      case "mean_sqrt_len_tokens" -> Pooling.MEAN_SQRT_LEN;
      default ->
          throw refused(file, "pooling_mode must be cls, max, mean or mean_sqrt_len_tokens", name);
    };
  }

  private static List<Pooling> byFlags(ConfigFile file) {
    for (String flag : UNSUPPORTED) {
      if (file.flag(flag, false)) {
        throw refused(file, flag + " must be false", true);
      }
    }
    List<Pooling> modes = new ArrayList<>();
    FLAGS.forEach(
        (mode, flag) -> {
          if (file.flag(flag, false)) {
            modes.add(mode);
          }
        });
    if (!file.has(MEAN_FLAG)) {
      if (!modes.isEmpty()) {
        throw refused(file, MEAN_FLAG + " must be there, since its default has changed", "none");
      }
      modes.add(Pooling.MEAN);
    }
    if (modes.isEmpty()) {
      throw refused(file, "a pooling mode must be true", "none");
    }
    return modes;
  }

  private static IllegalArgumentException refused(ConfigFile file, String rule, Object found) {
    return new IllegalArgumentException(
        "Cannot import model: in %s %s, found %s".formatted(file.file(), rule, found));
  }
}
