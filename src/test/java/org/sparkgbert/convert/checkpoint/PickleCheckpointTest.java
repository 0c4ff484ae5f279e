package org.sparkgbert.convert.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PickleCheckpointTest {
  private static final String ONLY_TENSORS = "its pickle must name only what tensors need, found ";

  @TempDir private Path directory;

  @Test
  void aStateDictReadsAsPyTorchWroteIt() {
    try (Weights weights = TestPickles.open("state-dict", directory)) {
      assertThat(weights.format()).isEqualTo("PyTorch pickle");
      assertThat(weights.names())
          .containsExactly(
              "encoder.weight",
              "encoder.bias",
              "half",
              "bfloat16",
              "shared.first",
              "shared.last",
              "transposed",
              "every.second",
              "scalar",
              "empty",
              "double",
              "embeddings.position_ids");
      assertThat(weights.info("encoder.weight")).hasToString("'encoder.weight' F32 [2, 3]");
      assertThat(weights.floats("encoder.weight"))
          .containsExactly(0, 0.125f, 0.25f, 0.375f, 0.5f, 0.625f);
      assertThat(weights.floats("encoder.bias")).containsExactly(10, 10.125f, 10.25f);
      assertThat(weights.info("half")).hasToString("'half' F16 [2, 4]");
      assertThat(weights.floats("half"))
          .containsExactly(-0.5f, -0.375f, -0.25f, -0.125f, 0, 0.125f, 0.25f, 0.375f);
      assertThat(weights.floats("bfloat16")).containsExactly(1, 1.125f, 1.25f, 1.375f, 1.5f);
      assertThat(weights.floats("scalar")).containsExactly(7.5f);
      assertThat(weights.floats("empty")).isEmpty();
    }
  }

  @Test
  void viewsAreReadThroughTheirStrides() {
    try (Weights weights = TestPickles.open("state-dict", directory)) {
      assertThat(weights.floats("shared.first")).containsExactly(100, 100.125f, 100.25f, 100.375f);
      assertThat(weights.floats("shared.last")).containsExactly(100.625f, 100.75f, 100.875f);
      assertThat(weights.info("transposed")).hasToString("'transposed' F32 [3, 2]");
      assertThat(weights.floats("transposed"))
          .containsExactly(20, 20.375f, 20.125f, 20.5f, 20.25f, 20.625f);
      assertThat(weights.floats("every.second")).containsExactly(30, 30.25f, 30.5f, 30.75f);
    }
  }

  @Test
  void tensorsOfOtherTypesAreListedButAreNoWeights() {
    try (Weights weights = TestPickles.open("state-dict", directory)) {
      assertThat(weights.info("embeddings.position_ids"))
          .hasToString("'embeddings.position_ids' I64 [1, 4]");
      assertThat(weights.info("double")).hasToString("'double' F64 [2]");
      assertThat(weights.floats("double")).containsExactly(0, 0.125f);
      assertThatThrownBy(() -> weights.floats("embeddings.position_ids"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "Cannot read tensor 'embeddings.position_ids' from %s: weights must be F32, F16, BF16"
                  + " or F64, found I64",
              directory.resolve(TestPickles.FILE));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain-dict", "protocol-4"})
  void dictsOfOtherProtocolsReadToo(String fixture) {
    try (Weights weights = TestPickles.open(fixture, directory)) {
      assertThat(weights.floats("w")).containsExactly(0, 0.125f, 0.25f, 0.375f);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"handmade", "zip64"})
  void archivesOfOtherWritersReadToo(String fixture) {
    try (Weights weights = TestPickles.open(fixture, directory)) {
      assertThat(weights.floats("w")).containsExactly(0, 0, 0, 0);
    }
  }

  private void assertRefused(String fixture, String reason) {
    assertThatThrownBy(() -> TestPickles.open(fixture, directory).close())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot read %s: %s", directory.resolve(TestPickles.FILE), reason);
  }

  @ParameterizedTest
  @CsvSource({
    "os-system, posix.system",
    "posix-system, posix.system",
    "eval, __builtin__.eval",
    "getattr-chain, builtins.getattr",
    "stack-global, os.system",
  })
  void whateverPythonCouldRunIsRefusedByName(String fixture, String name) {
    assertRefused(fixture, ONLY_TENSORS + "'" + name + "'; none of it was run");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "nested-reduce    | its pickle must call only functions that build tensors, found a call"
            + " of a "
            + "dict; none of it was run",
        "call-of-tensor   | its pickle must call only functions that build tensors, found a call"
            + " of the "
            + "string 'os.system'; none of it was run",
        "unknown-opcode   | its pickle must use only the opcodes of a state dict, found 0x69 at"
            + " byte 17",
        "protocol-0       | its pickle must use only the opcodes of a state dict, found 0x49 at"
            + " byte 0",
        "persistent-id    | a persistent id in its pickle must be a tuple, found the string "
            + "'module'",
        "build-of-tensor  | its pickle must set attributes only of dicts, found a dict for a "
            + "tensor",
        "no-dict          | its pickle must contain an ordered dict of tensors, found a tensor",
        "no-tensor        | its pickle must map 'epoch' to a tensor, found the number 3",
        "key-twice        | its pickle must have each key only once, found 'w' twice",
        "empty-stack      | its pickle must not pop more than it pushed, found an empty stack",
        "long-string      | strings of its pickle must have at most 65536 bytes, found 2147483647",
        "truncated-pickle | names in its pickle must end within 256 bytes, found one at byte 185 "
            + "that does not",
      })
  void picklesOfMoreThanTensorsAreRefused(String fixture, String reason) {
    assertRefused(fixture, reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "beyond-storage  | tensor 'w' F32 [2, 2] must lie inside its storage of 4 elements, found "
            + "offset 0 and strides [4, 1]",
        "offset-beyond   | tensor 'w' F32 [2, 2] must lie inside its storage of 4 elements, found "
            + "offset 1 and strides [2, 1]",
        "expanded        | tensor 'w' F32 [1099511627776] must lie inside its storage of 4 "
            + "elements, found offset 0 and strides [0]",
        "huge-stride     | tensor 'w' F32 [3, 2] must lie inside its storage of 4 elements, found "
            + "offset 0 and strides [4611686018427387904, 1]",
        "huge-shape      | the shape of tensor 'w' is too large to count, found [1099511627776, "
            + "1099511627776]",
        "negative-stride | its pickle must give a tensor a non-negative offset and a"
            + " non-negative stride per axis, found offset 0, strides [-2, 1], shape [2, 2]",
        "short-storage   | storage '0' of tensor 'w' F32 [2, 2] must have 4 elements, found 12 "
            + "bytes",
        "missing-storage | tensor 'w' F32 [2, 2] must have its storage in the file, found no "
            + "entry 'data/0'",
      })
  void viewsOutsideOfTheirStorageAreRefused(String fixture, String reason) {
    assertRefused(fixture, reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "parent-entry   | names of its entries must not lead out of its folder, found"
            + " 'archive/../evil'",
        "absolute-entry | names of its entries must not lead out of its folder, found '/evil'",
        "entry-twice    | it must have each entry only once, found 'archive/data/0' twice",
        "deflated       | entry 'archive/data.pkl' must be stored uncompressed, as torch.save "
            + "does, found compression method 8",
        "big-endian     | its byteorder must be little, found 'bigger'",
        "no-pickle      | it must have one FOLDER/data.pkl, found 0 among 4 entries",
        "truncated      | it must be a zip file, found no zip directory at its end",
        "legacy         | it must be a zip file, found a format of PyTorch before 1.6; convert it "
            + "to safetensors",
        "tar            | it must be a zip file, found a format of PyTorch before 1.6; convert it "
            + "to safetensors",
      })
  void archivesOfAnotherFormAreRefused(String fixture, String reason) {
    assertRefused(fixture, reason);
  }
}
