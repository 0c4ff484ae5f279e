package org.sparkgbert.convert.checkpoint;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Everything that a state dict's pickle can put on the stack. */
sealed interface PickleValue {
  /** What it is, for messages. */
  String kind();

  /** A string. */
  record Text(String text) implements PickleValue {
    @Override
    public String kind() {
      return "the string " + Quoted.of(text);
    }
  }

  /** An integer of at most 64 bits. */
  record Int(long value) implements PickleValue {
    @Override
    public String kind() {
      return "the number " + value;
    }
  }

  /** Values that stand for themselves. */
  enum Constant implements PickleValue {
    NONE("None"),
    TRUE("True"),
    FALSE("False");

    private final String kind;

    Constant(String kind) {
      this.kind = kind;
    }

    @Override
    public String kind() {
      return kind;
    }
  }

  /** A tuple. */
  record Tuple(List<PickleValue> items) implements PickleValue {
    @Override
    public String kind() {
      return "a tuple of " + items.size();
    }
  }

  /**
   * A dict with string keys, ordered.
   *
   * @param items grows while the pickle is read; may contain the dict itself, so it is never
   *     printed, compared or hashed
   */
  record Dict(Map<String, PickleValue> items) implements PickleValue {
    @Override
    public String kind() {
      return "a dict";
    }
  }

  /** The name of a Python class or function that a state dict needs, without any code behind it. */
  enum Function implements PickleValue {
    ORDERED_DICT("collections OrderedDict"),
    REBUILD_TENSOR("torch._utils _rebuild_tensor_v2"),
    REBUILD_PARAMETER("torch._utils _rebuild_parameter");

    private final String global;

    Function(String global) {
      this.global = global;
    }

    /** Module and name, with a space between them. */
    String global() {
      return global;
    }

    @Override
    public String kind() {
      return "the function " + global;
    }
  }

  /** A class of storages, such as {@code torch FloatStorage}. */
  record StorageType(DataType type) implements PickleValue {
    @Override
    public String kind() {
      return "a storage type";
    }
  }

  /**
   * Elements stored in an entry of their own.
   *
   * @param type their type
   * @param key the entry's name
   * @param elements their number
   */
  record Storage(DataType type, String key, long elements) implements PickleValue {
    @Override
    public String kind() {
      return "a storage";
    }
  }

  /**
   * A view of a storage.
   *
   * @param storage the elements
   * @param offset the first one's index
   * @param shape length of each axis; owned
   * @param strides distance between neighbours along each axis, in elements; owned
   */
  record Tensor(Storage storage, long offset, long[] shape, long[] strides) implements PickleValue {
    /**
     * @throws IllegalArgumentException if a number is negative or an axis has no stride
     */
    public Tensor {
      boolean negative = Arrays.stream(strides).anyMatch(stride -> stride < 0);
      if (offset < 0 || negative || strides.length != shape.length) {
        throw new IllegalArgumentException(
            "its pickle must give a tensor a non-negative offset and a non-negative stride per"
                + " axis, found offset %d, strides %s, shape %s"
                    .formatted(offset, Arrays.toString(strides), Arrays.toString(shape)));
      }
    }

    String stridesText() {
      return Arrays.toString(strides);
    }

    @Override
    public String kind() {
      return "a tensor";
    }
  }
}
