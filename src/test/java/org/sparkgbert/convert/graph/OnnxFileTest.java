package org.sparkgbert.convert.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.TinyGraph;

class OnnxFileTest {
  private static final ModelProto SKELETON =
      new TinyGraph(17)
          .input("input_ids", TinyGraph.INT64, "rows", "tokens")
          .node("Gather", "hidden", "first", "input_ids")
          .output("hidden", TinyGraph.FLOAT, "rows", "tokens", 3)
          .build();
  private static final float[] FIRST = {1, -2, 3.5f, 4, 5, -6.25f};
  private static final float[] SECOND = {0.5f, 65_504};

  @TempDir Path folder;

  @Test
  void inlineWeightsFollowTheGraphInOneFile() throws IOException {
    Path file = folder.resolve("model.onnx");
    OnnxFile.write(file, SKELETON, weights());
    ModelProto read = ModelProto.parseFrom(Files.readAllBytes(file));
    assertThat(withoutWeights(read)).isEqualTo(SKELETON);
    TensorProto first = read.getGraph().getInitializer(0);
    assertThat(first.getName()).isEqualTo("first");
    assertThat(first.getDimsList()).containsExactly(2L, 3L);
    assertThat(first.getDataType()).isEqualTo(TensorProto.DataType.FLOAT_VALUE);
    assertThat(floats(first.getRawData().toByteArray())).isEqualTo(FIRST);
    TensorProto second = read.getGraph().getInitializer(1);
    assertThat(second.getDataType()).isEqualTo(TensorProto.DataType.FLOAT16_VALUE);
    assertThat(second.getRawData().toByteArray()).containsExactly(0x00, 0x38, 0xff, 0x7b);
    assertThat(folder).isDirectoryNotContaining(path -> !path.equals(file));
  }

  @Test
  void externalWeightsLieInTheirOwnFileAtWholePages() throws IOException {
    Path file = folder.resolve("model.onnx");
    OnnxFile.write(file, SKELETON, weights(), true);
    ModelProto read = ModelProto.parseFrom(Files.readAllBytes(file));
    assertThat(withoutWeights(read)).isEqualTo(SKELETON);
    byte[] data = Files.readAllBytes(folder.resolve("model.onnx.data"));
    assertThat(data).hasSize(8192);
    TensorProto first = read.getGraph().getInitializer(0);
    assertThat(first.getDataLocation()).isEqualTo(TensorProto.DataLocation.EXTERNAL);
    assertThat(first.hasRawData()).isFalse();
    assertThat(location(first)).isEqualTo("location=model.onnx.data offset=0 length=24");
    assertThat(location(read.getGraph().getInitializer(1)))
        .isEqualTo("location=model.onnx.data offset=4096 length=4");
    assertThat(floats(ByteBuffer.wrap(data, 0, 24))).isEqualTo(FIRST);
    assertThat(ByteBuffer.wrap(data, 4096, 4).getInt()).isEqualTo(0x0038ff7b);
  }

  @Test
  void aTensorThatGivesTooFewOrTooManyValuesIsAnError() {
    for (boolean external : List.of(false, true)) {
      for (int count : new int[] {5, 7}) {
        StreamedTensor wrong =
            new StreamedTensor(
                "first",
                ElementType.FLOAT32,
                new long[] {2, 3},
                target -> target.accept(new float[count], count));
        assertThatThrownBy(
                () ->
                    OnnxFile.write(
                        folder.resolve("model.onnx"), SKELETON, List.of(wrong), external))
            .isInstanceOf(IllegalStateException.class)
            .hasMessage("Cannot write tensor first: it has 6 values, found " + count);
      }
    }
  }

  @Test
  void aTensorKnowsItsSize() {
    StreamedTensor tensor =
        new StreamedTensor("large", ElementType.FLOAT16, new long[] {70_000, 70_000}, target -> {});
    assertThat(tensor.elements()).isEqualTo(4_900_000_000L);
    assertThat(tensor.bytes()).isEqualTo(9_800_000_000L);
    StreamedTensor tooLarge =
        new StreamedTensor(
            "larger", ElementType.FLOAT16, new long[] {Long.MAX_VALUE, 2}, target -> {});
    assertThatThrownBy(tooLarge::elements)
        .isInstanceOf(ArithmeticException.class)
        .hasMessage("long overflow");
  }

  private static List<StreamedTensor> weights() {
    return List.of(
        new StreamedTensor(
            "first",
            ElementType.FLOAT32,
            new long[] {2, 3},
            target -> {
              target.accept(new float[] {1, -2, 3.5f, 4, 99}, 4);
              target.accept(new float[] {5, -6.25f}, 2);
            }),
        new StreamedTensor(
            "second", ElementType.FLOAT16, new long[] {2}, target -> target.accept(SECOND, 2)));
  }

  private static ModelProto withoutWeights(ModelProto model) {
    ModelProto.Builder builder = model.toBuilder();
    builder.getGraphBuilder().clearInitializer();
    return builder.build();
  }

  private static String location(TensorProto tensor) {
    return tensor.getExternalDataList().stream()
        .map((StringStringEntryProto entry) -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(" "));
  }

  private static float[] floats(byte[] bytes) {
    return floats(ByteBuffer.wrap(bytes));
  }

  private static float[] floats(ByteBuffer bytes) {
    float[] values = new float[bytes.remaining() / Float.BYTES];
    bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }
}
