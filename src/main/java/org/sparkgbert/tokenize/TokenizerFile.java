package org.sparkgbert.tokenize;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A {@code tokenizer.json} that has not been opened yet. The native tokenizer trusts it: a hostile
 * or damaged one ends the JVM. So it is opened only if it consists of components that are known,
 * and its sizes are within bounds. Vocabularies are not kept in memory for that.
 */
final class TokenizerFile {
  private static final long LARGEST_FILE = 64L << 20;
  private static final int LONGEST_STRING = 8 << 20;
  private static final int DEEPEST_JSON = 64;

  /** Characters of the longest word of a vocabulary; 128 are common in byte-level ones. */
  private static final int LONGEST_WORD = 512;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEEPEST_JSON)
                          .maxStringLength(LONGEST_STRING)
                          .maxNameLength(LONGEST_STRING)
                          .build())
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private final JsonParser in;
  private final TokenizerRules rules;
  private int words;
  private boolean hasUnknown;

  private TokenizerFile(JsonParser in, TokenizerRules rules) {
    this.in = in;
    this.rules = rules;
  }

  /**
   * Checks a file.
   *
   * @param refusal how the message begins, up to what was found
   * @throws IllegalArgumentException if it is not known in full, or too large
   */
  static void require(Path file, String refusal) {
    TokenizerRules rules = new TokenizerRules(refusal);
    try {
      if (!Files.isRegularFile(file)) {
        throw rules.refuse("there is no file " + file);
      }
      if (Files.size(file) > LARGEST_FILE) {
        throw rules.refuse(
            "it has %d bytes, which may be at most %d".formatted(Files.size(file), LARGEST_FILE));
      }
      try (JsonParser in = JSON.createParser(file.toFile())) {
        new TokenizerFile(in, rules).readAll();
      }
    } catch (JsonProcessingException e) {
      throw rules.refuse("it is not JSON, " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read %s: %s".formatted(file, e), e);
    }
  }

  private void readAll() throws IOException {
    if (in.nextToken() != JsonToken.START_OBJECT) {
      throw rules.refuse("it is no JSON object");
    }
    boolean hasModel = false;
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String key = in.currentName();
      in.nextToken();
      switch (key) {
        case "normalizer" -> rules.normalizer(in.readValueAsTree());
        case "pre_tokenizer" -> rules.preTokenizer(in.readValueAsTree());
        case "post_processor" -> rules.postProcessor(in.readValueAsTree());
        case "decoder" -> rules.decoder(in.readValueAsTree());
        case "added_tokens" -> addedTokens();
        case "model" -> {
          model();
          hasModel = true;
        }
        case "version", "truncation", "padding" -> in.skipChildren();
        default -> throw rules.refuse("it has the unknown key '%s'".formatted(key));
      }
    }
    if (!hasModel) {
      throw rules.refuse("it has no model");
    }
    rules.finish();
  }

  private void model() throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      throw rules.refuse("its model is no JSON object");
    }
    ObjectNode model = JSON.createObjectNode();
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String key = in.currentName();
      JsonToken first = in.nextToken();
      if (key.equals("vocab") || key.equals("merges")) {
        // What kind it is tells models apart that have no type.
        model.put(key, first == JsonToken.START_OBJECT ? "object" : "array");
        int read = words(model.path("unk_token"));
        words = key.equals("vocab") ? read : words;
      } else {
        JsonNode value = in.readValueAsTree();
        model.set(key, value);
      }
    }
    rules.model(model, words, hasUnknown);
  }

  /**
   * Reads over the words of a vocabulary, whether they are keys or values.
   *
   * @param unknown the word of unknown words, as far as it is read
   * @return their number
   */
  private int words(JsonNode unknown) throws IOException {
    int depth = 0;
    int read = 0;
    do {
      JsonToken token = in.currentToken();
      if (token.isStructStart()) {
        depth++;
      } else if (token.isStructEnd()) {
        depth--;
      } else if (token == JsonToken.FIELD_NAME || token == JsonToken.VALUE_STRING) {
        word(in.getTextLength());
        read++;
        hasUnknown |=
            token == JsonToken.FIELD_NAME
                && unknown.isTextual()
                && in.getText().equals(unknown.asText());
      }
      if (depth > 0) {
        in.nextToken();
      }
    } while (depth > 0);
    return read;
  }

  private void word(int length) {
    // Two words and a space make a merge.
    if (length > 2 * LONGEST_WORD + 1) {
      throw rules.refuse(
          "it has a word of %d characters, which may be at most %d"
              .formatted(length, LONGEST_WORD));
    }
  }

  private void addedTokens() throws IOException {
    if (in.currentToken() != JsonToken.START_ARRAY) {
      throw rules.refuse("its added_tokens are no array");
    }
    while (in.nextToken() != JsonToken.END_ARRAY) {
      JsonNode token = in.readValueAsTree();
      word(token.path("content").asText().length());
      rules.addedToken(token);
    }
  }
}
