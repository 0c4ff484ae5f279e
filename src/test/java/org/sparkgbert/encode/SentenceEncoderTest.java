package org.sparkgbert.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.TinyModel;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.onnx.Device;
import org.sparkgbert.onnx.OnnxException;
import org.sparkgbert.tokenize.LongText;

class SentenceEncoderTest {
  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", " ", "\n\t", "\u200B", "\uFEFF", "\0", "\uD83D", "\uFFFD"})
  void aNullOrBlankTextIsEmptyWithoutTokens(String text) {
    FakeRunner runner = new FakeRunner();
    try (SentenceEncoder encoder = Encoders.around(runner, TinyModel.settings())) {
      EncodedWindow window = encoder.encodeWindow(Arrays.asList(text, "Das Haus", text));
      EncodedText empty = new EncodedText(EmbeddingStatus.EMPTY, null, 0, null);
      assertThat(window.texts().get(0)).isEqualTo(empty);
      assertThat(window.texts().get(2)).isEqualTo(empty);
      assertThat(window.texts().get(1).embedding())
          .isEqualTo(FakeRunner.vectorOf(Encoders.ids("Das Haus")));
    }
    assertThat(runner.shapes).hasSize(1);
  }

  @Test
  void aTextThatTheTokenizerDropsIsEmptyWithTheTokensAroundIt() {
    try (SentenceEncoder encoder = Encoders.tiny()) {
      assertThat(encoder.encodeWindow(List.of("\uE000")).texts())
          .containsExactly(new EncodedText(EmbeddingStatus.EMPTY, null, 2, null));
    }
  }

  @Test
  void encodeGivesNullForATextWithoutAnEmbedding() {
    try (SentenceEncoder encoder = Encoders.tiny()) {
      float[][] vectors = encoder.encode(Arrays.asList(null, "Das Haus", " "));
      assertThat(vectors[0]).isNull();
      assertThat(vectors[1]).hasSize(TinyModel.DIMENSION);
      assertThat(vectors[2]).isNull();
    }
  }

  @Test
  void noTextsNeedNoModel() {
    FakeRunner runner = new FakeRunner();
    try (SentenceEncoder encoder = Encoders.around(runner, TinyModel.settings())) {
      assertThat(encoder.encode(List.of())).isEmpty();
      assertThat(encoder.encodeWindow(List.of()).texts()).isEmpty();
      assertThat(encoder.encodeWindow(Arrays.asList(null, "")).texts()).hasSize(2);
    }
    assertThat(runner.shapes).isEmpty();
  }

  @Test
  void aTextThatTheModelCannotEncodeFailsAloneAndSaysWhy() {
    List<String> texts = List.of("Der Hund", "Die [MASK] Katze", "Das Haus", "Im Garten [MASK]");
    try (SentenceEncoder encoder = Encoders.around(new FakeRunner(), TinyModel.settings())) {
      List<EncodedText> encoded = encoder.encodeWindow(texts).texts();
      for (int i = 0; i < texts.size(); i++) {
        EncodedText text = encoded.get(i);
        long[] ids = Encoders.ids(texts.get(i));
        if (i % 2 == 0) {
          assertThat(text.status()).isEqualTo(EmbeddingStatus.OK);
          assertThat(text.embedding()).isEqualTo(FakeRunner.vectorOf(ids));
        } else {
          assertThat(text)
              .isEqualTo(
                  EncodedText.failed(
                      ids.length,
                      "Cannot encode a batch of [1, %d] tokens: poison".formatted(ids.length)));
        }
      }
      assertThatThrownBy(() -> encoder.encode(texts))
          .isInstanceOf(OnnxException.class)
          .hasMessageMatching("Cannot encode sentence 1: Cannot encode a batch of .* poison");
    }
  }

  @Test
  void aVectorThatIsNotFiniteIsAFailure() {
    try (SentenceEncoder encoder = Encoders.around(new FakeRunner(), TinyModel.settings())) {
      List<EncodedText> encoded =
          encoder.encodeWindow(List.of("Guten Morgen \uD83D\uDE42", "Guten Morgen")).texts();
      assertThat(encoded.get(0).status()).isEqualTo(EmbeddingStatus.FAILED);
      assertThat(encoded.get(0).embedding()).isNull();
      assertThat(encoded.get(0).tokens()).isEqualTo(9);
      assertThat(encoded.get(0).error())
          .isEqualTo("Cannot encode: the model returned a value that is not finite, Infinity");
      assertThat(encoded.get(1).status()).isEqualTo(EmbeddingStatus.OK);
    }
  }

