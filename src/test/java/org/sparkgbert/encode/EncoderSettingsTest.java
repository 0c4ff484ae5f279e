package org.sparkgbert.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkgbert.TinyModel;
import org.sparkgbert.onnx.DeviceChoice;
import org.sparkgbert.onnx.DeviceSettings;
import org.sparkgbert.tokenize.LongText;
import org.sparkgbert.tokenize.UnicodeForm;

class EncoderSettingsTest {
  private static final DeviceSettings CPU = DeviceSettings.cpu(1);

  @ParameterizedTest
  @CsvSource({
    "-1, 0, 1, 1, 1, 'Cannot run: --max-seq-length must be at least 0, found -1'",
    "0, -1, 1, 1, 1, 'Cannot run: --dimensions must be at least 0, found -1'",
    "0, 0, -1, 1, 1, 'Cannot run: --token-budget must be at least 0, found -1'",
    "0, 0, 1, 0, 1, 'Cannot run: --window-rows must be at least 1, found 0'",
    "0, 0, 1, 1, 0, 'Cannot encode: window characters must be positive, found 0'",
  })
  void valuesOutOfRangeAreRefused(
      int max, int dimensions, int budget, int rows, int characters, String message) {
    assertThatThrownBy(
            () ->
                new EncoderSettings(
                    TinyModel.cleaner(),
                    max,
                    LongText.CUT,
                    false,
                    dimensions,
                    budget,
                    rows,
                    characters,
                    true,
                    CPU))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void deviceValuesOutOfRangeAreRefused() {
    assertThatThrownBy(() -> DeviceSettings.cpu(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot use device: threads must be positive, found 0");
    assertThatThrownBy(() -> new DeviceSettings(DeviceChoice.CUDA, 1, "0", -1, CPU.arena()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot run: --gpu-memory-limit must be at least 0, found -1");
  }

  @Test
  void theDefaultsCutAtTheModelsLimitUnderNfcAndDedupe() {
    EncoderSettings settings = EncoderSettings.on(CPU);
    assertThat(settings.cleaner().form()).isEqualTo(UnicodeForm.NFC);
    assertThat(settings.maxSeqLength()).isZero();
    assertThat(settings.longText()).isEqualTo(LongText.CUT);
    assertThat(settings.dedupe()).isTrue();
  }

  @Test
  void otherDevicesChangeNothingElse() {
    DeviceSettings other = DeviceSettings.auto(3).withGpuAddress("GPU-a");
    assertThat(other.gpuAddress()).isEqualTo("GPU-a");
    assertThat(other.withGpuAddress("0")).isEqualTo(DeviceSettings.auto(3));
    assertThat(EncoderSettings.on(CPU).withDevice(other)).isEqualTo(EncoderSettings.on(other));
  }

  @Test
  void settingsTravelAndEqualOnesServeAsOneKey() throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(EncoderSettings.on(CPU));
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(in.readObject())
          .isEqualTo(EncoderSettings.on(CPU))
          .hasSameHashCodeAs(EncoderSettings.on(CPU));
    }
  }

  @Test
  void statusesHaveTheirNamesInLowerCase() {
    assertThat(List.of(EmbeddingStatus.values()))
        .extracting(EmbeddingStatus::label)
        .containsExactly("ok", "truncated", "empty", "failed", "missing");
  }
}
