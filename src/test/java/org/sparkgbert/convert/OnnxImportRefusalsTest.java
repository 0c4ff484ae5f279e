package org.sparkgbert.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.SparseTensorProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.TinyGraph;
import org.sparkgbert.TinyModel;
import org.sparkgbert.convert.ImportRequest.Overrides;
import org.sparkgbert.convert.graph.ElementType;
import org.sparkgbert.encode.SentenceEncoder;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.model.BundleFile;

/** What an ONNX file may not name: files elsewhere, and operators that run foreign code. */
class OnnxImportRefusalsTest {
  @TempDir Path folder;
  private Path models;

  @BeforeEach
  void makeDirectory() throws IOException {
    models = Files.createDirectory(folder.resolve("models"));
    Files.copy(TinyModel.DIRECTORY.resolve("tokenizer.json"), models.resolve("tokenizer.json"));
  }

  /** Every place of a model where a constant may stand. */
  static Stream<Consumer<ModelProto.Builder>> placesOfConstants() {
    return placesOfAttributes(external("/etc/passwd"));
  }

  private static Stream<Consumer<ModelProto.Builder>> placesOfAttributes(TensorProto tensor) {
    SparseTensorProto values = SparseTensorProto.newBuilder().setValues(tensor).build();
    SparseTensorProto indices = SparseTensorProto.newBuilder().setIndices(tensor).build();
    NodeProto node = node("", "Constant", AttributeProto.newBuilder().setT(tensor));
    return Stream.of(
        model -> model.getGraphBuilder().addInitializer(tensor),
        model -> model.getGraphBuilder().addSparseInitializer(values),
        model -> model.getGraphBuilder().addSparseInitializer(indices),
        model -> add(model, AttributeProto.newBuilder().setT(tensor)),
        model -> add(model, AttributeProto.newBuilder().addTensors(tensor)),
        model -> add(model, AttributeProto.newBuilder().setSparseTensor(values)),
        model -> add(model, AttributeProto.newBuilder().addSparseTensors(indices)),
        model -> add(model, AttributeProto.newBuilder().setG(graph(node))),
        model -> model.addFunctionsBuilder().setName("f").addNode(node),
        model -> model.addTrainingInfoBuilder().setAlgorithm(graph(node)));
  }

  @ParameterizedTest
  @MethodSource("placesOfConstants")
  void anAbsolutePathIsRefusedWhereverItStands(Consumer<ModelProto.Builder> place)
      throws IOException {
    assertRefused(
        place,
        "Cannot import model: external data must be a plain file next to the model, found"
            + " '/etc/passwd'");
  }

  /** Every place of a model where a node may stand. */
  static Stream<Consumer<ModelProto.Builder>> placesOfNodes() {
    NodeProto foreign = node("evil.ops", "Shell");
    NodeProto nested = node("", "If", AttributeProto.newBuilder().setG(graph(foreign)));
    return Stream.of(
        model -> model.getGraphBuilder().addNode(foreign),
        model -> model.getGraphBuilder().addNode(nested),
        model -> add(model, AttributeProto.newBuilder().addGraphs(graph(nested))),
        model -> model.addFunctionsBuilder().setName("f").addNode(nested),
        model -> model.addTrainingInfoBuilder().setInitialization(graph(foreign)));
  }

