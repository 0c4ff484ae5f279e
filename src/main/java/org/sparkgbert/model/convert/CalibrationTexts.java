package org.sparkgbert.model.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * German texts of the sample corpus: some to see what goes on inside a model, others to see what
 * was lost.
 *
 * @param observed six in ten sentences, and paragraphs and pages made of them
 * @param heldOut other sentences, one in ten
 */
record CalibrationTexts(List<String> observed, List<String> heldOut) {
  private static final String CORPUS = "/org/sparkgbert/sample/corpus.jsonl";
  private static final int PARAGRAPH = 4;
  private static final int PARAGRAPHS = 10;
  private static final int PAGE = 40;

  static CalibrationTexts read() {
    List<String> all = sentences();
    List<String> observed = new ArrayList<>();
    List<String> heldOut = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      switch (i % 10) {
        case 0, 1, 3, 4, 6, 7 -> observed.add(all.get(i));
        case 8 -> heldOut.add(all.get(i));
        default -> {}
      }
    }
    List<String> texts = new ArrayList<>(observed);
    texts.addAll(joined(observed.subList(0, PARAGRAPH * PARAGRAPHS), PARAGRAPH));
    texts.addAll(joined(observed.subList(PARAGRAPH * PARAGRAPHS, observed.size()), PAGE));
    return new CalibrationTexts(texts, heldOut);
  }

  private static List<String> joined(List<String> sentences, int together) {
    List<String> texts = new ArrayList<>();
    for (int from = 0; from + together <= sentences.size(); from += together) {
      texts.add(String.join(" ", sentences.subList(from, from + together)));
    }
    return texts;
  }

  /** The corpus has a few sentences twice. */
  private static List<String> sentences() {
    List<String> texts = new ArrayList<>();
    try (InputStream in = CalibrationTexts.class.getResourceAsStream(CORPUS);
        MappingIterator<JsonNode> rows =
            JsonMapper.builder().build().readerFor(JsonNode.class).readValues(in)) {
      while (rows.hasNext()) {
        String text = rows.next().path("text").asText("");
        if (!text.isBlank()) {
          texts.add(text);
        }
      }
      return texts.stream().distinct().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + CORPUS, e);
    }
  }
}
