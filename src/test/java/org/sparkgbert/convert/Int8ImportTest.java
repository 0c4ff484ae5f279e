package org.sparkgbert.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
import org.sparkgbert.action.Progress;
import org.sparkgbert.convert.ImportRequest.Overrides;
import org.sparkgbert.convert.checkpoint.WeightFiles;
import org.sparkgbert.convert.checkpoint.Weights;
import org.sparkgbert.convert.graph.ElementType;
import org.sparkgbert.convert.graph.Encoder;
import org.sparkgbert.convert.graph.EncoderGraph;
import org.sparkgbert.convert.graph.Int8Plan;
import org.sparkgbert.convert.graph.Observations;
import org.sparkgbert.convert.graph.SentenceGraph;
import org.sparkgbert.encode.SentenceEncoder;
import org.sparkgbert.lake.WriteMode;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.onnx.Device;
import org.sparkgbert.onnx.DeviceChoice;
import org.sparkgbert.onnx.DeviceException;
import org.sparkgbert.onnx.DeviceSettings;
import org.sparkgbert.onnx.GraphProbe;

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
    int texts = CalibrationTexts.read().heldOut().size();
    assertThat(int8("dense").manifest().notes())
        .anyMatch(
            note ->
                note.matches(
                    "int8 against float32 on "
                        + texts
                        + " German texts: mean cosine 0\\.99\\d{3}, worst 0\\.9\\d{4}"
                        + " \\(one channel in 32 of wide inputs and in 48 of others in float32\\)"))
        .anyMatch(
            note ->
                note.matches(
                    "int8 by length, mean and worst cosine:"
                        + " .*40 tokens: 0\\.99\\d{3}, 0\\.99\\d{3} \\(\\d+ texts\\)"));
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

  /**
   * The wider a model, the more channels are taken out: here one of 64, and four of 128, which come
   * first. The channels of values are evened instead.
   */
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
        .containsExactlyInAnyOrder(
            List.of(1L, 64L),
            List.of(1L, 64L),
            List.of(1L, 64L),
            List.of(1L, 128L),
            List.of(4L, 64L));
    assertThat(nodes(model, "Gather", ".outliers")).hasSize(2);
    assertThat(nodes(model, "Slice", ".outliers")).hasSize(1);
    assertThat(bundle.manifest().notes()).anyMatch(note -> note.contains("mean cosine"));
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
    String heldOut = String.join("\n", texts.heldOut());
    assertThat(texts.observed().subList(0, 200)).noneMatch(heldOut::contains);
    assertThat(texts.observed()).hasSizeGreaterThan(200).anyMatch(text -> text.length() > 2_000);
  }

  @Test
  void theReadmeSaysHowManyTextsAreHeldOut() throws IOException {
    assertThat(Files.readString(Path.of("README.md")))
        .contains(
            "encodes %d other German texts".formatted(CalibrationTexts.read().heldOut().size()));
  }

  /** Huge queries: each token attends to one other, and a small error makes it another one. */
  @Test
  void aModelThatLosesTooMuchGetsMoreFloat32AndAWarning() throws IOException {
    Path checkpoint = folder.resolve("sharp-checkpoint");
    RandomCheckpoint.write(new RandomCheckpoint.Shape(4, 64, 2, 128, 600, 128), checkpoint);
    multiply(checkpoint.resolve("model.safetensors"), ".query.weight", 5_000);
    multiply(checkpoint.resolve("model.safetensors"), ".value.weight", 50);
    multiply(checkpoint.resolve("model.safetensors"), ".attention.output.dense.weight", 50);
    Bundle bundle =
        TestCheckpoints.imported(
            checkpoint, folder.resolve("sharp"), ElementType.INT8, Overrides.NONE);
    assertThat(bundle.manifest().notes())
        .anyMatch(note -> note.contains("and the attention of the first 2 layers in float32"))
        .anyMatch(Int8ImportTest::warns);
    Bundle always =
        new ImportModel(
                new ImportSettings(
                    checkpoint.toString(),
                    folder.resolve("sharp-always"),
                    WriteMode.ERROR,
                    ElementType.INT8,
                    Int8Attention.ALWAYS,
                    Overrides.NONE))
            .run(Progress.NONE);
    assertThat(always.manifest().notes())
        .anyMatch(
            note ->
                note.endsWith("(one channel in 32 of wide inputs and in 48 of others in float32)"))
        .anyMatch(note -> note.contains("; leave out --int8-attention always, or import it"))
        .anyMatch(Int8ImportTest::warns);
  }

  private static boolean warns(String note) {
    return note.startsWith("WARNING: int8 may lose too much of this model")
        && note.endsWith("import it with --precision float32");
  }

  /** Multiplies the float32 values of all tensors of this name's end. */
  static void multiply(Path safetensors, String end, float factor) throws IOException {
    ByteBuffer file =
        ByteBuffer.wrap(Files.readAllBytes(safetensors)).order(ByteOrder.LITTLE_ENDIAN);
    int header = Math.toIntExact(file.getLong(0));
    JsonNode tensors = new ObjectMapper().readTree(file.array(), Long.BYTES, header);
    tensors
        .properties()
        .forEach(
            tensor -> {
              if (tensor.getKey().endsWith(end)) {
                JsonNode offsets = tensor.getValue().path("data_offsets");
                int start = Long.BYTES + header;
                for (int at = start + offsets.path(0).asInt();
                    at < start + offsets.path(1).asInt();
                    at += Float.BYTES) {
                  file.putFloat(at, factor * file.getFloat(at));
                }
              }
            });
    Files.write(safetensors, file.array());
  }

  /** German texts have four to five characters per token. */
  @Test
  void textsOfEveryLengthAreHeldOut() {
    List<String> texts = CalibrationTexts.read().heldOut();
    for (int characters : List.of(100, 200, 400, 800, 1_600, 3_200, 6_400)) {
      assertThat(texts)
          .filteredOn(text -> text.length() > characters / 2 && text.length() <= characters)
          .hasSizeGreaterThanOrEqualTo(3);
    }
  }

  /** Where this is needed is seen only with weights of real models: {@link FullSizeIT}. */
  @ParameterizedTest
  @MethodSource("checkpoints")
  void theAttentionOfFirstLayersMayStayFloat32(String name) throws IOException {
    Bundle bundle = int8(name);
    SentenceModel model =
        SentenceModelReader.read(new CheckpointFiles(TestCheckpoints.FOLDER.resolve(name)));
    long[] tokens = {2, 7, 8, 9, 3};
    Path all = folder.resolve(name + "-all.onnx");
    Path part = folder.resolve(name + "-part.onnx");
    Path float32 = folder.resolve(name + "-float32.onnx");
    try (Weights weights = WeightFiles.open(model.transformer().directory())) {
      EncoderGraph.writeObserved(float32, model.encoder(), weights, model.head());
      Observations seen = new Observations();
      float[] expected;
      try (GraphProbe graph = GraphProbe.open(float32, 1)) {
        Map<String, float[]> outputs = graph.run(tokens);
        seen.add(outputs, tokens.length);
        expected = outputs.get(SentenceGraph.OUTPUT);
      }
      Encoder encoder = model.encoder();
      EncoderGraph.writeInt8(all, encoder, weights, model.head(), seen, new Int8Plan(32, 0));
      EncoderGraph.writeInt8(part, encoder, weights, model.head(), seen, new Int8Plan(32, 1));
      try (GraphProbe graph = GraphProbe.open(part, 1)) {
        float[] found = graph.run(tokens).get(SentenceGraph.OUTPUT);
        assertThat(cosine(doubles(expected), found)).isGreaterThan(LEAST_COSINE);
      }
    }
    int perLayer = bundle.manifest().architecture().family().equals("modernbert") ? 2 : 4;
    assertThat(nodes(read(part), "MatMulIntegerToFloat"))
        .hasSize(nodes(read(all), "MatMulIntegerToFloat").size() - perLayer);
  }

  private static double[] doubles(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
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
    return read(bundle.model());
  }

  private static ModelProto read(Path graph) throws IOException {
    try (InputStream in = Files.newInputStream(graph)) {
      return ModelProto.parseFrom(in);
    }
  }

  private static List<NodeProto> nodes(ModelProto model, String operator, String end) {
    return nodes(model, operator).stream().filter(node -> node.getName().endsWith(end)).toList();
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
