package org.sparkgbert.convert.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.TinyModel;
import org.sparkgbert.convert.ImportRequest.Overrides;
import org.sparkgbert.convert.TestCheckpoints;
import org.sparkgbert.encode.SentenceEncoder;
import org.sparkgbert.files.Checksums;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.model.BundleFile;
import org.sparkgbert.model.BundleManifest;
import org.sparkgbert.onnx.GraphNodes;

/** A bundle whose weights lie in a second file. */
class ExternalDataTest {
  private static final List<String> TEXTS = List.of("Der Zug fährt heute.", "ß", "Straße und Haus");

  @TempDir Path folder;
  private Bundle inline;
  private Path directory;

  @BeforeEach
  void split() throws IOException {
    Path source = TestCheckpoints.FOLDER.resolve("dense");
    inline =
        TestCheckpoints.imported(
            source, folder.resolve("inline"), ElementType.FLOAT32, Overrides.NONE);
    directory = Files.createDirectory(folder.resolve("external"));
    ModelProto model = ModelProto.parseFrom(Files.readAllBytes(inline.model()));
    ModelProto.Builder skeleton = model.toBuilder();
    skeleton.getGraphBuilder().clearInitializer();
    List<StreamedTensor> weights = new ArrayList<>();
    for (TensorProto tensor : model.getGraph().getInitializerList()) {
      if (tensor.getDataType() == GraphNodes.FLOAT && tensor.hasRawData()) {
        weights.add(streamed(tensor));
      } else {
        skeleton.getGraphBuilder().addInitializer(tensor);
      }
    }
    assertThat(weights).hasSize(12);
    OnnxFile.write(directory.resolve("model.onnx"), skeleton.build(), weights, true);
    Files.copy(inline.tokenizer(), directory.resolve("tokenizer.json"));
    Files.writeString(directory.resolve(BundleManifest.FILE), manifest().toJson());
  }

  @Test
  void theEmbeddingsAreThoseOfOneFile() {
    Bundle external = Bundle.open(directory);
    assertThat(external.manifest().files())
        .extracting(BundleFile::name)
        .containsExactly("model.onnx", "model.onnx.data", "tokenizer.json");
    assertThat(directory.resolve("model.onnx.data")).isNotEmptyFile();
    assertThat(encode(external)).isDeepEqualTo(encode(inline)).hasDimensions(3, 24);
  }

  @Test
  void theSecondFileIsVerifiedToo() throws IOException {
    Path data = directory.resolve("model.onnx.data");
    byte[] bytes = Files.readAllBytes(data);
    bytes[bytes.length / 2] ^= 1;
    Files.write(data, bytes);
    assertThatThrownBy(() -> Bundle.open(directory))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("model.onnx.data is damaged, expected SHA-256");
    Files.delete(data);
    assertThatThrownBy(() -> Bundle.open(directory))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("model.onnx.data is damaged, expected a file, found none");
  }

  private static float[][] encode(Bundle bundle) {
    try (SentenceEncoder encoder = SentenceEncoder.open(bundle, TinyModel.settings())) {
      return encoder.encode(TEXTS);
    }
  }

  private static StreamedTensor streamed(TensorProto tensor) {
    FloatBuffer buffer =
        ByteBuffer.wrap(tensor.getRawData().toByteArray())
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer();
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    long[] shape = tensor.getDimsList().stream().mapToLong(Long::longValue).toArray();
    return new StreamedTensor(
        tensor.getName(),
        ElementType.FLOAT32,
        shape,
        target -> target.accept(values, values.length));
  }

  private BundleManifest manifest() throws IOException {
    List<BundleFile> files = new ArrayList<>();
    for (String name : List.of("model.onnx", "model.onnx.data", "tokenizer.json")) {
      Path file = directory.resolve(name);
      files.add(new BundleFile(name, Files.size(file), Checksums.sha256(file)));
    }
    BundleManifest same = inline.manifest();
    return new BundleManifest(
        same.formatVersion(),
        same.name(),
        same.source(),
        same.revision(),
        same.licence(),
        same.description(),
        same.architecture(),
        same.dimension(),
        same.maxSeqLength(),
        same.pooling(),
        same.normalize(),
        same.prompt(),
        same.precision(),
        same.opset(),
        files,
        same.toolVersion(),
        same.created(),
        same.notes());
  }
}
