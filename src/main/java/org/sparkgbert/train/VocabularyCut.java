package org.sparkgbert.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A tokenizer whose vocabulary is cut to tokens that occur, to single characters and special
 * tokens.
 *
 * <p>Texts whose tokens are all kept are split as before. WordPiece takes the longest token that
 * matches, and what was the longest is still there. Unigram takes the tokens with the best sum of
 * scores, which keep their scores; the token with the lowest score is kept, since the score of an
 * unknown character follows from it.
 */
final class VocabularyCut {
  private static final String WORD_BEGINNING = "▁";
  private static final String DEFAULT_CONTINUATION = "##";

  private final ObjectNode tokenizer;
  private final BitSet kept;
  private final int[] rows;

  private VocabularyCut(ObjectNode tokenizer, BitSet kept) {
    this.tokenizer = tokenizer;
    this.kept = kept;
    this.rows = kept.stream().toArray();
  }

  /**
   * Cuts a tokenizer.
   *
   * @param tokenizer a {@code tokenizer.json}, which is changed
   * @param used ids of tokens that occur
   * @throws IllegalArgumentException if it is neither WordPiece nor Unigram
   */
  static VocabularyCut of(ObjectNode tokenizer, BitSet used) {
    BitSet kept = (BitSet) used.clone();
    ObjectNode model = (ObjectNode) tokenizer.get("model");
    requireKnown(tokenizer, model);
    tokenizer.path("added_tokens").forEach(token -> kept.set(token.path("id").asInt()));
    if (model.get("vocab").isArray()) {
      keepPieces(model, kept);
    } else {
      keepWordPieces(model, kept);
    }
    VocabularyCut cut = new VocabularyCut(tokenizer, kept);
    cut.renumber(model);
    return cut;
  }

  private static void requireKnown(ObjectNode tokenizer, ObjectNode model) {
    String type =
        model.path("type").asText(model.path("vocab").isArray() ? "Unigram" : "WordPiece");
    boolean isKnown = type.equals("WordPiece") || type.equals("Unigram");
    if (!isKnown || model.has("merges")) {
      throw new IllegalArgumentException(
          "Cannot prune vocabulary: the tokenizer must be WordPiece or Unigram, found "
              + (model.has("merges") ? "BPE" : type));
    }
    String processor = tokenizer.path("post_processor").path("type").asText("none");
    if (!processor.matches("none|TemplateProcessing|BertProcessing|RobertaProcessing")) {
      throw new IllegalArgumentException(
          "Cannot prune vocabulary: the tokenizer's post_processor must be TemplateProcessing, BertProcessing or RobertaProcessing, found "
              + processor);
    }
  }

  private static void keepPieces(ObjectNode model, BitSet kept) {
    JsonNode vocabulary = model.get("vocab");
    int least = 0;
    for (int id = 0; id < vocabulary.size(); id++) {
      if (score(vocabulary, id) < score(vocabulary, least)) {
        least = id;
      }
      String piece = vocabulary.get(id).get(0).asText();
      if (isSingle(piece, WORD_BEGINNING) || piece.matches("<0x[0-9A-F]{2}>")) {
        kept.set(id);
      }
    }
    kept.set(least);
    if (model.path("unk_id").isInt()) {
      kept.set(model.get("unk_id").asInt());
    }
  }

  private static double score(JsonNode vocabulary, int id) {
    return vocabulary.get(id).get(1).asDouble();
  }

  private static void keepWordPieces(ObjectNode model, BitSet kept) {
    String continuation = model.path("continuing_subword_prefix").asText(DEFAULT_CONTINUATION);
    String unknown = model.path("unk_token").asText("");
    for (Map.Entry<String, JsonNode> word : model.get("vocab").properties()) {
      if (isSingle(word.getKey(), continuation) || word.getKey().equals(unknown)) {
        kept.set(word.getValue().asInt());
      }
    }
  }

  /** Whether a token is one character, at the beginning of a word or inside. */
  private static boolean isSingle(String token, String prefix) {
    String bare =
        token.startsWith(prefix) && token.length() > prefix.length()
            ? token.substring(prefix.length())
            : token;
    return bare.codePointCount(0, bare.length()) == 1;
  }

  private void renumber(ObjectNode model) {
    if (model.get("vocab") instanceof ArrayNode pieces) {
      ArrayNode fewer = model.arrayNode();
      kept.stream().filter(id -> id < pieces.size()).forEach(id -> fewer.add(pieces.get(id)));
      model.set("vocab", fewer);
      if (model.path("unk_id").isInt()) {
        model.put("unk_id", newId(model.get("unk_id").asInt()).orElseThrow());
      }
    } else {
      ObjectNode fewer = model.objectNode();
      model
          .get("vocab")
          .properties()
          .forEach(
              word -> newId(word.getValue().asInt()).ifPresent(id -> fewer.put(word.getKey(), id)));
      model.set("vocab", fewer);
    }
    for (JsonNode token : tokenizer.path("added_tokens")) {
      renumber((ObjectNode) token, "id");
    }
    if (tokenizer.path("post_processor") instanceof ObjectNode processor) {
      renumberProcessor(processor);
    }
  }

  private void renumberProcessor(ObjectNode processor) {
    for (String side : new String[] {"cls", "sep"}) {
      if (processor.path(side) instanceof ArrayNode token) {
        token.set(1, IntNode.valueOf(newId(token.get(1).asInt()).orElseThrow()));
      }
    }
    for (JsonNode token : processor.path("special_tokens")) {
      ArrayNode ids = (ArrayNode) token.get("ids");
      for (int i = 0; i < ids.size(); i++) {
        ids.set(i, IntNode.valueOf(newId(ids.get(i).asInt()).orElseThrow()));
      }
    }
  }

  private void renumber(ObjectNode holder, String key) {
    holder.put(key, newId(holder.get(key).asInt()).orElseThrow());
  }

  /** The new id of a token; empty if it is not kept. */
  OptionalInt newId(int id) {
    return id >= 0 && kept.get(id)
        ? OptionalInt.of(Arrays.binarySearch(rows, id))
        : OptionalInt.empty();
  }

  /** For each new id the old one, which is the row of its embedding. */
  int[] rows() {
    return rows;
  }

  /** The cut {@code tokenizer.json}. */
  ObjectNode tokenizer() {
    return tokenizer;
  }
}
