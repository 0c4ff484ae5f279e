package org.sparkgbert.convert;

import java.util.ArrayList;
import java.util.List;
import org.sparkgbert.files.SampleData;

/**
 * German texts of the sample corpus: some to observe the values inside a model, others to measure
 * what was lost.
 *
 * @param observed six in ten sentences, and paragraphs and pages made from them
 * @param heldOut other sentences, one in ten
 */
record CalibrationTexts(List<String> observed, List<String> heldOut) {
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

  /** The corpus contains a few sentences twice. */
  private static List<String> sentences() {
    return SampleData.read("corpus.jsonl").stream()
        .map(row -> row.path("text").asText(""))
        .filter(text -> !text.isBlank())
        .distinct()
        .toList();
  }
}
