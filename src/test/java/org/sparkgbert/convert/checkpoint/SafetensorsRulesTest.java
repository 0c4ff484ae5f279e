package org.sparkgbert.convert.checkpoint;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that break a rule of the format are refused with one line that says which. */
class SafetensorsRulesTest {
  private static final String A = "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";

  @TempDir private Path directory;

  private void assertRefused(byte[] content, String reason) {
    assertThatThrownBy(() -> TestSafetensors.open(directory, content).close())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot read %s: %s", directory.resolve(TestSafetensors.FILE), reason);
  }

  private void assertRefused(String header, int dataBytes, String reason) {
    assertRefused(TestSafetensors.bytes(header, new byte[dataBytes]), reason);
  }

  @ParameterizedTest
  @CsvSource({
    "0x7fffffffffffffff, 9223372036854775807",
    "-0x8000000000000000, 9223372036854775808",
    "100000001,           100000001",
  })
  void headersOfImpossibleLengthAreRefused(String length, String found) {
    byte[] content =
        ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(Long.decode(length)).array();
    assertRefused(content, "its header must have at most 100000000 bytes, found " + found);
  }

  @Test
  void headersBeyondTheFileAreRefused() {
    byte[] content = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(9).array();
    assertRefused(content, "its header must end inside the file, found 9 bytes in a file of 16");
    assertRefused(new byte[7], "it must have 8 bytes from byte 0 on, found a file of 7 bytes");
    assertRefused(new byte[0], "it must have 8 bytes from byte 0 on, found a file of 0 bytes");
  }

  @Test
  void aPointerOfGitLfsIsNamed() {
    assertRefused(
        "version https://git-lfs.github.com/spec/v1\noid sha256:0\n"
            .getBytes(StandardCharsets.UTF_8),
        "it must be the file itself, found a Git LFS pointer to it; run 'git lfs pull'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "F32     | [2]    | [4,12]    | 12 | data of tensor 'b' F32 [2] must begin at byte 8, "
            + "where the preceding data ends, found 4",
        "F32     | [2]    | [12,20]   | 20 | data of tensor 'b' F32 [2] must begin at byte 8, "
            + "where the preceding data ends, found 12",
        "F32     | [2]    | [0,8]     |  8 | data of tensor 'b' F32 [2] must begin at byte 8, "
            + "where the preceding data ends, found 0",
        "F32     | [2]    | [8,15]    | 15 | tensor 'b' F32 [2] must take 8 bytes, "
            + "found data_offsets [8, 15]",
        "F32     | [2]    | [16,8]    | 16 | data_offsets of tensor 'b' must not begin below 0"
            + " or end before they begin, found [16, 8]",
        "F32     | [2]    | [-8,0]    |  8 | data_offsets of tensor 'b' must not begin below 0"
            + " or end before they begin, found [-8, 0]",
        "F32     | [2]    | [8,16]    | 12 | its 2 tensors take 16 bytes, which must be all"
            + " bytes after the header, found 12",
        "F32     | [2]    | [8,16]    | 17 | its 2 tensors take 16 bytes, which must be all"
            + " bytes after the header, found 17",
        "F32     | [2]    | [8]       |  8 | tensor 'b' must have two data_offsets, found 1",
        "F32     | [2]    | [8,16,24] |  8 | data_offsets of tensor 'b' must have at most 2 "
            + "entries, found more",
        "F32     | [2]    | 8         |  8 | data_offsets of tensor 'b' must be an array, found 8",
        "F32     | [2]    | [8,1e3]   |  8 | data_offsets of tensor 'b' must contain only"
            + " integers, "
            + "found 1000.0",
        "F32     | [2]    | [8,99999999999999999999] | 8 | data_offsets of tensor 'b' must fit "
            + "into 63 bits, found 99999999999999999999",
        "F32     | [-2]   | [8,16]    | 16 | the shape of tensor 'b' must not be negative, "
            + "found [-2]",
        "F32     | [4294967296,4294967296] | [8,16] | 16 | the shape of tensor 'b' is too large "
            + "to count, found [4294967296, 4294967296]",
        "F32     | [[2]]  | [8,16]    | 16 | shape of tensor 'b' must contain only integers,"
            + " found [",
        "F32     | null   | [8,16]    | 16 | shape of tensor 'b' must be an array, found null",
        "F32     | [\"2\"]| [8,16]    | 16 | shape of tensor 'b' must contain only integers,"
            + " found 2",
        "F4      | [2]    | [8,16]    | 16 | dtype of tensor 'b' must be a known type, found 'F4'",
        "f32     | [2]    | [8,16]    | 16 | dtype of tensor 'b' must be a known type, found 'f32'",
      })
  void tensorsThatBreakTheRulesAreRefused(
      String type, String shape, String offsets, int dataBytes, String reason) {
    String b =
        "\"b\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}".formatted(type, shape, offsets);
    assertRefused("{" + A + "," + b + "}", dataBytes, reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]             | its header must be an object, found [",
        "null           | its header must be an object, found null",
        "`   `          | its header must be an object, found nothing",
        "{} {}          | its header must end after its object, found {",
        "{\"b\":1}      | tensor 'b' must be an object, found 1",
        "{\"b\":{}}     | tensor 'b' must have dtype, found none",
        "{\"b\":{\"dtype\":\"F32\"}} | tensor 'b' must have shape, found none",
        "{\"b\":{\"dtype\":1}}       | dtype of tensor 'b' must be a string, found 1",
        "{\"b\":{\"x\":1}}  | tensor 'b' must have dtype, shape and data_offsets only, found 'x'",
        "{\"__metadata__\":1}        | __metadata__ must be an object, found 1",
        "{\"__metadata__\":{\"a\":1}} | __metadata__ 'a' must be a string, found 1",
      })
  void headersOfAnotherFormAreRefused(String header, String reason) {
    assertRefused(header, 0, reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "{\"a\"", "x", "{\"a\":NaN}", "{\"__metadata__\":{\"a\":\"\\q\"}}"})
  void headersThatAreNoJsonAreRefused(String header) {
    assertThatThrownBy(() -> open(header))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(": its header is not valid JSON, found '")
        .hasMessageNotContaining("\n");
  }

