package org.sparkgbert.convert.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.TinyModel;

class FourBitWeightsTest {
  private static final short ONE = 0x3C00;
  private static final short MINUS_TWO = (short) 0xC000;

  @TempDir Path folder;

  @Test
  void eachBlockOfThirtyTwoNumbersHasItsScale() throws IOException {
    byte[] numbers = new byte[2 * 32];
    Arrays.fill(numbers, (byte) 0x88);
    numbers[0] = (byte) 0xF0;
    numbers[15] = 0x1F;
    numbers[16] = (byte) 0x87;
    numbers[63] = 0x00;
    try (Weights weights = open(matrix(numbers, new long[] {2, 32}, ONE, MINUS_TWO, ONE, ONE))) {
      assertThat(weights.names()).containsExactly("a.weight", "a.bias");
      assertThat(weights.info("a.weight"))
          .isEqualTo(new TensorInfo("a.weight", DataType.F32, new long[] {2, 64}));
      float[] expected = new float[128];
      expected[0] = -8;
      expected[16] = 7;
      expected[15] = 7;
      expected[31] = -7;
      expected[32] = 2;
      expected[111] = -8;
      expected[127] = -8;
      float[] found = weights.floats("a.weight");
      for (int i = 0; i < found.length; i++) {
        assertThat(found[i] + 0f).as("weight %d", i).isEqualTo(expected[i]);
      }
      assertThat(weights.floats("a.bias")).containsExactly(0.5f);
      assertThat(weights.format()).isEqualTo("safetensors with 4 bits per weight");
    }
  }

  @Test
  void aLongMatrixComesInSeveralBlocksOfTheSameValues() throws IOException {
    int rows = 700;
    byte[] numbers = new byte[rows * 64];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (byte) (i * 7);
    }
    short[] scales = new short[rows * 4];
    Arrays.fill(scales, ONE);
    try (Weights weights = open(matrix(numbers, new long[] {rows, 64}, scales))) {
      int[] blocks = {0};
      double[] sum = {0};
      weights.forEachBlock(
          "a.weight",
          (values, count) -> {
            blocks[0]++;
            for (int i = 0; i < count; i++) {
              sum[0] += values[i] * (i % 13);
            }
          });
      float[] whole = weights.floats("a.weight");
      assertThat(whole).hasSize(rows * 128);
      assertThat(blocks[0]).isEqualTo(2);
      double expected = 0;
      for (int i = 0; i < whole.length; i++) {
        int pair = numbers[i / 32 * 16 + i % 16];
        int number = (i % 32 < 16 ? pair : pair >> 4) & 15;
        assertThat(whole[i]).isEqualTo(number - 8f);
        expected += whole[i] * (i % StoredTensor.BLOCK % 13);
      }
      assertThat(sum[0]).isEqualTo(expected);
    }
  }

  @Test
  void aMatrixWithoutScalesIsRefused() {
    assertRefused(
        new TestSafetensors().tensor("a.q4", "U8", new long[] {1, 16}, new byte[16]),
        "tensor 'a.q4' needs 'a.q4_scale', found none");
  }

  @Test
  void scalesWithoutAMatrixAreRefused() {
    assertRefused(
        new TestSafetensors().shorts("a.q4_scale", "F16", ONE),
        "tensor 'a.q4_scale' needs 'a.q4', found none");
  }

  @Test
  void numbersOfAnotherTypeOrShapeAreRefused() {
    String rule =
        "tensor 'a.q4' must be U8 with two axes, the second a multiple of 16, and at most";
    assertRefused(
        scales(new TestSafetensors().tensor("a.q4", "I8", new long[] {1, 16}, new byte[16])), rule);
    assertRefused(
        scales(new TestSafetensors().tensor("a.q4", "U8", new long[] {16}, new byte[16])), rule);
    assertRefused(
        scales(new TestSafetensors().tensor("a.q4", "U8", new long[] {1, 8}, new byte[8])), rule);
  }

  @Test
  void scalesOfAnotherTypeOrShapeAreRefused() {
    TestSafetensors wrongType =
        new TestSafetensors()
            .tensor("a.q4", "U8", new long[] {1, 16}, new byte[16])
            .tensor("a.q4_scale", "F32", new long[] {1, 1}, new byte[4]);
    assertRefused(
        wrongType, "tensor 'a.q4_scale' must be F16 [1, 1], found 'a.q4_scale' F32 [1, 1]");
    TestSafetensors tooMany =
        new TestSafetensors()
            .tensor("a.q4", "U8", new long[] {1, 16}, new byte[16])
            .tensor("a.q4_scale", "F16", new long[] {1, 2}, new byte[4]);
    assertRefused(tooMany, "must be F16 [1, 1], found 'a.q4_scale' F16 [1, 2]");
  }

  @Test
  void aMatrixInTwoFormsIsRefused() {
    assertRefused(
        scales(new TestSafetensors().tensor("a.q4", "U8", new long[] {1, 16}, new byte[16]))
            .floats("a", 1),
        "tensor 'a' must be there once, found it with 4 bits and without");
  }

  @Test
  void aFileThatIsCutOffIsRefused() throws IOException {
    byte[] content = new TestSafetensors().floats("a", 1, 2).bytes();
    Path file = folder.resolve(FourBitWeights.FILE);
    Files.write(file, Arrays.copyOf(content, content.length - 1));
    assertThatThrownBy(() -> WeightFiles.open(folder))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot read " + file + ": its 1 tensors take 8 bytes");
  }

  @Test
  void anUnknownNameIsRefusedWithSimilarOnes() throws IOException {
    try (Weights weights = open(matrix(new byte[16], new long[] {1, 16}, ONE))) {
      assertThatThrownBy(() -> weights.floats("a.weigh"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("a.weight");
    }
  }

  @Test
  void theDefaultModelsMatricesAreFinite() {
    try (Weights weights = WeightFiles.open(TinyModel.DEFAULT_CHECKPOINT)) {
      assertThat(weights.names()).hasSize(197);
      weights
          .names()
          .forEach(
              name -> weights.forEachBlock(name, new FiniteCheck(name, (values, count) -> {})));
    }
  }

  private static TestSafetensors matrix(byte[] numbers, long[] shape, short... scales) {
    byte[] bytes = new byte[2 * scales.length];
    for (int i = 0; i < scales.length; i++) {
      bytes[2 * i] = (byte) scales[i];
      bytes[2 * i + 1] = (byte) (scales[i] >> 8);
    }
    return new TestSafetensors()
        .tensor("a.weight.q4", "U8", shape, numbers)
        .tensor("a.weight.q4_scale", "F16", new long[] {shape[0], shape[1] / 16}, bytes)
        .floats("a.bias", 0.5f);
  }

  private static TestSafetensors scales(TestSafetensors numbers) {
    return numbers.tensor("a.q4_scale", "F16", new long[] {1, 1}, new byte[2]);
  }

  private Weights open(TestSafetensors file) throws IOException {
    Files.write(folder.resolve(FourBitWeights.FILE), file.bytes());
    return WeightFiles.open(folder);
  }

  private void assertRefused(TestSafetensors file, String reason) {
    assertThatThrownBy(() -> open(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot read " + folder.resolve(FourBitWeights.FILE) + ": ")
        .hasMessageContaining(reason)
        .hasMessageNotContaining("\n");
  }
}
