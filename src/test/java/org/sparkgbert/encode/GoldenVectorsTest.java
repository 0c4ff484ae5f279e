package org.sparkgbert.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sparkgbert.TinyModel;
import org.sparkgbert.TinyModel.Golden;
import org.sparkgbert.model.Bundle;

/** Compares with what the reference implementation computed. */
class GoldenVectorsTest {
  @Test
  void theTinyModelGivesTheVectorsOfTheReference() {
    try (SentenceEncoder encoder = Encoders.tiny()) {
      assertGolden(encoder, TinyModel.golden(), TinyModel.MAX_SEQ_LENGTH, 1e-5f);
    }
  }

  /** It is in int8; cosines are in the tests of the package convert. */
  @Test
  void theDefaultModelGivesNearlyTheVectorsOfTheReference() {
    Bundle bundle = Bundle.open(TinyModel.DEFAULT_MODEL);
    try (SentenceEncoder encoder = SentenceEncoder.open(bundle, TinyModel.settings())) {
      assertGolden(encoder, TinyModel.defaultModelGolden(), 512, 0.01f);
    }
  }

  @Test
  void aBundleOpensByItsPathAlone() {
    try (SentenceEncoder encoder = SentenceEncoder.open(TinyModel.DIRECTORY)) {
      float[][] vectors = encoder.encode(List.of(TinyModel.golden().get(0).text()));
      assertThat(vectors[0]).containsExactly(TinyModel.golden().get(0).embedding(), within(1e-3f));
      assertThat(encoder.bundle().manifest().name()).isEqualTo("tiny-bert");
    }
  }

  private static void assertGolden(
      SentenceEncoder encoder, List<Golden> golden, int limit, float tolerance) {
    List<String> texts = golden.stream().map(Golden::text).toList();
    List<EncodedText> encoded = encoder.encodeWindow(texts).texts();
    for (int i = 0; i < texts.size(); i++) {
      EncodedText text = encoded.get(i);
      assertThat(text.embedding())
          .as(texts.get(i))
          .containsExactly(golden.get(i).embedding(), within(tolerance));
      assertThat(text.tokens()).isEqualTo(golden.get(i).tokens());
      assertThat(text.status())
          .isEqualTo(text.tokens() > limit ? EmbeddingStatus.TRUNCATED : EmbeddingStatus.OK);
    }
    assertThat(encoded).extracting(EncodedText::status).contains(EmbeddingStatus.TRUNCATED);
  }
}
