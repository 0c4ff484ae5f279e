package org.sparkgbert.convert.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {
  /** Longer than the writer's buffer. */
  private static final int LONG = 300_001;

  @TempDir Path folder;

  @Test
  void whatIsWrittenIsReadBackBitForBit() throws IOException {
    Map<String, float[]> values = new LinkedHashMap<>();
    values.put("long.weight", random(LONG));
    values.put("bias", new float[] {Float.MIN_VALUE, -0f, 1e38f});
    values.put("scalar", new float[] {7});
    Map<String, long[]> shapes = new LinkedHashMap<>();
    shapes.put("long.weight", new long[] {LONG, 1});
    shapes.put("bias", new long[] {3});
    shapes.put("scalar", new long[0]);
    SafetensorsWriter.write(file(), shapes, values::get);
    try (Weights read = WeightFiles.open(folder)) {
      assertThat(read.names()).containsExactly("long.weight", "bias", "scalar");
      assertThat(read.info("long.weight").shape()).containsExactly(LONG, 1);
      for (String name : shapes.keySet()) {
        assertThat(read.floats(name)).isEqualTo(values.get(name));
      }
    }
  }

  @Test
  void tensorsAreAlignedAndTheFrameworkIsNamed() throws IOException {
    SafetensorsWriter.write(file(), Map.of("a", new long[] {1}), name -> new float[] {1});
    byte[] bytes = Files.readAllBytes(file());
    int header = Math.toIntExact(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong());
    assertThat(header % 8).isZero();
    assertThat(new String(bytes, 8, header, StandardCharsets.UTF_8))
        .contains("\"__metadata__\":{\"format\":\"pt\"}");
    assertThat(bytes).hasSize(8 + header + Float.BYTES);
  }

  @Test
  void anotherCountOfValuesIsRefusedAndNoFileIsReplaced() throws IOException {
    assertThatThrownBy(
            () ->
                SafetensorsWriter.write(
                    file(), Map.of("a", new long[] {2, 2}), name -> new float[3]))
        .hasMessage("Cannot write tensor a: its shape is [2, 2], found 3 values");
    assertThatThrownBy(
            () ->
                SafetensorsWriter.write(file(), Map.of("a", new long[] {1}), name -> new float[1]))
        .isInstanceOf(FileAlreadyExistsException.class);
  }

  private Path file() {
    return folder.resolve("model.safetensors");
  }

  private static float[] random(int count) {
    SplittableRandom random = new SplittableRandom(1);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
