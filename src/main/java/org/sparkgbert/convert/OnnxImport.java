package org.sparkgbert.convert;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.sparkgbert.convert.graph.Head;
import org.sparkgbert.convert.graph.Pooling;
import org.sparkgbert.convert.graph.SentenceGraph;
import org.sparkgbert.model.Architecture;
import org.sparkgbert.model.BundleFile;
import org.sparkgbert.model.BundleManifest;
import org.sparkgbert.model.Version;

/**
 * Makes a bundle from a ready ONNX file that returns token vectors and its tokenizer, and adds a
 * head.
 */
final class OnnxImport {
  private static final Set<String> DOMAINS = Set.of("", "ai.onnx", "com.microsoft");
  private static final Set<String> BUNDLE_FILES =
      Set.of(BundleManifest.FILE, BundleManifest.MODEL_FILE, BundleManifest.TOKENIZER_FILE);
  private static final int LONGEST_UNSAID = 512;

  private final ImportRequest request;
  private final Path directory;
  private final List<String> notes = new ArrayList<>();

  private OnnxImport(ImportRequest request) {
    this.request = request;
    this.directory = request.origin().files().toAbsolutePath().getParent();
  }

  /**
   * @throws IllegalArgumentException if the file is not such a graph, uses operators of another
   *     domain, or data outside its directory
   */
  static void write(ImportRequest request, BundleWriter writer) throws IOException {
    new OnnxImport(request).write(writer);
  }

  private void write(BundleWriter writer) throws IOException {
    ModelProto model = read();
    GraphProto graph = model.getGraph();
    OnnxContents contents = new OnnxContents(model);
    requireKnownDomains(contents);
    warnOfDynamicQuantization(contents);
    ValueInfoProto tokens = tokenVectors(graph);
    int hidden = hiddenSize(tokens);
    List<Pooling> pooling =
        request.overrides().pooling().isEmpty()
            ? List.of(Pooling.MEAN)
            : request.overrides().pooling().stream().sorted().distinct().toList();
    Head head = new Head(pooling, List.of(), request.overrides().normalize());
    ModelProto extended = SentenceGraph.extend(model, tokens.getName(), hidden, head);
    for (String file : externalFiles(contents)) {
      writer.add(file, out -> Files.copy(directory.resolve(file), out));
    }
    writer.add(BundleManifest.MODEL_FILE, extended::writeTo);
    byte[] json = TokenizerJson.read(tokenizerFile());
    tokenRows(graph).ifPresent(rows -> TokenIds.requireAtMost(json, rows));
    writer.addTokenizer(json, request.origin().name());
    int opset = Math.toIntExact(SentenceGraph.opset(model));
    int vocabulary = vocabulary(CheckpointFiles.mapper().readTree(json));
    int maxSeqLength = maxSeqLength();
    writer.stage(files -> manifest(head, hidden, vocabulary, maxSeqLength, opset, files));
  }

  private ModelProto read() throws IOException {
    Path file = request.origin().files();
    try (InputStream in = Files.newInputStream(file)) {
      return ModelProto.parseFrom(in);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(
          "Cannot import %s: it is not an ONNX file, %s".formatted(file, e.getMessage()), e);
    }
  }

  private static void requireKnownDomains(OnnxContents contents) {
    for (NodeProto node : contents.nodes()) {
      if (!DOMAINS.contains(node.getDomain())) {
        throw new IllegalArgumentException(
            "Cannot import model: operators must be of ONNX or com.microsoft, found %s of %s"
                .formatted(node.getOpType(), node.getDomain()));
      }
    }
  }

  private void warnOfDynamicQuantization(OnnxContents contents) {
    if (contents.nodes().stream()
        .anyMatch(node -> node.getOpType().startsWith("DynamicQuantize"))) {
      notes.add("dynamic quantization: a text's vector depends on the other texts in its batch");
    }
  }

  private static ValueInfoProto tokenVectors(GraphProto graph) {
    List<String> found = new ArrayList<>();
    for (ValueInfoProto output : graph.getOutputList()) {
      TensorShapeProto shape = output.getType().getTensorType().getShape();
      if (output.getType().getTensorType().getElemType() == TensorProto.DataType.FLOAT_VALUE
          && shape.getDimCount() == 3) {
        return output;
      }
      found.add(output.getName());
    }
    throw new IllegalArgumentException(
        "Cannot import model: it needs an output of float token vectors [rows, tokens, hidden],"
            + " found "
            + found);
  }

