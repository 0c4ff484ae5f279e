package org.sparkgbert.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkgbert.TinyModel;
import org.sparkgbert.encode.EncoderSettings;
import org.sparkgbert.encode.Encoders;
import org.sparkgbert.encode.SentenceEncoder;

class DeviceTest {
  private static final DeviceSettings CUDA =
      new DeviceSettings(
          DeviceChoice.CUDA, 1, "0", 0, DeviceSettings.ArenaGrowth.SAME_AS_REQUESTED);

  @Test
  void theCpuIsUsedWithoutANoteWhereItIsAskedFor() {
    try (SentenceEncoder encoder = Encoders.tiny()) {
      assertThat(encoder.device())
          .isEqualTo(new Device.Cpu(1))
          .hasToString("cpu, 1 thread per run");
      assertThat(encoder.deviceNote()).isEmpty();
    }
    assertThat(new Device.Cpu(4)).hasToString("cpu, 4 threads per run");
    assertThat(new Device.Cuda(2)).hasToString("cuda:2");
  }

  @Test
  void cudaIsRefusedWhereThereIsNoDriver() {
    skipWithNvidiaDriver();
    assertThatThrownBy(() -> Encoders.tiny(TinyModel.settings().withDevice(CUDA)))
        .isInstanceOf(DeviceException.class)
        .hasMessageMatching(
            "Cannot use CUDA: no NVIDIA driver found on this machine, looked for \\[.*]"
                + "|Cannot use CUDA: it needs Linux or Windows, found .*");
  }

  @Test
  void autoFallsBackToTheCpuAndSaysWhy() {
    skipWithNvidiaDriver();
    EncoderSettings auto = TinyModel.settings().withDevice(DeviceSettings.auto(2));
    try (SentenceEncoder encoder = Encoders.tiny(auto)) {
      assertThat(encoder.device()).isEqualTo(new Device.Cpu(2));
      assertThat(encoder.deviceNote()).startsWith("Cannot use CUDA: ").hasLineCount(1);
      assertThat(encoder.encode(List.of("Haus"))[0]).hasSize(TinyModel.DIMENSION);
    }
  }

  @Test
  void aGpuAgreesWithTheCpu() {
    List<String> texts = TinyModel.texts();
    try (SentenceEncoder gpu = openGpu();
        SentenceEncoder cpu = Encoders.tiny()) {
      assertThat(gpu.device()).isEqualTo(new Device.Cuda(0));
      assertThat(gpu.deviceNote()).isEmpty();
      float[][] expected = cpu.encode(texts);
      float[][] found = gpu.encode(texts);
      for (int i = 0; i < expected.length; i++) {
        assertThat(found[i]).as(texts.get(i)).containsExactly(expected[i], within(1e-3f));
      }
    }
  }

  private static SentenceEncoder openGpu() {
    try {
      return Encoders.tiny(TinyModel.settings().withDevice(CUDA));
    } catch (DeviceException e) {
      return skip(e.getMessage());
    }
  }

  private static void skipWithNvidiaDriver() {
    if (Stream.of("/proc/driver/nvidia/version", "/dev/nvidiactl", "/dev/dxg")
        .anyMatch(trace -> Files.exists(Path.of(trace)))) {
      skip("this machine has an NVIDIA driver");
    }
  }

  private static <T> T skip(String reason) {
    System.out.println("DeviceTest skips a test: " + reason);
    return abort(reason);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "null",
      value = {
        "0, null, 0",
        "3, null, 3",
        "1, 'GPU-b,GPU-a', 1",
        "GPU-a, GPU-a, 0",
        "GPU-a, 'GPU-b, GPU-a', 1",
        "MIG-c, ' GPU-b ,MIG-c ', 1",
        "GPU-b, ' GPU-b ,MIG-c', 0",
      })
  void anAddressIsAnIndexOrAPlaceAmongTheVisibleDevices(String address, String visible, int index) {
    assertThat(NvidiaDriver.indexOf(address, visible)).isEqualTo(index);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "null",
      delimiter = '|',
      value = {
        "GPU-a | null        | GPU 'GPU-a' is not in CUDA_VISIBLE_DEVICES, which is not set",
        "GPU-a | GPU-b,GPU-c | GPU 'GPU-a' is not in CUDA_VISIBLE_DEVICES, found [GPU-b, GPU-c]",
        "GPU-a | ''          | GPU 'GPU-a' is not in CUDA_VISIBLE_DEVICES, found []",
        "-1    | 0,1         | GPU '-1' is not in CUDA_VISIBLE_DEVICES, found [0, 1]",
      })
  void anAddressThatIsNotVisibleIsRefused(String address, String visible, String reason) {
    assertThatThrownBy(() -> NvidiaDriver.indexOf(address, visible))
        .isInstanceOf(DeviceException.class)
        .hasMessage("Cannot use CUDA: " + reason);
  }
}
