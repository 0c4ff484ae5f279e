package org.sparkgbert.convert.checkpoint;

import java.util.LinkedHashMap;
import java.util.List;

/** What the calls in a state dict's pickle mean, and the checks of their arguments. */
final class PickleCalls {
  private static final int STORAGE_FIELDS = 5;
  private static final int REBUILD_TENSOR_ARGUMENTS = 6;
  private static final int REBUILD_PARAMETER_ARGUMENTS = 3;

  private PickleCalls() {}

  /**
   * The value that the call would return in Python.
   *
   * @throws IllegalArgumentException if it calls anything but a function of {@link PickleGlobals},
   *     or its arguments are not those that PyTorch writes
   */
  static PickleValue call(PickleValue called, PickleValue arguments) {
    if (!(called instanceof PickleValue.Function function)) {
      throw new IllegalArgumentException(
          "its pickle must call only functions that build tensors, found a call of %s; "
                  .formatted(called.kind())
              + "none of it was run");
    }
    List<PickleValue> items = items(arguments, "arguments of " + function.global());
    return switch (function) {
      case ORDERED_DICT -> emptyDict(items);
      case REBUILD_TENSOR -> tensor(items);
      case REBUILD_PARAMETER -> parameter(items);
    };
  }

  private static PickleValue emptyDict(List<PickleValue> arguments) {
    requireCount(arguments, 0, "collections OrderedDict");
    return new PickleValue.Dict(new LinkedHashMap<>());
  }

  /** Storage, offset, shape, strides, requires_grad, backward_hooks. */
  private static PickleValue tensor(List<PickleValue> arguments) {
    requireCount(arguments, REBUILD_TENSOR_ARGUMENTS, "_rebuild_tensor_v2");
    if (!(arguments.get(0) instanceof PickleValue.Storage storage)) {
      throw unexpected("a tensor's storage", "a storage", arguments.get(0));
    }
    return new PickleValue.Tensor(
        storage,
        integer(arguments.get(1), "a tensor's offset"),
        integers(arguments.get(2), "a tensor's shape"),
        integers(arguments.get(3), "a tensor's strides"));
  }

  /** Tensor, requires_grad, backward_hooks. */
  private static PickleValue parameter(List<PickleValue> arguments) {
    requireCount(arguments, REBUILD_PARAMETER_ARGUMENTS, "_rebuild_parameter");
    if (!(arguments.get(0) instanceof PickleValue.Tensor tensor)) {
      throw unexpected("a parameter's data", "a tensor", arguments.get(0));
    }
    return tensor;
  }

  private static void requireCount(List<PickleValue> arguments, int count, String function) {
    if (arguments.size() != count) {
      throw new IllegalArgumentException(
          "its pickle must call %s with %d arguments, found %d"
              .formatted(function, count, arguments.size()));
    }
  }

  /** The storage that a persistent id means: 'storage', its type, key, device and length. */
  static PickleValue storage(PickleValue id) {
    List<PickleValue> fields = items(id, "a persistent id");
    if (fields.size() != STORAGE_FIELDS || !"storage".equals(text(fields.get(0), "its first"))) {
      throw unexpected("a persistent id", "a storage of 5 fields", id);
    }
    if (!(fields.get(1) instanceof PickleValue.StorageType type)) {
      throw unexpected("the type of a storage", "a storage type", fields.get(1));
    }
    return new PickleValue.Storage(
        type.type(),
        text(fields.get(2), "the key of a storage"),
        integer(fields.get(4), "the length of a storage"));
  }

  /** Adds an item whose key is new. */
  static void put(PickleValue.Dict dict, PickleValue key, PickleValue value) {
    String name = text(key, "a key of a dict");
    if (dict.items().putIfAbsent(name, value) != null) {
      throw new IllegalArgumentException(
          "its pickle must have each key only once, found %s twice".formatted(Quoted.of(name)));
    }
  }

  static String text(PickleValue value, String what) {
    if (value instanceof PickleValue.Text text) {
      return text.text();
    }
    throw unexpected(what, "a string", value);
  }

  private static long integer(PickleValue value, String what) {
    if (value instanceof PickleValue.Int integer) {
      return integer.value();
    }
    throw unexpected(what, "a number", value);
  }

  private static long[] integers(PickleValue value, String what) {
    return items(value, what).stream().mapToLong(item -> integer(item, what)).toArray();
  }

  private static List<PickleValue> items(PickleValue value, String what) {
    if (value instanceof PickleValue.Tuple tuple) {
      return tuple.items();
    }
    throw unexpected(what, "a tuple", value);
  }

  private static IllegalArgumentException unexpected(
      String what, String wanted, PickleValue found) {
    return new IllegalArgumentException(
        "%s in its pickle must be %s, found %s".formatted(what, wanted, found.kind()));
  }
}
