package org.sparkgbert.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.TinyModel;
import org.sparkgbert.files.Checksums;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.onnx.DeviceSettings;
import org.sparkgbert.settings.Settings;
import org.sparkgbert.tokenize.LongText;
import org.sparkgbert.tokenize.TextOptions;
import org.sparkgbert.tokenize.UnicodeForm;

/** Fingerprints are equal exactly if vectors are. */
class FingerprintTest {
  /** Texts that each setting treats in its own way. */
  private static final List<String> TEXTS =
      List.of(
          "Guten Morgen, wie geht es Ihnen?",
          "Gru\u0308n ist die Wa\u0308sche.",
          "Das Wetter in Bremen ist heute sehr gut. ".repeat(40));

  @TempDir private Path folder;

  private record Variant(Bundle bundle, EncoderSettings settings) {
    private String fingerprint() {
      return Fingerprint.of(bundle, settings).sha256();
    }

    private float[][] vectors() {
      try (SentenceEncoder encoder = SentenceEncoder.open(bundle, settings)) {
        return encoder.encode(TEXTS);
      }
    }
  }

  private static EncoderSettings settings(Settings settings) {
    return EncoderSettings.of(settings, 1).withDevice(DeviceSettings.cpu(1));
  }

  private Bundle edited(String name, String from, String to) throws IOException {
    Path copy = TinyModel.copyTo(folder.resolve(name));
    TinyModel.editManifest(copy, from, to);
    return Bundle.open(copy);
  }

  private Map<String, Variant> variants() throws IOException {
    Bundle tiny = Bundle.open(TinyModel.DIRECTORY);
    Settings none = Settings.NONE;
    Settings short64 = none.with(EncoderOptions.MAX_SEQ_LENGTH, 64);
    Map<String, Variant> variants = new LinkedHashMap<>();
    variants.put("plain", new Variant(tiny, settings(none)));
    variants.put(
        "the model's own limit",
        new Variant(tiny, settings(none.with(EncoderOptions.MAX_SEQ_LENGTH, 128))));
    variants.put(
        "other batches",
        new Variant(
            tiny,
            settings(
                none.with(EncoderOptions.TOKEN_BUDGET, 256)
                    .with(EncoderOptions.WINDOW_ROWS, 2)
                    .with(EncoderOptions.DEDUPE, false))));
    variants.put(
        "another import",
        new Variant(edited("again", "\"name\": \"tiny-bert\"", "\"name\": \"b\""), settings(none)));
    variants.put("limit", new Variant(tiny, settings(short64)));
    variants.put(
        "limit of the bundle",
        new Variant(
            edited("limit", "\"max_seq_length\": 128", "\"max_seq_length\": 64"), settings(none)));
    variants.put(
        "prompt",
        new Variant(
            edited("prompt", "\"prompt\": \"\"", "\"prompt\": \"Hallo \""), settings(none)));
    variants.put(
        "chunks", new Variant(tiny, settings(none.with(TextOptions.LONG_TEXT, LongText.CHUNKS))));
    variants.put(
        "chunks of a limit",
        new Variant(tiny, settings(short64.with(TextOptions.LONG_TEXT, LongText.CHUNKS))));
    variants.put(
        "unicode",
        new Variant(tiny, settings(none.with(TextOptions.NORMALIZE_UNICODE, UnicodeForm.NONE))));
    variants.put(
        "characters", new Variant(tiny, settings(none.with(TextOptions.MAX_CHARACTERS, 20))));
    variants.put(
        "unit length", new Variant(tiny, settings(none.with(EncoderOptions.NORMALIZE, true))));
    variants.put(
        "all elements, at unit length",
        new Variant(tiny, settings(none.with(EncoderOptions.DIMENSIONS, 32))));
    variants.put(
        "half of the elements",
        new Variant(tiny, settings(none.with(EncoderOptions.DIMENSIONS, 16))));
    variants.put(
        "half of the elements, at unit length",
        new Variant(
            tiny,
            settings(
                none.with(EncoderOptions.DIMENSIONS, 16).with(EncoderOptions.NORMALIZE, true))));
    return variants;
  }

  @Test
  void theyAreEqualExactlyIfVectorsAre() throws IOException {
    Map<String, Variant> variants = variants();
    Map<String, float[][]> vectors = new LinkedHashMap<>();
    variants.forEach((name, variant) -> vectors.put(name, variant.vectors()));
    List<String> equal = new ArrayList<>();
    for (String one : variants.keySet()) {
      for (String other : variants.keySet()) {
        boolean same = variants.get(one).fingerprint().equals(variants.get(other).fingerprint());
        assertThat(same)
            .as("%s and %s", one, other)
            .isEqualTo(areClose(vectors.get(one), vectors.get(other)));
        if (same && one.compareTo(other) < 0) {
          equal.add(one + " = " + other);
        }
      }
    }
    assertThat(equal).as("pairs of eleven equal ones").hasSize(6 + 1 + 1 + 1);
  }

  private static boolean areClose(float[][] one, float[][] other) {
    for (int i = 0; i < one.length; i++) {
      if (one[i].length != other[i].length) {
        return false;
      }
      for (int j = 0; j < one[i].length; j++) {
        if (Math.abs(one[i][j] - other[i][j]) > 1e-5) {
          return false;
        }
      }
    }
    return true;
  }

  /** Tables that were written before there were forms know their vectors still. */
  @Test
  void vectorsAsTheModelGivesThemHaveTheFingerprintThatTheyAlwaysHad() {
    Bundle tiny = Bundle.open(TinyModel.DIRECTORY);
    assertThat(Fingerprint.of(tiny, settings(Settings.NONE)).sha256())
        .isEqualTo(
            Checksums.sha256(
                List.of("1", tiny.manifest().network(), "", "128", "cut", "nfc", "65536")));
  }

  @Test
  void everySettingOfTheEncoderIsKnownToChangeVectorsOrNot() {
    assertThat(Arrays.stream(EncoderSettings.class.getRecordComponents()).map(c -> c.getName()))
        .containsExactlyInAnyOrder(
            "cleaner",
            "maxSeqLength",
            "longText",
            "normalize",
            "dimensions",
            "tokenBudget",
            "windowRows",
            "windowCharacters",
            "dedupe",
            "device");
    assertThat(Arrays.stream(Fingerprint.class.getRecordComponents()).map(c -> c.getName()))
        .containsExactly(
            "network",
            "prompt",
            "maxSeqLength",
            "longText",
            "normalizeUnicode",
            "maxCharacters",
            "dimension",
            "isCut",
            "normalizes");
  }
}
