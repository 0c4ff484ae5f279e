package org.sparkgbert.train.torch;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sparkgbert.convert.checkpoint.WeightFiles;
import org.sparkgbert.convert.checkpoint.Weights;

/** The weights of a tiny checkpoint, on the heap. */
final class StoredWeights implements WeightSource {
  private final Map<String, WeightTensor> tensors = new LinkedHashMap<>();

  /** The weights of a directory, without a prefix of their names. */
  static StoredWeights of(Path directory, String prefix) {
    StoredWeights stored = new StoredWeights();
    try (Weights weights = WeightFiles.open(directory)) {
      for (String name : weights.names()) {
        if (name.startsWith(prefix) && !name.endsWith("position_ids")) {
          stored.put(
              name.substring(prefix.length()), weights.info(name).shape(), weights.floats(name));
        }
      }
    }
    return stored;
  }

  /** A copy of what another source holds now. */
  static StoredWeights copyOf(WeightSource weights) {
    StoredWeights stored = new StoredWeights();
    for (String name : weights.names()) {
      WeightTensor tensor = weights.read(name);
      stored.put(name, tensor.shape(), tensor.values());
    }
    return stored;
  }

  /** Adds a tensor, or replaces one. */
  void put(String name, long[] shape, float... values) {
    tensors.put(name, new WeightTensor(name, shape, values));
  }

  void remove(String name) {
    tensors.remove(name);
  }

  float[] values(String name) {
    return tensors.get(name).values();
  }

  @Override
  public List<String> names() {
    return List.copyOf(tensors.keySet());
  }

  @Override
  public WeightTensor read(String name) {
    WeightTensor tensor = tensors.get(name);
    return new WeightTensor(name, tensor.shape(), tensor.values().clone());
  }
}
