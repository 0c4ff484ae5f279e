package org.sparkgbert.convert.checkpoint;

import java.util.HashMap;
import java.util.Map;

/** The Python names that a state dict's pickle may use. Others are rejected as they are read. */
final class PickleGlobals {
  private static final Map<String, PickleValue> ALLOWED = allowed();

  private PickleGlobals() {}

  private static Map<String, PickleValue> allowed() {
    Map<String, PickleValue> allowed = new HashMap<>();
    for (PickleValue.Function function : PickleValue.Function.values()) {
      allowed.put(function.global(), function);
    }
    Map<String, DataType> storages =
        Map.of(
            "Float", DataType.F32,
            "Half", DataType.F16,
            "BFloat16", DataType.BF16,
            "Double", DataType.F64,
            "Long", DataType.I64,
            "Int", DataType.I32,
            "Short", DataType.I16,
            "Char", DataType.I8,
            "Byte", DataType.U8,
            "Bool", DataType.BOOL);
    storages.forEach(
        (name, type) ->
            allowed.put("torch " + name + "Storage", new PickleValue.StorageType(type)));
    return Map.copyOf(allowed);
  }

  /**
   * The value of a name.
   *
   * @throws IllegalArgumentException if a state dict does not need it
   */
  static PickleValue find(String module, String name) {
    PickleValue value = ALLOWED.get(module + " " + name);
    if (value == null) {
      throw new IllegalArgumentException(
          "its pickle must name only what tensors need, found %s; none of it was run"
              .formatted(Quoted.of(module + "." + name)));
    }
    return value;
  }
}
