package org.sparkgbert.report;

import java.util.LinkedHashMap;
import java.util.Map;
import org.sparkgbert.lake.EmbeddingProvenance;

/** What made the embeddings, as an HTML table. */
final class ProvenanceTable {
  private ProvenanceTable() {}

  /** A row for each fact, in the order of interest; one row if nothing is known. */
  static String html(EmbeddingProvenance made) {
    Map<String, String> facts =
        made == null ? Map.of("Model", "unknown: the embeddings carry no provenance") : facts(made);
    return Html.definitions(facts.entrySet());
  }

  private static Map<String, String> facts(EmbeddingProvenance made) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("Model", made.model());
    facts.put("Source", made.source());
    facts.put("Revision", made.revision());
    facts.put("Licence", made.licence());
    facts.put("Bundle checksum", "sha256:" + made.bundleChecksum());
    if (made.fingerprint() != null) {
      facts.put("Fingerprint", "sha256:" + made.fingerprint());
    }
    facts.put("Precision", made.precision());
    facts.put("Dimension", dimension(made));
    if (made.isRounded()) {
      facts.put("Elements", elements(made));
    }
    facts.put("Pooling", made.pooling() + (made.normalize() ? ", unit length" : ""));
    facts.put("Prompt", quotedOrNone(made.prompt()));
    facts.put("Token limit", limit(made));
    facts.put("Unicode form", made.normalizeUnicode());
    facts.put("Text column", made.textColumn());
    facts.put("Made by", "spark-gbert " + made.toolVersion());
    return facts;
  }

  /** The model's name, for titles. */
  static String model(EmbeddingProvenance made) {
    return made == null ? "unknown model" : made.model();
  }

  private static String elements(EmbeddingProvenance made) {
    return switch (made.elements()) {
      case FLOAT32 -> "float32";
      case INT8 -> "int8, one scale per vector";
      case BINARY -> "binary, about the mean of the corpus";
    };
  }

  private static String dimension(EmbeddingProvenance made) {
    return Numbers.count(made.dimension())
        + (made.cutFrom() == null ? "" : ", the first of " + Numbers.count(made.cutFrom()));
  }

  private static String quotedOrNone(String prompt) {
    return prompt == null || prompt.isEmpty() ? "none" : "“" + prompt + "”";
  }

  private static String limit(EmbeddingProvenance made) {
    return "%s, longer texts: %s".formatted(Numbers.count(made.maxSeqLength()), made.longText());
  }
}
