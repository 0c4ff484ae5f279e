package org.sparkgbert.convert;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sparkgbert.convert.encoder.ConfigFile;

/**
 * What {@code config.json} says about vectors that may be cut.
 *
 * <p><b>Source:</b> Kusupati et al., "Matryoshka Representation Learning", 2022; the keys are those
 * that vLLM and SGLang read.
 */
final class MatryoshkaDimensions {
  private static final String LIST = "matryoshka_dimensions";
  private static final String FLAG = "is_matryoshka";

  private MatryoshkaDimensions() {}

  /**
   * The dimensions that the model was trained for.
   *
   * @return empty if the file says nothing of them; an empty list if the model was trained for
   *     beginnings of vectors, and the file does not list their lengths
   * @throws IllegalArgumentException if a value is of another type
   */
  static Optional<List<Integer>> of(ConfigFile file) {
    boolean isTrained = file.flag(FLAG, false);
    if (!file.has(LIST)) {
      return isTrained ? Optional.of(List.of()) : Optional.empty();
    }
    JsonNode values = file.values().get(LIST);
    List<Integer> dimensions = new ArrayList<>();
    for (JsonNode value : values) {
      if (!value.isIntegralNumber() || !value.canConvertToInt() || value.asInt() < 1) {
        throw refused(file, values);
      }
      dimensions.add(value.asInt());
    }
    if (!values.isArray()) {
      throw refused(file, values);
    }
    return dimensions.isEmpty() && !isTrained ? Optional.empty() : Optional.of(dimensions);
  }

  private static IllegalArgumentException refused(ConfigFile file, JsonNode found) {
    return new IllegalArgumentException(
        "Cannot read %s: %s must be a list of positive integers, found %s"
            .formatted(file.file(), LIST, found));
  }
}
