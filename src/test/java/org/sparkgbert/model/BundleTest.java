package org.sparkgbert.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.TinyModel;
import org.sparkgbert.files.Checksums;

class BundleTest {
  private Path directory;
  private Path model;

  @BeforeEach
  void copyTheTinyBundle(@TempDir Path folder) throws IOException {
    directory = TinyModel.copyTo(folder.resolve("bundle"));
    model = directory.resolve("model.onnx");
  }

  @Test
  void aWholeBundleOpens() throws IOException {
    Bundle bundle = Bundle.open(directory);
    assertThat(bundle.manifest().name()).isEqualTo("tiny-bert");
    assertThat(bundle.manifest().dimension()).isEqualTo(TinyModel.DIMENSION);
    assertThat(bundle.manifest().architecture()).isEqualTo(new Architecture("bert", 2, 32, 4, 468));
    assertThat(bundle.model()).isRegularFile();
    assertThat(bundle.tokenizer()).isRegularFile();
    assertThat(bundle.checksum()).isEqualTo(Checksums.sha256(directory.resolve("bundle.json")));
    assertThat(bundle)
        .hasToString("tiny-bert (revision 1, " + bundle.identity().substring(0, 12) + ")");
  }

  @Test
  void aMissingDirectoryIsSaid() {
    Path missing = directory.resolve("nowhere");
    assertRefused(missing, "it needs a bundle.json, found no directory");
  }

