package org.sparkgbert.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparkgbert.TinyModel;
import org.sparkgbert.convert.ImportRequest.Overrides;
import org.sparkgbert.convert.graph.ElementType;
import org.sparkgbert.encode.SentenceEncoder;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.onnx.Device;
import org.sparkgbert.onnx.DeviceChoice;
import org.sparkgbert.onnx.DeviceException;
import org.sparkgbert.onnx.DeviceSettings;

class Int8ImportTest {
  private static final double LEAST_COSINE = 0.998;
  private static final double LARGEST_DIFFERENCE = 1e-5;
  private static final Map<String, Bundle> BUNDLES = new HashMap<>();

  @TempDir static Path folder;

  static List<String> checkpoints() throws IOException {
    return TestCheckpoints.names();
  }

  @ParameterizedTest
  @MethodSource("checkpoints")
  void vectorsPointWhereFloat32Points(String name) {
    Bundle bundle = int8(name);
    List<Reference> golden =
        Reference.read(TestCheckpoints.FOLDER.resolve(name).resolve("golden.jsonl"));
    try (SentenceEncoder encoder = SentenceEncoder.open(bundle, TinyModel.settings())) {
      float[][] found = encoder.encode(golden.stream().map(Reference::text).toList());
      for (int row = 0; row < found.length; row++) {
        assertThat(cosine(golden.get(row).embedding(), found[row])).isGreaterThan(LEAST_COSINE);
      }
    }
    assertThat(bundle.manifest().precision()).isEqualTo("int8");
    assertThat(ModelVerification.against(bundle, golden, 1).holds()).isTrue();
  }

  @Test
  void theLossStandsInTheManifest() {
    assertThat(int8("dense").manifest().notes())
        .last()
        .asString()
        .matches(
            "int8 against float32 on \\d+ German sentences: mean cosine 0\\.99\\d{3},"
                + " worst 0\\.9\\d{3} \\(one input channel in 32 in float32\\)");
    assertThat(int8("dense").directory()).isDirectoryNotContaining("glob:**float32*");
  }

  @ParameterizedTest
  @MethodSource("checkpoints")
  void whatStandsBesideATextInABatchChangesNothing(String name) {
    List<String> texts = CalibrationTexts.read().observed().subList(0, 64);
    try (SentenceEncoder encoder =
        SentenceEncoder.open(int8(name), TestCheckpoints.paddingSettings())) {
      float[][] together = encoder.encode(texts);
      for (int i = 0; i < together.length; i++) {
        float[] alone = encoder.encode(List.of(texts.get(i)))[0];
        double norm = norm(alone);
        for (int d = 0; d < alone.length; d++) {
          assertThat(Math.abs(alone[d] - together[i][d]) / norm).isLessThan(LARGEST_DIFFERENCE);
        }
      }
    }
  }

  @Test
  void anotherImportGivesTheSameBytes() throws IOException {
    Bundle again = imported("bert-plain-hf", "again");
    assertThat(Files.mismatch(int8("bert-plain-hf").model(), again.model())).isEqualTo(-1);
  }

  /** A scale that came from the input would come from the whole batch. */
  @Test
  void theGraphsScalesAreConstants() throws IOException {
    ModelProto model = read(int8("bert-plain-hf"));
    List<String> constants =
        model.getGraph().getInitializerList().stream().map(TensorProto::getName).toList();
    List<NodeProto> products = nodes(model, "MatMulIntegerToFloat");
    assertThat(products).hasSize(2 * 6);
    assertThat(products).allMatch(node -> constants.containsAll(node.getInputList().subList(1, 5)));
    assertThat(nodes(model, "QuantizeLinear")).hasSize(2 * 4);
    assertThat(model.getGraph().getNodeList())
        .noneMatch(node -> node.getOpType().startsWith("Dynamic"));
  }

  /** The wider a model, the more channels are taken out: here two of 64. */
  @Test
  void outliersGoThroughAProductOfTheirOwn() throws IOException {
    Path checkpoint = folder.resolve("wide-checkpoint");
    RandomCheckpoint.write(new RandomCheckpoint.Shape(1, 64, 2, 128, 600, 64), checkpoint);
    Bundle bundle =
        TestCheckpoints.imported(
            checkpoint, folder.resolve("wide"), ElementType.INT8, Overrides.NONE);
    ModelProto model = read(bundle);
    assertThat(
            model.getGraph().getInitializerList().stream()
                .filter(tensor -> tensor.getName().endsWith(".outlier_weight"))
                .map(TensorProto::getDimsList))
        .hasSize(6)
        .contains(List.of(2L, 64L), List.of(2L, 128L), List.of(4L, 64L));
    assertThat(bundle.manifest().notes()).last().asString().contains("mean cosine");
  }

  @Test
  void cudaIsRefusedAndAutoTakesTheCpuAndSaysSo() {
    Bundle bundle = int8("bert-plain-hf");
    String reason =
        "Cannot use CUDA: int8 is for CPUs, found model tiny in int8;"
            + " import it in float16 for GPUs";
    assertThatThrownBy(() -> open(bundle, DeviceChoice.CUDA))
        .isInstanceOf(DeviceException.class)
        .hasMessage(reason);
    try (SentenceEncoder encoder = open(bundle, DeviceChoice.AUTO)) {
      assertThat(encoder.device()).isEqualTo(new Device.Cpu(1));
      assertThat(encoder.deviceNote()).isEqualTo(reason);
    }
    try (SentenceEncoder encoder = open(bundle, DeviceChoice.CPU)) {
      assertThat(encoder.deviceNote()).isEmpty();
    }
  }

  @Test
  void whatIsMeasuredOnWasNotObserved() {
    CalibrationTexts texts = CalibrationTexts.read();
    assertThat(texts.heldOut()).hasSizeGreaterThan(50).doesNotHaveDuplicates();
    assertThat(Collections.disjoint(texts.heldOut(), texts.observed())).isTrue();
    assertThat(texts.observed()).hasSizeGreaterThan(200).anyMatch(text -> text.length() > 2_000);
  }

  private static SentenceEncoder open(Bundle bundle, DeviceChoice choice) {
    DeviceSettings cpu = DeviceSettings.cpu(1);
    return SentenceEncoder.open(
        bundle,
        TinyModel.settings().withDevice(new DeviceSettings(choice, 1, "0", 0, cpu.arena())));
  }

  private static Bundle int8(String name) {
    return BUNDLES.computeIfAbsent(name, key -> imported(key, key));
  }

  private static Bundle imported(String name, String output) {
    Path source = TestCheckpoints.FOLDER.resolve(name);
    return TestCheckpoints.imported(
        source, folder.resolve(output), ElementType.INT8, Overrides.NONE);
  }

  private static ModelProto read(Bundle bundle) throws IOException {
    try (InputStream in = Files.newInputStream(bundle.model())) {
      return ModelProto.parseFrom(in);
    }
  }

  private static List<NodeProto> nodes(ModelProto model, String operator) {
    return model.getGraph().getNodeList().stream()
        .filter(node -> node.getOpType().equals(operator))
        .toList();
  }

  private static double norm(float[] vector) {
    return Math.sqrt(
        IntStream.range(0, vector.length).mapToDouble(i -> vector[i] * vector[i]).sum());
  }

  private static double cosine(double[] expected, float[] found) {
    double product = 0;
    double squares = 0;
    for (int i = 0; i < found.length; i++) {
      product += expected[i] * found[i];
      squares += expected[i] * expected[i];
    }
    return product / Math.sqrt(squares) / norm(found);
  }
}