  private void open(String header) {
    TestSafetensors.open(directory, TestSafetensors.bytes(header, new byte[8])).close();
  }

  @Test
  void keysThatComeTwiceAreRefused() {
    String twice = "its header is not valid JSON, found 'Duplicate field \\'%s\\''";
    assertRefused("{" + A + "," + A + "}", 8, twice.replace("\\", "").formatted("a"));
    assertRefused(
        "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F16\"}}",
        8,
        twice.replace("\\", "").formatted("dtype"));
  }

  @Test
  void deepNestingAndEndlessTextAreRefused() {
    assertThatThrownBy(() -> open("{\"a\":{\"shape\":" + "[".repeat(1_000_000)))
        .hasMessageContaining("its header is not valid JSON, found 'Document nesting depth (9)")
        .hasMessageContaining("exceeds the maximum allowed (8");
    assertThatThrownBy(() -> open("{\"" + "a".repeat(1_000_000) + "\":1}"))
        .hasMessageContaining("its header is not valid JSON, found '")
        .hasMessageContaining("exceeds the maximum allowed");
    assertThatThrownBy(() -> open("{\"a\":{\"shape\":[" + "1,".repeat(100) + "1]}}"))
        .hasMessageEndingWith("shape of tensor 'a' must have at most 64 entries, found more");
  }

  @Test
  void headersMustBeUtf8() {
    byte[] content = TestSafetensors.bytes("{\"__metadata__\":{\"a\":\"?\"}}", new byte[0]);
    content[content.length - 4] = (byte) 0xff;
    assertRefused(content, "its header must be UTF-8, found other bytes");
  }

  @Test
  void namesInMessagesStayOnOneLine() {
    assertRefused(
        "{\"a\\nb\\u001b[1m\":1}", 0, "tensor 'a\\u000ab\\u001b[1m' must be an object, found 1");
    assertThatThrownBy(() -> open("{\"" + "x".repeat(1000) + "\":1}"))
        .hasMessageEndingWith("tensor '" + "x".repeat(120) + "...' must be an object, found 1");
  }
}
