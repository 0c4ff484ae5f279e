package org.sparkgbert.convert.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PickleReaderTest {
  /** A pickle whose opcodes are written as characters up to U+00FF. */
  private static PickleValue read(String opcodes) {
    return PickleReader.read(opcodes.getBytes(StandardCharsets.ISO_8859_1));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "K\u00ff., 255",
        "M\u0001\u0002., 513",
        "J\u00fe\u00ff\u00ff\u00ff., -2",
        "\u008a\u0000., 0",
        "\u008a\u0001\u00ff., -1",
        "\u008a\u0003\u0001\u0000\u0080., -8388607",
        "\u008a\u0005\u0000\u0000\u0000\u0000\u0001., 4294967296",
      })
  void numbersOfEachOpcode(String opcodes, long expected) {
    assertThat(read(opcodes)).isEqualTo(new PickleValue.Int(expected));
  }

  @Test
  void constantsTextsAndTuples() {
    PickleValue text = new PickleValue.Text("ä");
    assertThat(read("N.")).isEqualTo(PickleValue.Constant.NONE);
    assertThat(read("\u0088\u0089\u0086."))
        .isEqualTo(tuple(PickleValue.Constant.TRUE, PickleValue.Constant.FALSE));
    assertThat(read("X\u0002\u0000\u0000\u0000\u00c3\u00a4.")).isEqualTo(text);
    assertThat(read("\u0080\u0004\u008c\u0002\u00c3\u00a4\u0094h\u0000\u0086."))
        .isEqualTo(tuple(text, text));
    assertThat(read("(NK\u0001t.")).isEqualTo(tuple(read("N."), read("K\u0001.")));
    assertThat(read(").")).isEqualTo(tuple());
  }

  private static PickleValue tuple(PickleValue... items) {
    return new PickleValue.Tuple(List.of(items));
  }

  @Test
  void theMemoKeepsIdentities() {
    PickleValue.Tuple pair = (PickleValue.Tuple) read("}q\u0007h\u0007\u0086.");
    assertThat(pair.items().get(0)).isSameAs(pair.items().get(1));
  }

  @Test
  void aDictMayHoldItself() {
    PickleValue.Dict dict = (PickleValue.Dict) read("}q\u0000\u008c\u0001ah\u0000s.");
    assertThat(dict.items().get("a") == dict).isTrue();
  }

  @Test
  void stacksAndMarksAreBoundedAndNestingNeedsNone() {
    String tooDeep = "the stack of its pickle must stay below 100000 values, found more";
    assertThatThrownBy(() -> read("(".repeat(200_000))).hasMessage(tooDeep);
    assertThatThrownBy(() -> read("N".repeat(200_000))).hasMessage(tooDeep);
    assertThat(read("N" + "\u0085".repeat(1_000_000) + ".").kind()).isEqualTo("a tuple of 1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``           | its pickle must have 1 more bytes from byte 0 on, found 0",
        "N            | its pickle must have 1 more bytes from byte 1 on, found 0",
        "N.N          | its pickle must end with its STOP opcode, found 1 more bytes",
        "N(R          | its pickle must not pop more than it pushed, found an empty stack",
        "t            | its pickle must set a mark first, found none",
        "h\u0001.      | its pickle must refer only to values in its memo, found number 1, which"
            + " is not in it",
        "\u0080\u0001. | its pickle must use protocol 2 to 5, found 1",
        "\u0080\u0006. | its pickle must use protocol 2 to 5, found 6",
        "\u008a\u0009. | numbers of its pickle must have at most 8 bytes, found 9",
        "\u008c\u0001\u00ff | strings of its pickle must be UTF-8, found other bytes",
        "}(Nu         | its pickle must set items as pairs of key and value, found an odd number",
        "}NNs         | a key of a dict in its pickle must be a string, found None",
        "NNNs         | its pickle must set items only in dicts, found None",
        "NN\u0093     | a module in its pickle must be a string, found None",
        "NQ           | a persistent id in its pickle must be a tuple, found None",
        ")Q           | a persistent id in its pickle must be a storage of 5 fields, found a tuple "
            + "of 0",
      })
  void damagedPicklesAreRefused(String opcodes, String reason) {
    assertThatThrownBy(() -> read(opcodes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(reason);
  }

  @ParameterizedTest
  @CsvSource({
    "collections, OrderedDict",
    "torch._utils, _rebuild_tensor_v2",
    "torch._utils, _rebuild_parameter",
    "torch, FloatStorage",
    "torch, BFloat16Storage",
  })
  void theNamesThatTensorsNeedAreKnown(String module, String name) {
    assertThat(PickleGlobals.find(module, name).kind()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "os, system",
        "torch._utils, _rebuild_tensor_v3",
        "torch, _utils._rebuild_tensor_v2",
        "torch, FloatStorage.__init__",
        "torch, load",
        "``, torch FloatStorage",
        "torch FloatStorage, ``",
        "torch, floatstorage",
      })
  void otherNamesAreNot(String module, String name) {
    assertThatThrownBy(() -> PickleGlobals.find(module, name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "its pickle must name only what tensors need, found '%s.%s'; " + "none of it was run",
            module, name);
  }
}
