package org.sparkgbert.job;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.sparkgbert.files.Checksums;
import org.sparkgbert.model.BundleFile;
import org.sparkgbert.model.BundleManifest;

/** The tiny model of the tests, and bundles made from it that misbehave. */
final class TinyModels {
  /** A text with this character has the token that misbehaving models stumble on. */
  static final String POISON = "§";

  private static final String EMBEDDING = "sentence_embedding";
  private static final String SOUND = "sound_embedding";

  private TinyModels() {}

  /** The tiny model's directory. */
  static Path tiny() {
    try {
      return Path.of(TinyModels.class.getResource("/tiny-bert").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("The class path is no directory", e);
    }
  }

  /** The same model under another name. */
  static Path named(Path directory, String name) throws IOException {
    return changed(directory, name, graph -> {});
  }

  /** A copy, byte for byte. */
  static Path copy(Path directory) throws IOException {
    Files.createDirectories(directory);
    for (String file : List.of("bundle.json", "model.onnx", "tokenizer.json")) {
      Files.copy(tiny().resolve(file), directory.resolve(file));
    }
    return directory;
  }

  /** A model whose run fails on any batch with the poison: it looks past the end of a table. */
  static Path failingOnPoison(Path directory) throws IOException {
    return changed(
        directory,
        "tiny-failing",
        graph -> {
          NodeProto.Builder looked =
              node("Gather", "looked", "one_row", "is_poison").addAttribute(integer("axis", 0));
          graph.addInitializer(floats("one_row", 0f)).addNode(looked);
          addToEmbedding(graph, "looked");
        });
  }

  /** A model that gives a poisoned text NaN, and others the sound vector to the last bit. */
  static Path nanOnPoison(Path directory) throws IOException {
    return changed(
        directory,
        "tiny-nan",
        graph -> {
          graph
              .addNode(node("Cast", "count", "is_poison").addAttribute(integer("to", 1)))
              .addNode(node("Neg", "negative", "count"))
              .addNode(node("Sqrt", "root", "negative"));
          addToEmbedding(graph, "root");
        });
  }

  /** A model that wants an input more than bundles have. */
  static Path wantingTokenTypes(Path directory) throws IOException {
    return changed(
        directory,
        "tiny-types",
        graph -> {
          graph.addInput(graph.getInput(0).toBuilder().setName("token_type_ids"));
          graph.addNode(node("Cast", "types", "token_type_ids").addAttribute(integer("to", 1)));
          addToEmbedding(graph, "types");
        });
  }

  /** Adds values {@code [rows, tokens]} that are zero for sound texts, summed over tokens. */
  private static void addToEmbedding(GraphProto.Builder graph, String values) {
    graph
        .addNode(node("ReduceSum", "extra", values, "axis_of_tokens"))
        .addNode(node("Add", EMBEDDING, SOUND, "extra"));
  }

  private static Path changed(Path directory, String name, Consumer<GraphProto.Builder> change)
      throws IOException {
    ModelProto.Builder model =
        ModelProto.parseFrom(Files.readAllBytes(tiny().resolve("model.onnx"))).toBuilder();
    GraphProto.Builder graph = model.getGraphBuilder();
    int nodes = graph.getNodeCount();
    graph
        .addInitializer(longs("poison", List.of(), poisonToken()))
        .addInitializer(longs("axis_of_tokens", List.of(1L), 1))
        .addNode(node("Equal", "equals_poison", "input_ids", "poison"))
        .addNode(node("Cast", "is_poison", "equals_poison").addAttribute(integer("to", 7)));
    int added = graph.getNodeCount();
    change.accept(graph);
    if (graph.getNodeCount() > added) {
      renameOutput(graph, nodes);
    }
    Files.createDirectories(directory);
    Files.write(directory.resolve("model.onnx"), model.build().toByteArray());
    Files.copy(tiny().resolve("tokenizer.json"), directory.resolve("tokenizer.json"));
    writeManifest(directory, name);
    return directory;
  }

  private static void renameOutput(GraphProto.Builder graph, int nodes) {
    for (int i = 0; i < nodes; i++) {
      NodeProto.Builder node = graph.getNodeBuilder(i);
      for (int output = 0; output < node.getOutputCount(); output++) {
        if (node.getOutput(output).equals(EMBEDDING)) {
          node.setOutput(output, SOUND);
        }
      }
    }
  }

  private static void writeManifest(Path directory, String name) throws IOException {
    BundleManifest tiny = BundleManifest.parse(Files.readString(tiny().resolve("bundle.json")));
    List<BundleFile> files =
        List.of(file(directory, "model.onnx"), file(directory, "tokenizer.json"));
    BundleManifest manifest =
        new BundleManifest(
            tiny.formatVersion(),
            name,
            tiny.source(),
            tiny.revision(),
            tiny.licence(),
            tiny.description(),
            tiny.architecture(),
            tiny.dimension(),
            tiny.maxSeqLength(),
            tiny.pooling(),
            tiny.normalize(),
            tiny.prompt(),
            tiny.precision(),
            tiny.opset(),
            files,
            tiny.toolVersion(),
            tiny.created(),
            tiny.notes());
    Files.writeString(directory.resolve("bundle.json"), manifest.toJson());
  }

  private static BundleFile file(Path directory, String name) throws IOException {
    Path path = directory.resolve(name);
    return new BundleFile(name, Files.size(path), Checksums.sha256(path));
  }

  private static long poisonToken() throws IOException {
    String json = Files.readString(tiny().resolve("tokenizer.json"));
    String token = json.replaceAll("(?s).*\"" + POISON + "\": (\\d+).*", "$1");
    return Long.parseLong(token);
  }

  private static NodeProto.Builder node(String operator, String output, String... inputs) {
    return NodeProto.newBuilder()
        .setOpType(operator)
        .setName("test/" + output)
        .addAllInput(List.of(inputs))
        .addOutput(output);
  }

  private static AttributeProto integer(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  private static TensorProto longs(String name, List<Long> shape, long value) {
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(TensorProto.DataType.INT64_VALUE)
        .addAllDims(shape)
        .addInt64Data(value)
        .build();
  }

  private static TensorProto floats(String name, float value) {
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(TensorProto.DataType.FLOAT_VALUE)
        .addDims(1)
        .addFloatData(value)
        .build();
  }
}
