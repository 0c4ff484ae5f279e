package org.sparkgbert.report;

import java.util.LinkedHashMap;
import java.util.Map;
import org.sparkgbert.lake.EmbeddingProvenance;

/** What made the embeddings, in words. */
final class Origin {
  private Origin() {}

  /** By name, in the order of interest; one line if it is unknown. */
  static Map<String, String> of(EmbeddingProvenance origin) {
    Map<String, String> words = new LinkedHashMap<>();
    if (origin == null) {
      words.put("Model", "unknown: the embeddings do not say what made them");
      return words;
    }
    words.put("Model", origin.model());
    words.put("Source", origin.source());
    words.put("Revision", origin.revision());
    words.put("Licence", origin.licence());
    words.put("Bundle checksum", "sha256:" + origin.bundleChecksum());
    words.put("Precision", origin.precision());
    words.put("Dimension", Numbers.count(origin.dimension()));
    words.put("Pooling", origin.pooling() + (origin.normalize() ? ", unit length" : ""));
    words.put("Prompt", quotedOrNone(origin.prompt()));
    words.put("Token limit", limit(origin));
    words.put("Unicode form", origin.normalizeUnicode());
    words.put("Text column", origin.textColumn());
    words.put("Made by", "spark-gbert " + origin.toolVersion());
    return words;
  }

  /** The model's name, for titles. */
  static String model(EmbeddingProvenance origin) {
    return origin == null ? "unknown model" : origin.model();
  }

  private static String quotedOrNone(String prompt) {
    return prompt == null || prompt.isEmpty() ? "none" : "“" + prompt + "”";
  }

  private static String limit(EmbeddingProvenance origin) {
    return "%s, longer texts: %s"
        .formatted(Numbers.count(origin.maxSeqLength()), origin.longText());
  }
}
