package org.sparkgbert.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sparkgbert.TinyModel;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.model.BundleManifest;
import org.sparkgbert.onnx.DeviceSettings;
import org.sparkgbert.settings.Settings;
import org.sparkgbert.tokenize.LongText;
import org.sparkgbert.tokenize.TextOptions;

/** Beginnings of vectors, and unit length. */
class VectorFormTest {
  private static final BundleManifest TINY = Bundle.open(TinyModel.DIRECTORY).manifest();
  private static final VectorForm UNIT = new VectorForm(4, false, 4, true);

  private static EncoderSettings settings(int dimensions, boolean normalize) {
    return settings(
        Settings.NONE
            .with(EncoderOptions.DIMENSIONS, dimensions)
            .with(EncoderOptions.NORMALIZE, normalize));
  }

  private static EncoderSettings settings(Settings settings) {
    return EncoderSettings.of(settings, 1).withDevice(DeviceSettings.cpu(1));
  }

  private static double norm(float[] vector) {
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    return Math.sqrt(squares);
  }

  @Test
  void vectorsGetUnitLengthWhateverTheirSize() {
    for (float size : new float[] {1e-38f, 1e-20f, 1, 1e20f, 3e38f}) {
      float[] vector = UNIT.of(new float[] {9, 0.6f * size, 0, -0.8f * size, 0}, 1, 4);
      assertThat(vector).as("of %s", size).hasSize(4);
      assertThat(vector[0]).isCloseTo(0.6f, within(1e-6f));
      assertThat(vector[2]).isCloseTo(-0.8f, within(1e-6f));
    }
  }

  @Test
  void aZeroVectorStaysZeroAndTheModelsVectorsStayAsTheyAre() {
    float[] model = {0, 0, 0, 0, 3};
    assertThat(UNIT.of(model, 0, 4)).containsOnly(0);
    assertThat(UNIT.of(model, 1, 4)).containsExactly(0, 0, 0, 1);
    assertThat(model).containsExactly(0, 0, 0, 0, 3);
  }

  @Test
  void vectorsAreTheBeginningsOfThoseOfTheModelAtUnitLength() {
    List<String> texts = List.of("Guten Morgen!", "Das Wetter ist sehr gut. ".repeat(60));
    for (LongText longText : LongText.values()) {
      Settings plain = Settings.NONE.with(TextOptions.LONG_TEXT, longText);
      float[][] whole = encoded(plain, texts);
      float[][] cut = encoded(plain.with(EncoderOptions.DIMENSIONS, 12), texts);
      float[][] unit = encoded(plain.with(EncoderOptions.NORMALIZE, true), texts);
      for (int i = 0; i < texts.size(); i++) {
        assertThat(norm(cut[i])).isCloseTo(1, within(1e-6));
        assertThat(norm(unit[i])).isCloseTo(1, within(1e-6));
        double beginning = norm(Arrays.copyOf(whole[i], 12));
        assertThat(cut[i]).hasSize(12);
        assertThat(unit[i]).hasSize(32);
        for (int j = 0; j < 32; j++) {
          assertThat(unit[i][j] * norm(whole[i])).isCloseTo(whole[i][j], within(1e-5));
          if (j < 12) {
            assertThat(cut[i][j] * beginning).isCloseTo(whole[i][j], within(1e-5));
          }
        }
      }
    }
  }

  private static float[][] encoded(Settings settings, List<String> texts) {
    try (SentenceEncoder encoder = Encoders.tiny(settings(settings))) {
      return encoder.encode(texts);
    }
  }

  @Test
  void vectorsOfAModelThatGivesUnitLengthStayAsTheyAreUnlessTheyAreCut() {
    BundleManifest unit = BundleManifest.parse(TINY.toJson().replace(": false,", ": true,"));
    assertThat(unit.normalize()).isTrue();
    VectorForm plain = VectorForm.of(unit, settings(0, false));
    assertThat(plain).isEqualTo(new VectorForm(32, true, 32, false));
    assertThat(VectorForm.of(unit, settings(0, true))).isEqualTo(plain);
    assertThat(VectorForm.of(unit, settings(32, true))).isEqualTo(plain);
    assertThat(VectorForm.of(unit, settings(31, false)))
        .isEqualTo(new VectorForm(32, true, 31, true));
    assertThat(plain.hasUnitLength()).isTrue();
    assertThat(VectorForm.of(TINY, settings(0, false)).hasUnitLength()).isFalse();
  }

  @Test
  void moreElementsThanTheModelHasAreRefused() {
    assertThatThrownBy(() -> VectorForm.of(TINY, settings(33, false)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot encode: dimensions must be at most 32, those of tiny-bert, found 33");
    assertThatThrownBy(() -> Encoders.tiny(settings(33, false)))
        .hasMessageContaining("dimensions must be at most 32");
  }

  @Test
  void aWarningNamesAModelThatDoesNotSayThatItWasTrainedForIt() {
    VectorForm half = VectorForm.of(TINY, settings(16, false));
    assertThat(half.warning(TINY))
        .contains(
            "Warning: embeddings of tiny-bert are cut to their first 16 of 32 dimensions, and its"
                + " bundle.json does not say that it was trained for that (matryoshka_dimensions):"
                + " compare results with those of all");
    assertThat(half.warning(TINY.withMatryoshkaDimensions(List.of(8, 24))))
        .hasValueSatisfying(line -> assertThat(line).contains("was trained for [8, 24]"));
    assertThat(half.warning(TINY.withMatryoshkaDimensions(List.of(8, 16)))).isEmpty();
    assertThat(half.warning(TINY.withMatryoshkaDimensions(List.of()))).isEmpty();
    assertThat(VectorForm.of(TINY, settings(32, false)).warning(TINY)).isEmpty();
    assertThat(VectorForm.of(TINY, settings(0, true)).warning(TINY)).isEmpty();
  }

  @Test
  void aManifestKeepsWhatTheModelWasTrainedFor() {
    BundleManifest trained = TINY.withMatryoshkaDimensions(List.of(8, 16)).withPrompt("x");
    assertThat(BundleManifest.parse(trained.toJson())).isEqualTo(trained);
    assertThat(TINY.toJson()).doesNotContain("matryoshka");
    assertThat(trained.network()).isEqualTo(TINY.network());
    assertThatThrownBy(() -> TINY.withMatryoshkaDimensions(List.of(8, 0)))
        .hasMessage("matryoshka_dimensions must be positive, found [8, 0]");
  }
}
