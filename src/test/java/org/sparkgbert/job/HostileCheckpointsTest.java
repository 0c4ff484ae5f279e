package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparkgbert.convert.TestCheckpoints;
import org.sparkgbert.convert.TestWeights;

/** Malformed and malicious checkpoints give one clear line and leave nothing behind. */
class HostileCheckpointsTest {
  private static final String WEIGHTS = "model.safetensors";
  private static final String WORDS = "embeddings.word_embeddings.weight";

  @TempDir Path folder;

  static Stream<Arguments> hostileWeights() {
    return Stream.of(
        hostile(
            "a header of 2^63 bytes", "header", at -> write(at, WEIGHTS, header(Long.MIN_VALUE))),
        hostile("a header beyond the file", "header", at -> write(at, WEIGHTS, header(1 << 20))),
        hostile("a file of three bytes", WEIGHTS, at -> write(at, WEIGHTS, new byte[3])),
        hostile(
            "offsets beyond the file",
            "take 396 bytes, which must be all bytes after the header, found 0",
            at ->
                write(
                    at,
                    WEIGHTS,
                    safetensors(
                        "{\"a\":{\"dtype\":\"F32\",\"shape\":[99],\"data_offsets\":[0,396]}}"))),
        hostile(
            "offsets that wrap around",
            "shape",
            at ->
                write(
                    at,
                    WEIGHTS,
                    safetensors(
                        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],"
                            + "\"data_offsets\":[0,0]}}"))),
        hostile("a weight that is not a number", "finite", at -> first(at, WORDS, Float.NaN)),
        hostile(
            "an infinite weight",
            "finite",
            at -> first(at, "encoder.layer.1.output.LayerNorm.weight", Float.POSITIVE_INFINITY)),
        hostile(
            "a tensor of a wrong shape",
            "its shape must be [189, 32], found [3, 2]",
            at -> rewrite(at, w -> w.floats(WORDS, new long[] {3, 2}, 1, 2, 3, 4, 5, 6))),
        hostile(
            "a missing tensor",
            "encoder.layer.1.intermediate.dense.bias",
            at -> rewrite(at, w -> w.remove("encoder.layer.1.intermediate.dense.bias"))),
        hostile("no weights", "found none of them", at -> delete(at, WEIGHTS)),
        hostile("weights that are a directory", "a directory", at -> directory(at, WEIGHTS)),
        hostile("a pickle that calls os.system", "system", at -> pickle(at, "os-system")),
        hostile("a pickle that calls eval", "eval", at -> pickle(at, "eval")),
        hostile("a zip entry with ..", "..", at -> pickle(at, "parent-entry")),
        hostile("an absolute zip entry", "/", at -> pickle(at, "absolute-entry")),
        hostile("a truncated zip", "pytorch_model.bin", at -> pickle(at, "truncated")),
        hostile(
            "an index that points outside",
            "..",
            at -> index(at, "{\"weight_map\": {\"%s\": \"../../etc/passwd\"}}".formatted(WORDS))),
        hostile(
            "an index of a shard that is missing",
            "model-1.safetensors",
            at -> index(at, "{\"weight_map\": {\"a\": \"model-1.safetensors\"}}")));
  }

  static Stream<Arguments> hostileSettings() {
    return Stream.of(
        hostile("a config of 2^31 words", "vocab_size", at -> config(at, "vocab_size", 1L << 31)),
        hostile("a config of many layers", "layers", at -> config(at, "num_hidden_layers", 1e6)),
        hostile(
            "a wrong hidden size", "vectors of 32, found 64", at -> config(at, "hidden_size", 64)),
        hostile("more layers than there are", "layer.2", at -> config(at, "num_hidden_layers", 3)),
        hostile("a config that is not JSON", "not JSON", at -> write(at, "config.json", "{]")),
        hostile("modules outside", "leads out", at -> module(at, "Pooling", "../..")),
        hostile("a module of foreign code", "evil", at -> module(at, "evil.Pooling", "1_Pooling")),
        hostile("modules of deep nesting", "nesting", at -> nest(at, "modules.json", 10_000_000)),
        hostile("huge pooling", "at most 67108864", at -> huge(at, "1_Pooling/config.json")),
        hostile("a huge tokenizer", "at most 67108864", at -> huge(at, "tokenizer.json")),
        hostile("a nested tokenizer", "nesting", at -> nest(at, "tokenizer.json", 20_000_000)),
        hostile("a foreign tokenizer", "tokenizer", at -> write(at, "tokenizer.json", "{}")),
        hostile("a huge vocabulary", "at most 67108864", at -> huge(at, "vocab.txt")),
        hostile(
            "a word more than rows",
            "190 ids and 189 embeddings",
            at -> append(at, "vocab.txt", "[PAD]\n")),
        hostile("an empty vocabulary", "lacks", at -> write(at, "vocab.txt", "")),
        hostile(
            "pooling too long for Dense",
            "it takes vectors of 32, found 64",
            at -> edit(at, "1_Pooling/config.json", j -> j.put("pooling_mode_cls_token", true))),
        hostile(
            "Dense of wrong inputs",
            "its shape must be [24, 33], found [24, 32]",
            at -> dense(at, "in_features", 33)),
        hostile(
            "Dense of wrong outputs",
            "its shape must be [25], found [24]",
            at -> dense(at, "out_features", 25)),
        hostile("an absurd Dense", "out_features", at -> dense(at, "out_features", 1 << 30)),
        hostile(
            "Dense of no numbers",
            "tensor 'linear.weight': its values must be finite",
            at -> first(at.resolve("2_Dense"), "linear.weight", Float.NaN)),
        hostile(
            "Dense of a foreign activation",
            "os.system",
            at -> edit(at, "2_Dense/config.json", j -> j.put("activation_function", "os.system"))));
  }

  static Stream<Arguments> hostileOnnxFiles() {
    byte[] deep = new byte[100_000];
    Arrays.fill(deep, (byte) 0x3b);
    return Stream.of(
        hostile("garbage", "not an ONNX file", at -> write(at, "m.onnx", "Kein Modell.")),
        hostile("nothing", "found []", at -> write(at, "m.onnx", "")),
        hostile("zeros without end", "not an ONNX file", at -> huge(at, "m.onnx")),
        hostile("groups without end", "not an ONNX file", at -> write(at, "m.onnx", deep)));
  }

  @ParameterizedTest
  @MethodSource({"hostileWeights", "hostileSettings"})
  void aHostileCheckpointGivesOneLineAndLeavesNothing(Consumer<Path> damage, String reason)
      throws IOException {
    Path checkpoint = TestCheckpoints.copy("dense", folder.resolve("checkpoint"));
    damage.accept(checkpoint);
    assertRefused(checkpoint, reason);
  }

  @ParameterizedTest
  @MethodSource("hostileOnnxFiles")
  void aHostileOnnxFileGivesOneLineAndLeavesNothing(Consumer<Path> write, String reason)
      throws IOException {
    Path directory = Files.createDirectory(folder.resolve("checkpoint"));
    write.accept(directory);
    assertRefused(directory.resolve("m.onnx"), reason);
  }

  private void assertRefused(Path source, String reason) throws IOException {
    CapturedConsole console = new CapturedConsole();
    int code = console.run("import-model", source, "--output", folder.resolve("bundle"));
    assertThat(code).as(console.text()).isEqualTo(Main.WRONG_USAGE);
    assertThat(console.out()).isEmpty();
    assertThat(console.err()).hasSize(1);
    assertThat(console.err().get(0)).startsWith("spark-gbert: Cannot ").contains(reason);
    assertThat(console.text()).doesNotContain("Exception", "\tat ");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(folder.resolve("checkpoint"));
    }
  }

  private static Arguments hostile(String name, String reason, Consumer<Path> damage) {
    return Arguments.of(Named.of(name, damage), reason);
  }

  private static byte[] header(long length) {
    return ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
  }

  private static byte[] safetensors(String header) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(Long.BYTES + json.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .array();
  }

  private static void write(Path at, String name, String text) {
    write(at, name, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void write(Path at, String name, byte[] bytes) {
    unchecked(() -> Files.write(at.resolve(name), bytes));
  }

  private static void append(Path at, String name, String text) {
    unchecked(() -> Files.writeString(at.resolve(name), Files.readString(at.resolve(name)) + text));
  }

  private static void nest(Path at, String name, int depth) {
    write(at, name, "[".repeat(depth));
  }

  private static void huge(Path at, String name) {
    unchecked(
        () -> {
          try (RandomAccessFile sparse = new RandomAccessFile(at.resolve(name).toFile(), "rw")) {
            sparse.setLength(3L << 30);
          }
          return at;
        });
  }

  private static void delete(Path at, String name) {
    unchecked(() -> Files.deleteIfExists(at.resolve(name)));
  }

  private static void directory(Path at, String name) {
    delete(at, name);
    unchecked(() -> Files.createDirectory(at.resolve(name)));
  }

  private static void pickle(Path at, String name) {
    delete(at, WEIGHTS);
    Path fixture = TestCheckpoints.FOLDER.resolveSibling("pickle").resolve(name + ".bin");
    unchecked(() -> Files.copy(fixture, at.resolve("pytorch_model.bin")));
  }

  private static void index(Path at, String json) {
    delete(at, WEIGHTS);
    write(at, WEIGHTS + ".index.json", json);
  }

  private static void rewrite(Path at, Consumer<TestWeights> change) {
    unchecked(
        () -> {
          TestWeights.rewrite(at, change);
          return at;
        });
  }

  private static void first(Path at, String tensor, float value) {
    rewrite(at, weights -> weights.first(tensor, value));
  }

  private static void module(Path at, String type, String path) {
    String full = type.contains(".") ? type : "sentence_transformers.models." + type;
    write(at, "modules.json", "[{\"type\": \"%s\", \"path\": \"%s\"}]".formatted(full, path));
  }

  private static void edit(Path at, String file, Consumer<ObjectNode> change) {
    TestCheckpoints.edit(at.resolve(file), change);
  }

  private static void config(Path at, String key, double value) {
    edit(at, "config.json", json -> json.put(key, (long) value));
  }

  private static void dense(Path at, String key, int value) {
    edit(at, "2_Dense/config.json", json -> json.put(key, value));
  }

  /** Something that does work on files. */
  @FunctionalInterface
  private interface FileWork {
    Object run() throws IOException;
  }

  private static void unchecked(FileWork work) {
    try {
      work.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
