package org.sparkgbert.convert.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Writes an ONNX file while its weights stream in, so that memory holds a block, not a model.
 *
 * <p>Protobuf messages are limited to 2 GB: if the file would exceed that, weights go to a second
 * file next to it, as ONNX external data.
 */
final class OnnxFile {
  /** Suffix of the second file's name. */
  static final String DATA_SUFFIX = ".data";

  /** Generous upper bound for the size of a graph without its weights. */
  private static final long MOST_INLINE_BYTES = Integer.MAX_VALUE - (64L << 20);

  private static final int ALIGNMENT = 4096;

  private OnnxFile() {}

  /**
   * Writes a model.
   *
   * @param file the file to write
   * @param skeleton the model without the streamed weights
   * @param weights the streamed weights, written in this order
   */
  static void write(Path file, ModelProto skeleton, List<StreamedTensor> weights)
      throws IOException {
    long bytes = weights.stream().mapToLong(StreamedTensor::bytes).sum();
    write(file, skeleton, weights, bytes > MOST_INLINE_BYTES);
  }

  static void write(Path file, ModelProto skeleton, List<StreamedTensor> weights, boolean external)
      throws IOException {
    if (external) {
      Path data = file.resolveSibling(file.getFileName() + DATA_SUFFIX);
      ModelProto.Builder model = skeleton.toBuilder();
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(data), 1 << 20)) {
        writeExternal(data.getFileName().toString(), model.getGraphBuilder(), weights, out);
      }
      try (OutputStream out = Files.newOutputStream(file)) {
        model.build().writeTo(out);
      }
    } else {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
        writeInline(skeleton, weights, out);
      }
    }
  }

  private static void writeInline(
      ModelProto skeleton, List<StreamedTensor> weights, OutputStream out) throws IOException {
    CodedOutputStream coded = CodedOutputStream.newInstance(out);
    skeleton.toBuilder().clearGraph().build().writeTo(coded);
    GraphProto graph = skeleton.getGraph();
    long graphBytes = graph.getSerializedSize();
    for (StreamedTensor weight : weights) {
      long tensor = tensorBytes(weight);
      graphBytes +=
          CodedOutputStream.computeTagSize(GraphProto.INITIALIZER_FIELD_NUMBER)
              + CodedOutputStream.computeUInt64SizeNoTag(tensor)
              + tensor;
    }
    coded.writeTag(ModelProto.GRAPH_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    coded.writeUInt64NoTag(graphBytes);
    graph.writeTo(coded);
    for (StreamedTensor weight : weights) {
      coded.writeTag(GraphProto.INITIALIZER_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
      coded.writeUInt64NoTag(tensorBytes(weight));
      header(weight).build().writeTo(coded);
      coded.writeTag(TensorProto.RAW_DATA_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
      coded.writeUInt64NoTag(weight.bytes());
      coded.flush();
      writeValues(weight, out);
    }
    coded.flush();
  }

  private static long tensorBytes(StreamedTensor weight) {
    return header(weight).build().getSerializedSize()
        + CodedOutputStream.computeTagSize(TensorProto.RAW_DATA_FIELD_NUMBER)
        + CodedOutputStream.computeUInt64SizeNoTag(weight.bytes())
        + weight.bytes();
  }

  private static void writeExternal(
      String file, GraphProto.Builder graph, List<StreamedTensor> weights, OutputStream out)
      throws IOException {
    long offset = 0;
    for (StreamedTensor weight : weights) {
      graph.addInitializer(
          header(weight)
              .setDataLocation(TensorProto.DataLocation.EXTERNAL)
              .addExternalData(entry("location", file))
              .addExternalData(entry("offset", Long.toString(offset)))
              .addExternalData(entry("length", Long.toString(weight.bytes()))));
      writeValues(weight, out);
      int padding = (int) (-weight.bytes() & (ALIGNMENT - 1));
      out.write(new byte[padding]);
      offset += weight.bytes() + padding;
    }
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  private static TensorProto.Builder header(StreamedTensor weight) {
    return TensorProto.newBuilder()
        .setName(weight.name())
        .setDataType(weight.type().onnxType())
        .addAllDims(LongStream.of(weight.shape()).boxed().toList());
  }

  private static void writeValues(StreamedTensor weight, OutputStream out) throws IOException {
    long[] written = {0};
    weight
        .values()
        .writeTo(
            (values, count) -> {
              ByteBuffer block =
                  ByteBuffer.allocate(count * weight.type().bytes()).order(ByteOrder.LITTLE_ENDIAN);
              for (int i = 0; i < count; i++) {
                weight.type().put(values[i], block);
              }
              out.write(block.array());
              written[0] += count;
            });
    if (written[0] != weight.elements()) {
      throw new IllegalStateException(
          "Cannot write tensor %s: it has %d values, found %d"
              .formatted(weight.name(), weight.elements(), written[0]));
    }
  }
}
