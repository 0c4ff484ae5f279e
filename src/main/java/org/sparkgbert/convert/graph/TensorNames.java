package org.sparkgbert.convert.graph;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.sparkgbert.convert.checkpoint.Quoted;

/**
 * Names of the tensors in checkpoints of an architecture.
 *
 * @param words name of the table of token embeddings, by which the prefix of all names is
 *     recognized
 * @param prefix optional prefix of all names of the encoder, such as {@code bert.}
 * @param encoder beginnings of the names of the encoder's own tensors, without the prefix
 * @param leftOut what is irrelevant for embeddings, without the prefix: beginnings of names, which
 *     end with a dot, and whole names, in which {@code N} stands for any number
 */
public record TensorNames(String words, String prefix, List<String> encoder, List<String> leftOut) {
  /** What training tools put around a model: PyTorch's parallel modules, sentence-transformers. */
  private static final Pattern WRAPPERS =
      Pattern.compile("^(?:module\\.|auto_model\\.|model\\.|0\\.)*");

  private static final Pattern NUMBER = Pattern.compile("(?<=\\.)\\d+(?=\\.)");

  public TensorNames {
    encoder = List.copyOf(encoder);
    leftOut = List.copyOf(leftOut);
  }

  /**
   * The prefix of all names of the encoder: the shortest one that is known, empty if none is.
   *
   * @param stored names of all tensors
   */
  String prefixOf(Set<String> stored) {
    return stored.stream()
        .filter(name -> name.endsWith(words))
        .map(name -> name.substring(0, name.length() - words.length()))
        .filter(found -> List.of("", prefix).contains(unwrapped(found)))
        .min(Comparator.comparingInt(String::length))
        .orElse("");
  }

  private String unwrapped(String name) {
    return name.equals(prefix) ? name : WRAPPERS.matcher(name).replaceFirst("");
  }

  /**
   * The name that a tensor has in a checkpoint without wrappers, prefixes and old names. Early
   * conversions from TensorFlow call a LayerNorm's weight gamma and its bias beta.
   */
  private String plain(String stored) {
    String name = WRAPPERS.matcher(stored).replaceFirst("");
    name = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
    return name.replace("LayerNorm.gamma", "LayerNorm.weight")
        .replace("LayerNorm.beta", "LayerNorm.bias");
  }

  /**
   * Whether a tensor is known to be irrelevant.
   *
   * @param stored its name in the checkpoint
   */
  boolean leavesOut(String stored) {
    String name = plain(stored);
    String numbered = NUMBER.matcher(name).replaceAll("N");
    return leftOut.stream()
        .anyMatch(known -> known.endsWith(".") ? name.startsWith(known) : numbered.equals(known));
  }

  /**
   * Whether a tensor belongs to the encoder: all of these change vectors.
   *
   * @param stored its name in the checkpoint
   */
  boolean isOfEncoder(String stored) {
    return encoder.stream().anyMatch(plain(stored)::startsWith) && !leavesOut(stored);
  }

  /**
   * Checks that no tensor of the encoder is there twice, under another prefix or an old name: which
   * one counts differs between libraries.
   *
   * @param stored names of all tensors
   * @param source where they are stored, for messages
   * @throws IllegalArgumentException if one is
   */
  void requireOneOfEach(Set<String> stored, Object source) {
    Map<String, String> seen = new TreeMap<>();
    for (String name : stored) {
      String other = isOfEncoder(name) ? seen.putIfAbsent(plain(name), name) : null;
      if (other != null) {
        throw new IllegalArgumentException(
            "Cannot import model: %s must have one tensor %s, found %s and %s; remove the one that is not the model's"
                .formatted(source, Quoted.of(plain(name)), Quoted.of(other), Quoted.of(name)));
      }
    }
  }
}
