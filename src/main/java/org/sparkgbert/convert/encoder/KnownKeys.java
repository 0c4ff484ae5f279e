package org.sparkgbert.convert.encoder;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.sparkgbert.convert.checkpoint.Quoted;

/**
 * The keys that a configuration file may have: a closed list. A key outside it may change vectors
 * in a way that nobody here knows, so it is refused by name.
 *
 * <p>Each method returns a longer list; a list itself never changes.
 */
public final class KnownKeys {
  /** No keys. */
  public static final KnownKeys NONE = new KnownKeys(Set.of(), Set.of(), Map.of(), Set.of());

  private final Set<String> read;
  private final Set<String> optional;
  private final Map<String, List<String>> only;
  private final Set<String> harmless;

  private KnownKeys(
      Set<String> read,
      Set<String> optional,
      Map<String, List<String>> only,
      Set<String> harmless) {
    this.read = Set.copyOf(read);
    this.optional = Set.copyOf(optional);
    this.only = new TreeMap<>(only);
    this.harmless = Set.copyOf(harmless);
  }

  /** Keys that are honoured; null is not a value of theirs. */
  public KnownKeys read(String... keys) {
    return new KnownKeys(plus(read, keys), optional, only, harmless);
  }

  /** Keys that are honoured; null is the same as no such key. */
  public KnownKeys optional(String... keys) {
    return new KnownKeys(read, plus(optional, keys), only, harmless);
  }

  /** A key that is supported with these values alone, in JSON. */
  public KnownKeys only(String key, String... values) {
    Map<String, List<String>> longer = new LinkedHashMap<>(only);
    longer.put(key, List.of(values));
    return new KnownKeys(read, optional, longer, harmless);
  }

  /** Keys that change no vector, whatever their value. */
  public KnownKeys harmless(String... keys) {
    return new KnownKeys(read, optional, only, plus(harmless, keys));
  }

  private static Set<String> plus(Set<String> some, String... others) {
    Set<String> all = new HashSet<>(some);
    all.addAll(Arrays.asList(others));
    return all;
  }

  /**
   * Checks the keys of a file.
   *
   * @throws IllegalArgumentException if a key is not in this list, or has a value that is not
   *     supported; the message names file, key and value
   */
  public void check(ConfigFile file) {
    for (Map.Entry<String, JsonNode> entry : file.values().properties()) {
      check(file.file(), entry.getKey(), entry.getValue());
    }
  }

  private void check(String file, String key, JsonNode value) {
    if (harmless.contains(key) || optional.contains(key)) {
      return;
    }
    if (read.contains(key)) {
      if (value.isNull()) {
        throw unsupported(file, key + " must have a value", value);
      }
    } else if (!only.containsKey(key)) {
      throw unknown(file, key, value);
    } else if (!only.get(key).contains(value.toString())) {
      throw unsupported(file, key + " must be " + words(only.get(key)), value);
    }
  }

  /** Without null, which says no more than a missing key, unless it is the only value. */
  private static String words(List<String> values) {
    List<String> said = values.stream().filter(value -> !value.equals("null")).toList();
    return said.isEmpty() ? "null" : String.join(" or ", said).replace("\"", "");
  }

  private static IllegalArgumentException unsupported(String file, String rule, JsonNode found) {
    return new IllegalArgumentException(
        "Cannot import model: in %s %s, found %s".formatted(file, rule, quoted(found)));
  }

  private static IllegalArgumentException unknown(String file, String key, JsonNode found) {
    return new IllegalArgumentException(
        ("Cannot import model: in %s the key %s is unknown and may change vectors, found %s;"
                + " delete it if it does not, else %s")
            .formatted(file, Quoted.of(key), quoted(found), EncoderFamilies.READY_ONNX));
  }

  private static String quoted(JsonNode value) {
    return Quoted.of(value.isTextual() ? value.asText() : value.toString());
  }
}