  @Test
  void aMissingManifestIsSaid() throws IOException {
    Files.delete(directory.resolve("bundle.json"));
    assertRefused(directory, "it needs a bundle.json, found a directory without it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "not json", "[]", "null", "7", "{", "{}", "{\"files\": [null]}"})
  void aManifestThatIsNoneIsSaidInOneLine(String json) throws IOException {
    Files.writeString(directory.resolve("bundle.json"), json);
    assertThatThrownBy(() -> Bundle.open(directory))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "Cannot open bundle " + directory + ": bundle.json is not a manifest, ")
        .message()
        .hasLineCount(1);
  }

  @Test
  void anotherFormatVersionIsRefused() throws IOException {
    TinyModel.editManifest(directory, "\"format_version\": 1", "\"format_version\": 2");
    assertRefused(directory, "bundle.json is not a manifest, format_version must be 1, found 2");
  }

  @Test
  void aMissingFileIsNamed() throws IOException {
    Files.delete(model);
    assertRefused(directory, "model.onnx is damaged, expected a file, found none");
  }

  @Test
  void aShorterFileIsNamedWithBothSizes() throws IOException {
    byte[] content = Files.readAllBytes(model);
    Files.write(model, Arrays.copyOf(content, 1_000));
    assertRefused(directory, "model.onnx is damaged, expected 182417 bytes, found 1000 bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.onnx", "tokenizer.json"})
  void aFlippedBitIsFoundAndBothChecksumsAreNamed(String name) throws IOException {
    String expected = Checksums.sha256(directory.resolve(name));
    flipBit(directory.resolve(name));
    String found = Checksums.sha256(directory.resolve(name));
    assertThat(found).isNotEqualTo(expected);
    assertRefused(
        directory, "%s is damaged, expected SHA-256 %s, found %s".formatted(name, expected, found));
  }

  @Test
  void filesAreReadOnceAsLongAsTheyStayAsTheyAre() throws IOException {
    Bundle first = Bundle.open(directory);
    FileTime modified = Files.getLastModifiedTime(model);
    flipBit(model);
    Files.setLastModifiedTime(model, modified);
    assertThat(Bundle.open(directory)).isSameAs(first);
  }

  @Test
  void filesAreReadAgainAfterOneWasWritten() throws IOException {
    Bundle first = Bundle.open(directory);
    FileTime later = FileTime.fromMillis(Files.getLastModifiedTime(model).toMillis() + 5_000);
    Files.setLastModifiedTime(model, later);
    assertThat(Bundle.open(directory)).isNotSameAs(first).isEqualTo(first);
    flipBit(model);
    Files.setLastModifiedTime(model, FileTime.fromMillis(later.toMillis() + 5_000));
    assertThatThrownBy(() -> Bundle.open(directory))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("model.onnx is damaged");
  }

  @Test
  void aBundleThatWasRefusedOpensOnceItIsMended() throws IOException {
    byte[] content = Files.readAllBytes(model);
    Files.delete(model);
    assertRefused(directory, "model.onnx is damaged, expected a file, found none");
    Files.write(model, content);
    assertThat(Bundle.open(directory).manifest().name()).isEqualTo("tiny-bert");
  }

  @Test
  void aFileNameThatLeavesTheDirectoryIsRefused() throws IOException {
    TinyModel.editManifest(directory, "\"model.onnx\"", "\"../bundle/model.onnx\"");
    assertRefused(
        directory,
        "bundle.json is not a manifest, a file needs a plain name, found '../bundle/model.onnx'");
  }

  @Test
  void checksumsOfBytesAndFilesAgree() throws IOException {
    assertThat(Checksums.sha256("abc".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assertThat(Checksums.sha256(model)).isEqualTo(Checksums.sha256(Files.readAllBytes(model)));
  }

  private static void assertRefused(Path directory, String reason) {
    assertThatThrownBy(() -> Bundle.open(directory))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot open bundle ")
        .hasMessageContaining(directory.getFileName().toString())
        .hasMessageEndingWith(": " + reason);
  }

  private static void flipBit(Path file) throws IOException {
    byte[] content = Files.readAllBytes(file);
    content[content.length / 2] = (byte) (content[content.length / 2] ^ 4);
    Files.write(file, content);
  }

  @Test
  void aManifestOf300MegabytesOfBlanksIsRefused() throws IOException {
    try (RandomAccessFile sparse =
        new RandomAccessFile(directory.resolve("bundle.json").toFile(), "rw")) {
      sparse.setLength(300L << 20);
    }
    assertThatThrownBy(() -> Bundle.open(directory))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith(
            "bundle.json is not a manifest, it must have at most 1048576 bytes, found more");
  }

  @ParameterizedTest
  @ValueSource(strings = {"weights.bin", "../weights.bin", "/etc/weights.bin", ".hidden", ""})
  void weightsThatTheManifestDoesNotListAreRefused(String location) throws IOException {
    Files.writeString(directory.resolve("weights.bin"), "unverified");
    ModelProto graph = ModelProto.parseFrom(Files.readAllBytes(model));
    Path bundle =
        TinyModel.bundle(
            directory.resolve("other"), readingFrom(graph, location).toByteArray(), 32, true);
    assertThatThrownBy(() -> Bundle.open(bundle))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith(
            "model.onnx reads weights from '%s', which bundle.json does not list", location);
  }

  @Test
  void weightsInAnInnerGraphAreFoundToo() throws IOException {
    TensorProto weights = external("weights.bin");
    NodeProto inner =
        NodeProto.newBuilder()
            .addAttribute(AttributeProto.newBuilder().setName("value").setT(weights))
            .build();
    GraphProto branch = GraphProto.newBuilder().addNode(inner).build();
    NodeProto outer =
        NodeProto.newBuilder()
            .addAttribute(AttributeProto.newBuilder().setName("then_branch").setG(branch))
            .build();
    ModelProto graph =
        ModelProto.newBuilder().setGraph(GraphProto.newBuilder().addNode(outer)).build();
    Path bundle = TinyModel.bundle(directory.resolve("other"), graph.toByteArray(), 32, true);
    assertThatThrownBy(() -> Bundle.open(bundle)).hasMessageContaining("from 'weights.bin'");
  }

  @Test
  void aGraphThatIsNoneIsSaid() throws IOException {
    Path bundle =
        TinyModel.bundle(
            directory.resolve("other"), "Kein Modell.".getBytes(StandardCharsets.UTF_8), 32, true);
    assertThatThrownBy(() -> Bundle.open(bundle))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("model.onnx is not an ONNX file, ");
  }

  @Test
  void whereAnImportDiedTheMessageSaysSo() throws IOException {
    Path work = Files.createDirectory(directory.resolveSibling(".gone.publish"));
    assertRefused(
        directory.resolveSibling("gone"),
        "it needs a bundle.json, found no directory, but an import that runs or died, in " + work);
  }

  private static ModelProto readingFrom(ModelProto graph, String location) {
    ModelProto.Builder changed = graph.toBuilder();
    changed.getGraphBuilder().addInitializer(external(location));
    return changed.build();
  }

  private static TensorProto external(String location) {
    return TensorProto.newBuilder()
        .setName("outside")
        .addExternalData(StringStringEntryProto.newBuilder().setKey("location").setValue(location))
        .build();
  }
}
