package org.sparkgbert.convert.checkpoint;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A pickle machine that supports only what a state dict needs: 31 opcodes of protocols 2 to 5, and
 * the names of {@link PickleGlobals}. It runs nothing: what Python would call becomes a {@link
 * PickleValue}.
 *
 * <p><b>Source:</b> {@code pickletools.py} of CPython.
 */
final class PickleReader {
  private static final int MAX_MEMO = 1_000_000;
  private static final int OLDEST_PROTOCOL = 2;
  private static final int NEWEST_PROTOCOL = 5;

  private final PickleInput in;
  private final PickleStack stack = new PickleStack();
  private final Map<Integer, PickleValue> memo = new HashMap<>();

  private PickleReader(byte[] pickle) {
    this.in = new PickleInput(pickle);
  }

  /**
   * Reads a pickle.
   *
   * @throws IllegalArgumentException if it is damaged, or contains or names anything that tensors
   *     do not need, with the reason
   */
  static PickleValue read(byte[] pickle) {
    return new PickleReader(pickle).run();
  }

  private PickleValue run() {
    int opcode = in.unsignedByte();
    while (opcode != '.') {
      step(opcode);
      opcode = in.unsignedByte();
    }
    if (in.remaining() > 0) {
      throw new IllegalArgumentException(
          "its pickle must end with its STOP opcode, found %d more bytes"
              .formatted(in.remaining()));
    }
    return stack.pop();
  }

  /** One opcode; the comments have CPython's names. */
  private void step(int opcode) {
    switch (opcode) {
      case 0x80 -> requireProtocol(in.unsignedByte()); // PROTO
      case 0x95 -> requireFrame(in.int64()); // FRAME
      case '(' -> stack.mark(); // MARK
      case 'N' -> stack.push(PickleValue.Constant.NONE); // NONE
      case 0x88 -> stack.push(PickleValue.Constant.TRUE); // NEWTRUE
      case 0x89 -> stack.push(PickleValue.Constant.FALSE); // NEWFALSE
      case 'K' -> pushInt(in.unsignedByte()); // BININT1
      case 'M' -> pushInt(in.unsignedShort()); // BININT2
      case 'J' -> pushInt(in.int32()); // BININT
      case 0x8a -> pushInt(in.shortLong()); // LONG1
      case 0x8c -> pushText(in.unsignedByte()); // SHORT_BINUNICODE
      case 'X' -> pushText(Integer.toUnsignedLong(in.int32())); // BINUNICODE
      case ')' -> pushTuple(List.of()); // EMPTY_TUPLE
      case 0x85 -> pushTuple(stack.pop(1)); // TUPLE1
      case 0x86 -> pushTuple(stack.pop(2)); // TUPLE2
      case 0x87 -> pushTuple(stack.pop(3)); // TUPLE3
      case 't' -> pushTuple(stack.popToMark()); // TUPLE
      case '}' -> stack.push(new PickleValue.Dict(new LinkedHashMap<>())); // EMPTY_DICT
      case 's' -> put(stack.pop(2)); // SETITEM
      case 'u' -> put(stack.popToMark()); // SETITEMS
      case 'q' -> memoize(in.unsignedByte()); // BINPUT
      case 'r' -> memoize(in.int32()); // LONG_BINPUT
      case 0x94 -> memoize(memo.size()); // MEMOIZE
      case 'h' -> recall(in.unsignedByte()); // BINGET
      case 'j' -> recall(in.int32()); // LONG_BINGET
      case 'c' -> stack.push(PickleGlobals.find(in.line(), in.line())); // GLOBAL
      case 0x93 -> stackGlobal(stack.pop(2)); // STACK_GLOBAL
      case 'Q' -> stack.push(PickleCalls.storage(stack.pop())); // BINPERSID
      case 'R' -> call(stack.pop(2)); // REDUCE
      case 'b' -> setState(stack.pop()); // BUILD
      default ->
          throw new IllegalArgumentException(
              "its pickle must use only the opcodes of a state dict, found 0x%02x at byte %d"
                  .formatted(opcode, in.position() - 1));
    }
  }

  private static void requireProtocol(int protocol) {
    if (protocol < OLDEST_PROTOCOL || protocol > NEWEST_PROTOCOL) {
      throw new IllegalArgumentException(
          "its pickle must use protocol %d to %d, found %d"
              .formatted(OLDEST_PROTOCOL, NEWEST_PROTOCOL, protocol));
    }
  }

  private void requireFrame(long length) {
    if (length < 0 || length > in.remaining()) {
      throw new IllegalArgumentException(
          "a frame of its pickle must have at most %d bytes, found %s"
              .formatted(in.remaining(), Long.toUnsignedString(length)));
    }
  }

  private void pushInt(long value) {
    stack.push(new PickleValue.Int(value));
  }

  private void pushText(long length) {
    stack.push(new PickleValue.Text(in.text(length)));
  }

  private void pushTuple(List<PickleValue> items) {
    stack.push(new PickleValue.Tuple(items));
  }

  private void put(List<PickleValue> keysAndValues) {
    if (!(stack.top() instanceof PickleValue.Dict dict)) {
      throw new IllegalArgumentException(
          "its pickle must set items only in dicts, found " + stack.top().kind());
    }
    if (keysAndValues.size() % 2 != 0) {
      throw new IllegalArgumentException(
          "its pickle must set items as pairs of key and value, found an odd number");
    }
    for (int i = 0; i < keysAndValues.size(); i += 2) {
      PickleCalls.put(dict, keysAndValues.get(i), keysAndValues.get(i + 1));
    }
  }

  private void memoize(int index) {
    if (memo.size() == MAX_MEMO) {
      throw new IllegalArgumentException(
          "the memo of its pickle must have at most %d values, found more".formatted(MAX_MEMO));
    }
    memo.put(index, stack.top());
  }

  private void recall(int index) {
    PickleValue value = memo.get(index);
    if (value == null) {
      throw new IllegalArgumentException(
          "its pickle must refer only to values in its memo, found number %s, which is not in it"
              .formatted(Integer.toUnsignedString(index)));
    }
    stack.push(value);
  }

  private void stackGlobal(List<PickleValue> names) {
    stack.push(
        PickleGlobals.find(
            PickleCalls.text(names.get(0), "a module"), PickleCalls.text(names.get(1), "a name")));
  }

  private void call(List<PickleValue> functionAndArguments) {
    stack.push(PickleCalls.call(functionAndArguments.get(0), functionAndArguments.get(1)));
  }

  /** State dicts have version numbers as attributes, which do not matter for weights. */
  private void setState(PickleValue state) {
    if (!(stack.top() instanceof PickleValue.Dict) || !(state instanceof PickleValue.Dict)) {
      throw new IllegalArgumentException(
          "its pickle must set attributes only of dicts, found %s for %s"
              .formatted(state.kind(), stack.top().kind()));
    }
  }
}
