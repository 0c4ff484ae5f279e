package org.sparkgbert.convert.hub;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a model's card declares.
 *
 * @param licence the licence's identifier on the Hub, such as {@code apache-2.0}; empty if the card
 *     declares none
 */
public record ModelCard(Optional<String> licence) {
  /** The card's file, with its facts as YAML before its text. */
  static final String FILE = "README.md";

  private static final int FACTS_BYTES = 1 << 16;
  private static final Pattern FACTS = Pattern.compile("---\\R(.*?\\R)---", Pattern.DOTALL);

  /** Reads the card in a model's directory; a directory without one declares nothing. */
  public static ModelCard read(Path directory) {
    Path file = directory.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      return new ModelCard(Optional.empty());
    }
    try (InputStream in = Files.newInputStream(file)) {
      return parse(new String(in.readNBytes(FACTS_BYTES), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file + ": " + e, e);
    }
  }

  /** Reads the facts before a card's text. */
  static ModelCard parse(String card) {
    Matcher facts = FACTS.matcher(card);
    if (!facts.lookingAt()) {
      return new ModelCard(Optional.empty());
    }
    return of(fact("license", facts.group(1)), fact("license_name", facts.group(1)));
  }

  /** Reads a card's facts as the Hub's API gives them. */
  static ModelCard of(JsonNode facts) {
    return of(fact(facts.path("license")), fact(facts.path("license_name")));
  }

  private static ModelCard of(Optional<String> licence, Optional<String> ownName) {
    boolean named = licence.filter("other"::equals).isPresent() && ownName.isPresent();
    return new ModelCard(named ? ownName : licence);
  }

  private static Optional<String> fact(String key, String facts) {
    Pattern line =
        Pattern.compile(
            "^" + key + ":[ \\t]*(?:\\R[ \\t]*-[ \\t]*)?[\"'\\[]*([\\w.+-]+)", Pattern.MULTILINE);
    Matcher found = line.matcher(facts);
    return found.find() ? Optional.of(found.group(1)) : Optional.empty();
  }

  private static Optional<String> fact(JsonNode value) {
    List<String> texts = new ArrayList<>();
    if (value.isTextual()) {
      texts.add(value.textValue());
    }
    value.elements().forEachRemaining(each -> texts.add(each.asText()));
    String text = String.join(", ", texts).replaceAll("\\p{Cntrl}+", " ").strip();
    return Optional.of(text).filter(s -> !s.isEmpty());
  }
}
