package org.sparkgbert.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.sparkgbert.TinyModel;
import org.sparkgbert.onnx.DeviceSettings;
import org.sparkgbert.tokenize.LongText;
import org.sparkgbert.tokenize.SentenceTokenizer;
import org.sparkgbert.tokenize.TextCleaner;
import org.sparkgbert.tokenize.TokenizedText;
import org.sparkgbert.tokenize.UnicodeForm;

class NastyTextsTest {
  private static final int KINDS = 11;
  private static final List<String> TEXTS = texts(new Random(20_261_123));

  @Test
  void everyTextComesBackWithAStatusAndNoneThrows() {
    EncoderSettings settings = EncoderSettings.on(DeviceSettings.cpu(1));
    try (SentenceEncoder encoder = Encoders.tiny(settings)) {
      List<EncodedText> encoded = encoder.encodeWindow(TEXTS).texts();
      assertThat(encoded).hasSize(TEXTS.size());
      for (int i = 0; i < TEXTS.size(); i++) {
        assertSound(encoded.get(i), i);
        if (i % 25 == 0 && encoded.get(i).embedding() != null) {
          assertThat(encoder.encode(List.of(TEXTS.get(i)))[0])
              .containsExactly(encoded.get(i).embedding(), within(1e-5f));
        }
      }
      assertThat(encoded)
          .extracting(EncodedText::status)
          .contains(EmbeddingStatus.OK, EmbeddingStatus.TRUNCATED, EmbeddingStatus.EMPTY);
    }
  }

  private static void assertSound(EncodedText text, int index) {
    assertThat(text.error()).as("text %d", index).isNull();
    boolean blank = TextCleaner.isBlank(TEXTS.get(index));
    if (text.status() == EmbeddingStatus.EMPTY) {
      assertThat(text.embedding()).isNull();
      assertThat(text.tokens()).isEqualTo(blank ? 0 : 2);
      return;
    }
    assertThat(blank).as("text %d", index).isFalse();
    assertThat(text.status()).isIn(EmbeddingStatus.OK, EmbeddingStatus.TRUNCATED);
    assertThat(text.tokens()).isGreaterThan(2);
    assertThat(text.embedding()).hasSize(TinyModel.DIMENSION);
    for (float value : text.embedding()) {
      assertThat(value).isFinite();
    }
  }

  @Test
  void chunksOfEveryTextStayWithinTheLimitInBothVocabularies() {
    for (Path folder : List.of(TinyModel.DIRECTORY, TinyModel.DEFAULT_MODEL)) {
      try (SentenceTokenizer tokenizer =
          SentenceTokenizer.open(
              folder.resolve("tokenizer.json"),
              new TextCleaner(UnicodeForm.NFC, 4_096),
              "query: ",
              32,
              LongText.CHUNKS)) {
        for (String text : TEXTS) {
          assertChunks(tokenizer.tokenize(text));
        }
      }
    }
  }

  private static void assertChunks(TokenizedText text) {
    assertThat(text.contentTokens()).hasSameSizeAs(text.sequences().toArray());
    int own = 0;
    for (int i = 0; i < text.contentTokens().length; i++) {
      assertThat(text.sequences().get(i).length).isLessThanOrEqualTo(32);
      assertThat(text.contentTokens()[i]).isPositive();
      own += text.contentTokens()[i];
    }
    if (!text.isEmpty()) {
      int around = text.sequences().get(0).length - text.contentTokens()[0];
      assertThat(text.tokens()).isEqualTo(own + around);
    }
  }

  private static List<String> texts(Random random) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 494; i++) {
      StringBuilder text = new StringBuilder();
      int pieces = 1 + random.nextInt(i % 10 == 0 ? 200 : 12);
      int only = random.nextInt(2 * KINDS);
      for (int p = 0; p < pieces; p++) {
        appendPiece(text, only < KINDS ? only : random.nextInt(KINDS), random);
      }
      texts.add(text.toString());
    }
    texts.add("a\u0308".repeat(1_000_000));
    texts.add("x".repeat(1_000_000));
    texts.add("\u200B".repeat(1_000_000) + "Ende");
    texts.add("\uD83D".repeat(1_000_000));
    texts.add("\uD83D\uDE42".repeat(500_000));
    texts.add("a" + "\u0301".repeat(1_000_000));
    return texts;
  }

  private static void appendPiece(StringBuilder text, int kind, Random random) {
    switch (kind) {
      case 0 -> text.append((char) random.nextInt(Character.MIN_SURROGATE, 0xE000));
      case 1 -> text.append((char) random.nextInt(32)).append((char) random.nextInt(127, 160));
      case 2 -> text.append("\u202E\u05E9\u05DC\u05D5\u05DD\u0633\u0644\u0627\u0645\u202C");
      case 3 -> text.appendCodePoint(random.nextInt(0x1F300, 0x1FAFF)).append('\u200D');
      case 4 -> text.append("\u200B\u200C\u2060\uFEFF\u00AD");
      case 5 -> text.append('\0');
      case 6 -> text.append("Wort".repeat(1 + random.nextInt(300)));
      case 7 -> text.append('o').append((char) random.nextInt(0x300, 0x370));
      case 8 -> text.appendCodePoint(random.nextInt(Character.MAX_CODE_POINT + 1));
      case 9 -> text.append("[SEP] [CLS] [PAD] [UNK] [MASK] ##en ");
      default -> text.append(" Die Katze schl\u00e4ft. ");
    }
  }
}
