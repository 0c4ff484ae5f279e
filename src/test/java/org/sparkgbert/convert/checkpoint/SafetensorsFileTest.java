package org.sparkgbert.convert.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFileTest {
  private static final String A = "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";

  @TempDir private Path directory;

  @Test
  void tensorsOfEachWeightTypeAreReadExactly() {
    TestSafetensors file =
        new TestSafetensors()
            .entry("\"__metadata__\":{\"format\":\"pt\"}")
            .floats("f32", new long[] {2, 2}, 1.5f, -0f, Float.MIN_VALUE, Float.NaN)
            .shorts("f16", "F16", (short) 0x3c00, (short) 0x0001, (short) 0xfc00)
            .shorts("bf16", "BF16", (short) 0x3f80, (short) 0xc049)
            .floats("scalar", new long[0], 7)
            .floats("empty", new long[] {0, 3});
    try (Weights weights = file.open(directory)) {
      assertThat(weights.names()).containsExactly("f32", "f16", "bf16", "scalar", "empty");
      assertThat(weights.format()).isEqualTo("safetensors");
      assertThat(weights.info("f32")).hasToString("'f32' F32 [2, 2]");
      assertThat(weights.floats("f32")).containsExactly(1.5f, -0f, Float.MIN_VALUE, Float.NaN);
      assertThat(weights.floats("f16")).containsExactly(1, 0x1p-24f, Float.NEGATIVE_INFINITY);
      assertThat(weights.floats("bf16")).containsExactly(1, -3.140625f);
      assertThat(weights.floats("scalar")).containsExactly(7);
      assertThat(weights.floats("empty")).isEmpty();
    }
  }

  @Test
  void dataMayLieInAnotherOrderThanTheHeader() {
    String b = "\"b\":{\"data_offsets\":[8,12],\"shape\":[1],\"dtype\":\"F32\"}";
    byte[] data = new byte[12];
    data[11] = 0x40;
    try (Weights weights =
        TestSafetensors.open(directory, TestSafetensors.bytes("{" + b + "," + A + "}  ", data))) {
      assertThat(weights.names()).containsExactly("b", "a");
      assertThat(weights.floats("b")).containsExactly(2);
      assertThat(weights.floats("a")).containsExactly(0, 0);
    }
  }

  @Test
  void largeTensorsComeInBlocksOfBoundedSize() {
    float[] values = new float[150_001];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    List<Integer> counts = new ArrayList<>();
    try (Weights weights = new TestSafetensors().floats("w", values).open(directory)) {
      weights.forEachBlock("w", (block, count) -> counts.add(count));
      assertThat(weights.floats("w")).containsExactly(values);
    }
    assertThat(counts).containsExactly(65_536, 65_536, 18_929);
  }

  @Test
  void tensorsMayLieBeyondTwoGigabytes() throws IOException {
    long first = (1L << 31) + 8;
    String header =
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[%d],\"data_offsets\":[0,%d]},".formatted(first, first)
            + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[%d,%d]}}"
                .formatted(first, first + 4);
    byte[] start = TestSafetensors.bytes(header, new byte[0]);
    Path file = directory.resolve(TestSafetensors.FILE);
    try (FileChannel sparse =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            StandardOpenOption.SPARSE)) {
      sparse.write(ByteBuffer.wrap(start));
      ByteBuffer last = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(0, 2.5f);
      sparse.write(last, start.length + first);
    }
    try (Weights weights = WeightFiles.open(directory)) {
      assertThat(weights.floats("b")).containsExactly(2.5f);
    }
  }

  @Test
  void tensorsOfOtherTypesAreListedButAreNoWeights() {
    TestSafetensors file =
        new TestSafetensors().tensor("position_ids", "I64", new long[] {1, 2}, new byte[16]);
    try (Weights weights = file.open(directory)) {
      assertThat(weights.info("position_ids")).hasToString("'position_ids' I64 [1, 2]");
      String message =
          "Cannot read tensor 'position_ids' from %s: weights must be F32, F16, BF16 or F64, found I64"
              .formatted(directory.resolve(TestSafetensors.FILE));
      assertThatThrownBy(() -> weights.floats("position_ids"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(message);
      assertThatThrownBy(() -> weights.forEachBlock("position_ids", (values, count) -> {}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(message);
    }
  }

  @Test
  void aMissingTensorIsNamedWithTheMostSimilarOnes() {
    TestSafetensors file =
        new TestSafetensors()
            .floats("bert.embeddings.LayerNorm.gamma", 1)
            .floats("bert.embeddings.LayerNorm.beta", 1)
            .floats("bert.encoder.layer.0.output.weight", 1);
    try (Weights weights = file.open(directory)) {
      assertThatThrownBy(() -> weights.info("embeddings.LayerNorm.gamma"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "Cannot read tensor 'embeddings.LayerNorm.gamma' from %s: it does not exist, found"
                  + " 'bert.embeddings.LayerNorm.gamma'",
              directory.resolve(TestSafetensors.FILE));
      assertThatThrownBy(() -> weights.floats("bert.embeddings.LayerNorm.weight"))
          .hasMessageEndingWith(
              "found 'bert.embeddings.LayerNorm.beta', 'bert.embeddings.LayerNorm.gamma', "
                  + "'bert.encoder.layer.0.output.weight'");
      assertThatThrownBy(() -> weights.floats("x")).hasMessageEndingWith("found 3 others");
    }
  }

  @Test
  void afterClosingNothingIsRead() {
    Weights weights = new TestSafetensors().floats("w", 1).open(directory);
    weights.close();
    weights.close();
    assertThatThrownBy(() -> weights.floats("w"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot read %s: it is closed", directory.resolve(TestSafetensors.FILE));
  }

  @Test
  void aBlockThatCannotBeTakenIsAnUncheckedException() {
    try (Weights weights = new TestSafetensors().floats("w", 1).open(directory)) {
      FloatBlock full =
          (values, count) -> {
            throw new IOException("disk full");
          };
      assertThatThrownBy(() -> weights.forEachBlock("w", full))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessage(
              "Cannot read tensor 'w' from %s: java.io.IOException: disk full",
              directory.resolve(TestSafetensors.FILE));
    }
  }

  @Test
  void aFileThatShrinksWhileItIsReadIsAnUncheckedException() throws IOException {
    try (Weights weights = new TestSafetensors().floats("w", 1, 2, 3).open(directory)) {
      Files.write(directory.resolve(TestSafetensors.FILE), new byte[4]);
      assertThatThrownBy(() -> weights.floats("w"))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageEndingWith("it was truncated while it was read");
    }
  }
}
