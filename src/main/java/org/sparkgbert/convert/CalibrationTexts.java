package org.sparkgbert.convert;

import java.util.ArrayList;
import java.util.List;
import org.sparkgbert.files.SampleData;

/**
 * German texts of the sample corpus, alone and joined to paragraphs and pages: some to observe the
 * values inside a model, others to measure what was lost. Most sample texts have one to three
 * sentences; 40 of them exceed 512 tokens.
 *
 * @param observed made from six in ten sample texts
 * @param heldOut made from the other four in ten
 */
record CalibrationTexts(List<String> observed, List<String> heldOut) {
  private static final List<Group> OBSERVED =
      List.of(
          new Group(2, 10),
          new Group(3, 10),
          new Group(4, 10),
          new Group(6, 5),
          new Group(10, 4),
          new Group(40, 6));

  private static final List<Group> HELD_OUT =
      List.of(
          new Group(2, 24),
          new Group(3, 20),
          new Group(4, 12),
          new Group(6, 8),
          new Group(10, 6),
          new Group(14, 4),
          new Group(40, 3));

  /**
   * Texts to make.
   *
   * @param together sample texts that are joined to one
   * @param count how many are made
   */
  private record Group(int together, int count) {}

  static CalibrationTexts read() {
    List<String> all = sampleTexts();
    List<String> observed = new ArrayList<>();
    List<String> heldOut = new ArrayList<>();
    List<String> alone = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      switch (i % 10) {
        case 0, 1, 3, 4, 6, 7 -> observed.add(all.get(i));
        case 8 -> alone.add(all.get(i));
        default -> heldOut.add(all.get(i));
      }
    }
    return new CalibrationTexts(
        with(observed, joined(observed, OBSERVED)), with(alone, joined(heldOut, HELD_OUT)));
  }

  /** Every sample text is in one of the joined texts before any is in a second one. */
  private static List<String> joined(List<String> texts, List<Group> groups) {
    List<String> joined = new ArrayList<>();
    int at = 0;
    for (Group group : groups) {
      for (int i = 0; i < group.count; i++) {
        List<String> parts = new ArrayList<>();
        for (int part = 0; part < group.together; part++) {
          parts.add(texts.get(at++ % texts.size()));
        }
        joined.add(String.join(" ", parts));
      }
    }
    return joined;
  }

  private static List<String> with(List<String> texts, List<String> more) {
    List<String> all = new ArrayList<>(texts);
    all.addAll(more);
    return all;
  }

  /** The corpus contains a few texts twice. */
  private static List<String> sampleTexts() {
    return SampleData.read("corpus.jsonl").stream()
        .map(row -> row.path("text").asText(""))
        .filter(text -> !text.isBlank())
        .distinct()
        .toList();
  }
}