  private static int hiddenSize(ValueInfoProto tokens) {
    TensorShapeProto.Dimension hidden = tokens.getType().getTensorType().getShape().getDim(2);
    if (!hidden.hasDimValue()) {
      throw new IllegalArgumentException(
          "Cannot import model: output %s must state its hidden size, found '%s'"
              .formatted(tokens.getName(), hidden.getDimParam()));
    }
    return Math.toIntExact(hidden.getDimValue());
  }

  /** Files of weights, each inside the model's own directory. */
  private Set<String> externalFiles(OnnxContents contents) {
    Set<String> files = new TreeSet<>();
    for (TensorProto tensor : contents.tensors()) {
      for (StringStringEntryProto entry : tensor.getExternalDataList()) {
        if (entry.getKey().equals("location")) {
          files.add(requireInside(entry.getValue()));
        }
      }
    }
    return files;
  }

  private String requireInside(String location) {
    boolean plain =
        location.matches("[A-Za-z0-9_][A-Za-z0-9._-]*") && !BUNDLE_FILES.contains(location);
    Path file = plain ? directory.resolve(location) : directory;
    if (!plain || !Files.isRegularFile(file) || Files.isSymbolicLink(file)) {
      throw new IllegalArgumentException(
          "Cannot import model: external data must be a plain file next to the model, found '%s'"
              .formatted(location));
    }
    return location;
  }

  /**
   * The given file; else {@code tokenizer.json} or {@code NAME-tokenizer.json} next to NAME.onnx.
   */
  private Path tokenizerFile() {
    String model = request.origin().files().getFileName().toString();
    String stem = model.replaceFirst("\\.onnx$", "");
    Path own = directory.resolve(stem + "-tokenizer.json");
    Path usual = directory.resolve(BundleManifest.TOKENIZER_FILE);
    return request.overrides().tokenizer().orElse(Files.exists(own) ? own : usual);
  }

  private int maxSeqLength() {
    Optional<Integer> said = TransformerSettings.tokenizerLimit(new CheckpointFiles(directory));
    if (said.isEmpty() && request.overrides().maxSeqLength().isEmpty()) {
      notes.add("no max_seq_length: " + LONGEST_UNSAID);
      return LONGEST_UNSAID;
    }
    return ModelImporter.maxSeqLength(request.overrides(), said.orElse(Integer.MAX_VALUE));
  }

  /** Rows of the table that token ids are looked up in, if the graph shows which one that is. */
  private static OptionalInt tokenRows(GraphProto graph) {
    Set<String> tables =
        graph.getNodeList().stream()
            .filter(node -> node.getOpType().equals("Gather") && node.getInputCount() == 2)
            .filter(node -> node.getInput(1).equals("input_ids"))
            .map(node -> node.getInput(0))
            .collect(Collectors.toSet());
    return graph.getInitializerList().stream()
        .filter(tensor -> tables.contains(tensor.getName()) && tensor.getDimsCount() == 2)
        .mapToInt(tensor -> Math.toIntExact(tensor.getDims(0)))
        .min();
  }

  private static int vocabulary(JsonNode tokenizer) {
    return Math.max(1, tokenizer.path("model").path("vocab").size());
  }

  private BundleManifest manifest(
      Head head, int hidden, int vocabulary, int maxSeqLength, int opset, List<BundleFile> files) {
    ImportRequest.Origin origin = request.origin();
    return new BundleManifest(
        BundleManifest.FORMAT_VERSION,
        origin.name(),
        origin.source(),
        origin.revision(),
        origin.licence(),
        "Imported from " + origin.source() + ".",
        new Architecture("onnx", 0, hidden, 0, vocabulary),
        head.dimension(hidden),
        maxSeqLength,
        ModelImporter.name(head.pooling()),
        head.hasUnitLength(hidden),
        request.overrides().prompt().orElse(""),
        "float32",
        opset,
        files,
        Version.CURRENT,
        ModelImporter.now(),
        notes);
  }
}