  @ParameterizedTest
  @MethodSource("placesOfNodes")
  void aForeignOperatorIsRefusedWhereverItStands(Consumer<ModelProto.Builder> place)
      throws IOException {
    assertRefused(
        place,
        "Cannot import model: operators must be of ONNX or com.microsoft, found Shell of evil.ops");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../secret.bin",
        "inside/../../secret.bin",
        "inside/data.bin",
        "./data.bin",
        "..",
        "",
        "missing.bin",
        "link.bin",
        "inside",
        "model.onnx",
        "tokenizer.json",
        "bundle.json",
        "data.bin\u0000",
      })
  void externalDataIsAPlainFileBesideTheModel(String location) throws IOException {
    Path secret = Files.write(folder.resolve("secret.bin"), new byte[64]);
    Files.createSymbolicLink(models.resolve("link.bin"), secret);
    Files.createDirectory(models.resolve("inside"));
    Files.write(models.resolve("inside/data.bin"), new byte[64]);
    Files.write(models.resolve("data.bin"), new byte[64]);
    assertRefused(
        model -> model.getGraphBuilder().addInitializer(external(location)),
        "Cannot import model: external data must be a plain file next to the model, found '%s'"
            .formatted(location));
  }

  @Test
  void externalDataBesideTheModelComesWithIt() throws IOException {
    ModelProto.Builder model = TinyOnnx.model().toBuilder();
    TensorProto table = model.getGraph().getInitializer(0);
    ByteBuffer bytes =
        ByteBuffer.allocate(Float.BYTES * table.getFloatDataCount()).order(ByteOrder.LITTLE_ENDIAN);
    table.getFloatDataList().forEach(bytes::putFloat);
    Files.write(models.resolve("weights.bin"), bytes.array());
    model
        .getGraphBuilder()
        .setInitializer(
            0,
            external("weights.bin").toBuilder().setName("table").addAllDims(table.getDimsList()));
    Bundle external = imported(model.build());
    assertThat(external.manifest().files())
        .extracting(BundleFile::name)
        .containsExactly("model.onnx", "tokenizer.json", "weights.bin");
    float[][] found = encode(external);
    assertThat(found).isDeepEqualTo(encode(imported(TinyOnnx.model())));
  }

  @Test
  void externalDataThatIsTooShortLeavesNothing() throws IOException {
    Files.write(models.resolve("short.bin"), new byte[8]);
    ModelProto.Builder model = TinyOnnx.model().toBuilder();
    TensorProto table = model.getGraph().getInitializer(0);
    model
        .getGraphBuilder()
        .setInitializer(
            0, external("short.bin").toBuilder().setName("table").addAllDims(table.getDimsList()));
    assertThatThrownBy(() -> imported(model.build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("out of bounds");
    assertThat(folder).isDirectoryContaining(path -> path.equals(models));
    assertThat(folder).isDirectoryNotContaining(path -> !path.equals(models));
  }

  @Test
  void dynamicQuantizationIsWarnedOfWhereverItStands() throws IOException {
    String warning =
        "dynamic quantization: a text's vector depends on the other texts in its batch";
    NodeProto.Builder quantize =
        NodeProto.newBuilder()
            .setOpType("DynamicQuantizeLinear")
            .addInput("table")
            .addAllOutput(List.of("quantized", "scale", "zero"));
    assertThat(notes(TinyOnnx.model())).containsExactly("no max_seq_length: 512");
    ModelProto.Builder direct = TinyOnnx.model().toBuilder();
    direct.getGraphBuilder().addNode(quantize);
    assertThat(notes(direct.build())).containsExactly(warning, "no max_seq_length: 512");
    ModelProto.Builder inFunction = TinyOnnx.model().toBuilder();
    OperatorSetIdProto standard = TinyOnnx.model().getOpsetImport(0);
    inFunction
        .addFunctionsBuilder()
        .setName("f")
        .setDomain("com.microsoft")
        .addOpsetImport(standard)
        .addInput("table")
        .addOutput("quantized")
        .addNode(quantize);
    inFunction.addOpsetImportBuilder().setDomain("com.microsoft").setVersion(1);
    assertThat(notes(inFunction.build())).containsExactly(warning, "no max_seq_length: 512");
  }

  private List<String> notes(ModelProto model) throws IOException {
    return imported(model).manifest().notes();
  }

  private static void add(ModelProto.Builder model, AttributeProto.Builder attribute) {
    model.getGraphBuilder().addNode(node("", "Constant", attribute));
  }

  private static GraphProto graph(NodeProto node) {
    return GraphProto.newBuilder().setName("inside").addNode(node).build();
  }

  private static NodeProto node(
      String domain, String operator, AttributeProto.Builder... attributes) {
    NodeProto.Builder node = NodeProto.newBuilder().setDomain(domain).setOpType(operator);
    for (AttributeProto.Builder attribute : attributes) {
      node.addAttribute(attribute.setName("value"));
    }
    return node.build();
  }

  private static TensorProto external(String location) {
    return TensorProto.newBuilder()
        .setName("outside")
        .setDataType(TensorProto.DataType.FLOAT_VALUE)
        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
        .addExternalData(StringStringEntryProto.newBuilder().setKey("location").setValue(location))
        .build();
  }

  @Test
  void moreTokenIdsThanEmbeddingsAreRefusedWithBothNumbers() {
    ModelProto model =
        TinyOnnx.inputs()
            .matrix("table", new float[][] {{1, 2, 3}, {4, 5, 6}})
            .node("Gather", "last_hidden_state", "table", "input_ids")
            .output("last_hidden_state", TinyGraph.FLOAT, "rows", "tokens", 3)
            .build();
    assertThatThrownBy(() -> imported(model))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot import model: its tokenizer must give at most as many ids as the model has"
                + " token embeddings, found %d ids and 2 embeddings; resize the model's embeddings"
                + " or remove the tokens that were added",
            TinyOnnx.VOCABULARY);
  }

  private void assertRefused(Consumer<ModelProto.Builder> change, String message)
      throws IOException {
    ModelProto.Builder model = TinyOnnx.model().toBuilder();
    change.accept(model);
    assertThatThrownBy(() -> imported(model.build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
    assertThat(folder.resolve("bundle")).doesNotExist();
    assertThat(folder.resolve(".bundle.part")).doesNotExist();
  }

  private Bundle imported(ModelProto model) throws IOException {
    Path file = Files.write(models.resolve("tiny.onnx"), model.toByteArray());
    return TestCheckpoints.imported(
        file, folder.resolve("bundle"), ElementType.FLOAT32, Overrides.NONE);
  }

  private static float[][] encode(Bundle bundle) {
    try (SentenceEncoder encoder = SentenceEncoder.open(bundle, TinyModel.settings())) {
      return encoder.encode(List.of("Der Zug fährt heute."));
    }
  }
}
