package org.sparkgbert.model;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds the files that an ONNX graph reads weights from besides its own. Weights are skipped, so
 * this takes little time and memory whatever their size.
 *
 * <p><b>Source:</b> {@code onnx.proto3}: which field of which message holds tensors, or messages
 * that do.
 */
final class ExternalWeights {
  /** As deep as protobuf reads messages by default. */
  private static final int DEEPEST = 100;

  private static final int KEY = 1;
  private static final int VALUE = 2;
  private static final String LOCATION = "location";

  /** Messages of ONNX in which tensors lie. */
  private enum Message {
    MODEL,
    TRAINING,
    FUNCTION,
    GRAPH,
    NODE,
    ATTRIBUTE,
    SPARSE_TENSOR,
    TENSOR,
    ENTRY;

    /** The fields that lead to tensors. */
    private Map<Integer, Message> fields() {
      return switch (this) {
        case MODEL -> Map.of(7, GRAPH, 20, TRAINING, 25, FUNCTION);
        case TRAINING -> Map.of(1, GRAPH, 2, GRAPH);
        case FUNCTION -> Map.of(7, NODE, 11, ATTRIBUTE);
        case GRAPH -> Map.of(1, NODE, 5, TENSOR, 15, SPARSE_TENSOR);
        case NODE -> Map.of(5, ATTRIBUTE);
        case ATTRIBUTE ->
            Map.of(
                5, TENSOR, 6, GRAPH, 10, TENSOR, 11, GRAPH, 22, SPARSE_TENSOR, 23, SPARSE_TENSOR);
        case SPARSE_TENSOR -> Map.of(1, TENSOR, 2, TENSOR);
        case TENSOR -> Map.of(13, ENTRY);
        case ENTRY -> Map.of();
      };
    }
  }

  private final CodedInputStream in;
  private final Set<String> files = new TreeSet<>();

  private ExternalWeights(CodedInputStream in) {
    this.in = in;
  }

  /**
   * The files of a graph, as it names them.
   *
   * @throws IOException if the file is not an ONNX graph, or cannot be read
   */
  static Set<String> of(Path graph) throws IOException {
    try (InputStream in = Files.newInputStream(graph)) {
      ExternalWeights weights = new ExternalWeights(CodedInputStream.newInstance(in));
      weights.read(Message.MODEL, 0);
      return weights.files;
    }
  }

  private void read(Message message, int depth) throws IOException {
    if (depth > DEEPEST) {
      throw new IOException("its messages are nested deeper than " + DEEPEST);
    }
    Map<Integer, Message> fields = message.fields();
    String key = "";
    String value = "";
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      int field = WireFormat.getTagFieldNumber(tag);
      boolean isDelimited = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
      if (isDelimited && message == Message.ENTRY && field == KEY) {
        key = in.readString();
      } else if (isDelimited && message == Message.ENTRY && field == VALUE) {
        value = in.readString();
      } else if (isDelimited && fields.containsKey(field)) {
        int limit = in.pushLimit(in.readRawVarint32());
        read(fields.get(field), depth + 1);
        in.checkLastTagWas(0);
        in.popLimit(limit);
      } else if (!in.skipField(tag)) {
        throw new IOException("it has a group that never began");
      }
    }
    if (key.equals(LOCATION)) {
      files.add(value);
    }
  }
}