  @Test
  void rowsComeBackInOrderForAnyTextsAndBudget() {
    Random random = new Random(41);
    for (int round = 0; round < 30; round++) {
      List<String> rows = new ArrayList<>();
      for (int i = random.nextInt(200); i >= 0; i--) {
        rows.add("Haus ".repeat(random.nextInt(60)) + i % 50);
      }
      EncoderSettings settings =
          TinyModel.settings(0, LongText.CUT, 1 + random.nextInt(2_000), random.nextBoolean());
      try (SentenceEncoder encoder = Encoders.around(new FakeRunner(), settings)) {
        float[][] vectors = encoder.encode(rows);
        for (int i = 0; i < vectors.length; i += 17) {
          assertThat(vectors[i]).isEqualTo(FakeRunner.vectorOf(Encoders.ids(rows.get(i))));
        }
      }
    }
  }

  @Test
  void aBatchHoldsAsManyTokensAsTheDeviceWantsUnlessSettingsSayOtherwise() {
    List<String> rows = Collections.nCopies(1_000, "Haus");
    int tokens = Encoders.ids("Haus").length;
    Map<Integer, Integer> budgets = Map.of(0, new Device.Cpu(1).tokenBudget(), 100, 100);
    budgets.forEach(
        (wish, budget) -> {
          EncoderSettings settings = TinyModel.settings(0, LongText.CUT, wish, false);
          try (SentenceEncoder encoder = Encoders.around(new FakeRunner(), settings)) {
            int rowsOfBatch = budget / tokens;
            assertThat(encoder.encodeWindow(rows).work().batches())
                .isEqualTo((rows.size() + rowsOfBatch - 1) / rowsOfBatch);
          }
        });
  }

  @Test
  void workIsCounted() {
    int shorter = Encoders.ids("Haus").length;
    int longer = Encoders.ids("Haus Haus Haus").length;
    EncoderSettings settings = TinyModel.settings(0, LongText.CUT, 1 << 20, true);
    try (SentenceEncoder encoder = Encoders.around(new FakeRunner(), settings)) {
      EncodingWork work =
          encoder
              .encodeWindow(Arrays.asList("Haus", null, "Haus Haus Haus", "Hund", "Haus", ""))
              .work();
      int dog = Encoders.ids("Hund").length;
      assertThat(work.texts()).isEqualTo(6);
      assertThat(work.distinctTexts()).as("null and blank texts do not count").isEqualTo(3);
      assertThat(work.tokens()).isEqualTo(shorter + longer + dog);
      assertThat(work.batches()).isEqualTo(1);
      assertThat(work.paddedTokens()).isEqualTo(3L * longer);
      assertThat(work.paddingShare())
          .isEqualTo(1 - (double) (longer + shorter + dog) / (3 * longer));
      EncodingWork twice = work.plus(work);
      assertThat(twice.tokens()).isEqualTo(2 * work.tokens());
      assertThat(twice.batches()).isEqualTo(2);
      assertThat(twice.plus(EncodingWork.NONE)).isEqualTo(twice);
      assertThat(EncodingWork.NONE.paddingShare()).isZero();
    }
  }

  @Test
  void aShorterLimitThanTheModelsIsKeptAndALongerOneRefused() {
    EncoderSettings four = TinyModel.settings(4, LongText.CUT, 100, true);
    try (SentenceEncoder encoder = Encoders.around(new FakeRunner(), four)) {
      EncodedText text = encoder.encodeWindow(List.of("Der Hund bellt.")).texts().get(0);
      assertThat(text.status()).isEqualTo(EmbeddingStatus.TRUNCATED);
      assertThat(text.embedding()[1]).isEqualTo(4);
      assertThat(text.tokens()).isEqualTo(Encoders.ids("Der Hund bellt.").length);
    }
    EncoderSettings tooLong = TinyModel.settings(129, LongText.CUT, 100, true);
    assertThatThrownBy(() -> Encoders.tiny(tooLong))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot encode: max sequence length must be at most 128, the limit of tiny-bert, found 129");
  }

  @Test
  void aFileThatIsNoGraphIsNamed(@TempDir Path folder) throws Exception {
    byte[] garbage = "no graph".repeat(10).getBytes(StandardCharsets.UTF_8);
    Path bundle = TinyModel.bundle(folder.resolve("b"), garbage, 32, false);
    assertThatThrownBy(() -> Bundle.open(bundle))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "Cannot open bundle " + bundle + ": model.onnx is not an ONNX file");
  }

  @Test
  void aGraphThatCannotBeLoadedIsNamed(@TempDir Path folder) throws Exception {
    byte[] onlyAVersion = {8, 8};
    Bundle bundle = Bundle.open(TinyModel.bundle(folder.resolve("b"), onlyAVersion, 32, false));
    assertThatThrownBy(() -> SentenceEncoder.open(bundle, TinyModel.settings()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot load " + bundle.model() + ": ");
    Files.delete(bundle.model());
    assertThatThrownBy(() -> SentenceEncoder.open(folder.resolve("b")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("model.onnx is damaged, expected a file, found none");
  }
}
