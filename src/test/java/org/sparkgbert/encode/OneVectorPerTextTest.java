package org.sparkgbert.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.sparkgbert.TinyModel;
import org.sparkgbert.tokenize.LongText;

/** A text has one vector, whatever stands beside it. */
class OneVectorPerTextTest {
  private static final List<String> TEXTS = TinyModel.texts();
  private static SentenceEncoder encoder;
  private static float[][] alone;

  @BeforeAll
  static void encodeEachTextAlone() {
    encoder = Encoders.tiny();
    alone = TEXTS.stream().map(text -> encoder.encode(List.of(text))[0]).toArray(float[][]::new);
  }

  @AfterAll
  static void close() {
    encoder.close();
  }

  @Test
  void paddingDoesNotChangeTheMean() {
    String longest = TEXTS.get(TEXTS.size() - 1);
    EncoderSettings padding = TinyModel.settings(0, LongText.CUT, 1 << 20, true);
    try (SentenceEncoder padded = Encoders.tiny(padding)) {
      for (int i = 0; i < TEXTS.size(); i++) {
        EncodedWindow window = padded.encodeWindow(List.of(TEXTS.get(i), longest));
        assertThat(window.work().batches()).isEqualTo(1);
        assertThat(window.texts().get(0).embedding())
            .as(TEXTS.get(i))
            .containsExactly(alone[i], within(1e-5f));
      }
    }
  }

  @Test
  void anotherTextHasAnotherVector() {
    float[] difference = alone[0].clone();
    for (int d = 0; d < difference.length; d++) {
      difference[d] = Math.abs(difference[d] - alone[1][d]);
    }
    assertThat(difference).hasSize(TinyModel.DIMENSION);
    assertThat(Math.max(difference[0], difference[1])).isGreaterThan(1e-3f);
  }

  @Test
  void aPermutationOfTheTextsPermutesTheVectors() {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < TEXTS.size(); i++) {
      order.add(i);
    }
    Random random = new Random(17);
    for (int round = 0; round < 5; round++) {
      Collections.shuffle(order, random);
      float[][] vectors = encoder.encode(order.stream().map(TEXTS::get).toList());
      for (int i = 0; i < vectors.length; i++) {
        assertThat(vectors[i]).containsExactly(alone[order.get(i)], within(1e-5f));
      }
    }
  }

  @Test
  void vectorsDoNotDependOnTheBudgetAndStandInTheOrderOfTheTexts() {
    Random random = new Random(23);
    for (int round = 0; round < 12; round++) {
      int budget = round == 0 ? 1 : 1 + random.nextInt(3_000);
      try (SentenceEncoder other =
          Encoders.tiny(TinyModel.settings(0, LongText.CUT, budget, true))) {
        assertAlone(other.encode(TEXTS), "budget " + budget);
      }
    }
  }

  @Test
  void vectorsDoNotDependOnTheWindow() {
    Random random = new Random(29);
    for (int round = 0; round < 8; round++) {
      float[][] vectors = new float[TEXTS.size()][];
      for (int from = 0; from < TEXTS.size(); ) {
        int to = Math.min(TEXTS.size(), from + 1 + random.nextInt(15));
        List<EncodedText> window = encoder.encodeWindow(TEXTS.subList(from, to)).texts();
        for (EncodedText text : window) {
          vectors[from++] = text.embedding();
        }
      }
      assertAlone(vectors, "round " + round);
    }
  }

  @Test
  void encodeCutsWindowsItselfAndKeepsTheOrder() {
    EncoderSettings defaults = TinyModel.settings();
    EncoderSettings threeRows =
        new EncoderSettings(
            defaults.cleaner(),
            0,
            LongText.CUT,
            false,
            0,
            4_096,
            3,
            1_000,
            true,
            defaults.device());
    try (SentenceEncoder other = Encoders.tiny(threeRows)) {
      assertAlone(other.encode(TEXTS), "windows of three");
    }
  }

  @Test
  void dedupeChangesNoVectorAndSavesTheWork() {
    List<String> rows = new ArrayList<>();
    Random random = new Random(31);
    for (int i = 0; i < 100; i++) {
      rows.add(TEXTS.get(random.nextInt(10)));
    }
    rows.add(null);
    rows.add(null);
    try (SentenceEncoder off = Encoders.tiny(TinyModel.settings(0, LongText.CUT, 4_096, false))) {
      EncodedWindow each = off.encodeWindow(rows);
      EncodedWindow once = encoder.encodeWindow(rows);
      assertThat(each.work().texts()).isEqualTo(102);
      assertThat(each.work().distinctTexts()).isEqualTo(100);
      assertThat(once.work().texts()).isEqualTo(102);
      assertThat(once.work().distinctTexts()).isEqualTo(10);
      assertThat(once.work().tokens()).isLessThan(each.work().tokens() / 5);
      for (int i = 0; i < 100; i++) {
        assertThat(once.texts().get(i).embedding())
            .containsExactly(each.texts().get(i).embedding(), within(1e-5f));
        assertThat(once.texts().get(i).embedding())
            .isSameAs(once.texts().get(rows.indexOf(rows.get(i))).embedding());
      }
      assertThat(once.texts().subList(100, 102)).isEqualTo(each.texts().subList(100, 102));
    }
  }

  private static void assertAlone(float[][] vectors, String description) {
    assertThat(vectors.length).isEqualTo(alone.length);
    for (int i = 0; i < alone.length; i++) {
      assertThat(vectors[i]).as(description).containsExactly(alone[i], within(1e-5f));
    }
  }
}
