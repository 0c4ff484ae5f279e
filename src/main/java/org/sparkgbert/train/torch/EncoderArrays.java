package org.sparkgbert.train.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An encoder's tensors as arrays of a manager, and which of them are trained. */
final class EncoderArrays implements WeightSource {
  private final EncoderSpecification specification;
  private final Map<String, NDArray> arrays = new LinkedHashMap<>();
  private final List<TrainedTensor> trained = new ArrayList<>();

  /**
   * @throws IllegalArgumentException if a tensor is missing or unfit, or none is trained
   */
  EncoderArrays(
      EncoderSpecification specification,
      WeightSource weights,
      TrainerSettings settings,
      NDManager manager) {
    this.specification = specification;
    upload(weights, manager);
    List<WeightTensor> lora = LoraMatrices.initial(specification.shape(), settings);
    for (WeightTensor matrix : lora) {
      arrays.put(matrix.name(), NativeTensors.upload(manager, matrix.shape(), matrix.values()));
    }
    Set<String> names = new HashSet<>(lora.stream().map(WeightTensor::name).toList());
    if (settings.loraRank() == 0) {
      names().stream().filter(name -> !isFrozen(name, settings.freeze())).forEach(names::add);
    }
    arrays.forEach(
        (name, array) -> {
          if (names.contains(name)) {
            trained.add(new TrainedTensor(name, array));
          }
        });
    if (trained.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot train: a layer must not be frozen, found %d frozen layers of %d"
              .formatted(settings.freeze().layers(), specification.shape().layers()));
    }
  }

  private void upload(WeightSource weights, NDManager manager) {
    Set<String> stored = new HashSet<>(weights.names());
    TensorShapes.of(specification)
        .forEach(
            (name, shape) -> {
              if (!stored.contains(name)) {
                throw new IllegalArgumentException(
                    "Cannot train encoder: its weights must have %s, found %d others"
                        .formatted(name, stored.size()));
              }
              WeightTensor tensor = weights.read(name);
              requireFit(tensor, shape);
              arrays.put(name, NativeTensors.upload(manager, shape, tensor.values()));
            });
  }

  private static void requireFit(WeightTensor tensor, long[] shape) {
    if (!Arrays.equals(tensor.shape(), shape)) {
      throw new IllegalArgumentException(
          "Cannot train encoder: the shape of %s must be %s, found %s"
              .formatted(tensor.name(), Arrays.toString(shape), Arrays.toString(tensor.shape())));
    }
    for (float value : tensor.values()) {
      if (!Float.isFinite(value)) {
        throw new IllegalArgumentException(
            "Cannot train encoder: the values of %s must be finite, found %s"
                .formatted(tensor.name(), value));
      }
    }
  }

  private boolean isFrozen(String name, Freeze freeze) {
    if (name.startsWith("embeddings.")) {
      return freeze.embeddings();
    }
    for (int layer = 0;
        layer < Math.min(freeze.layers(), specification.shape().layers());
        layer++) {
      if (name.startsWith(TensorShapes.prefix(layer))) {
        return true;
      }
    }
    return false;
  }

  /** All arrays by name, LoRA's included. */
  Map<String, NDArray> all() {
    return arrays;
  }

  /** Those that move. */
  List<TrainedTensor> trained() {
    return trained;
  }

  @Override
  public List<String> names() {
    return List.copyOf(TensorShapes.of(specification).keySet());
  }

  @Override
  public WeightTensor read(String name) {
    long[] shape = TensorShapes.of(specification).get(name);
    if (shape == null) {
      throw new IllegalArgumentException(
          "Cannot read tensor: it must be one of an encoder's, found " + name);
    }
    return new WeightTensor(name, shape, merged(name));
  }

  private float[] merged(String name) {
    NDArray weight = arrays.get(name);
    NDArray down = arrays.get(LoraMatrices.adaptedBy(name) + LoraMatrices.DOWN);
    if (down == null) {
      return NativeTensors.download(weight);
    }
    NDArray up = arrays.get(LoraMatrices.adaptedBy(name) + LoraMatrices.UP);
    try (NDArray product = up.matMul(down);
        NDArray sum = weight.add(product)) {
      return NativeTensors.download(sum);
    }
  }
}
