package org.sparkgbert.convert;

import java.util.Arrays;
import org.sparkgbert.convert.checkpoint.FiniteCheck;
import org.sparkgbert.convert.checkpoint.WeightFiles;
import org.sparkgbert.convert.checkpoint.Weights;
import org.sparkgbert.convert.encoder.ConfigFile;
import org.sparkgbert.convert.graph.Activation;
import org.sparkgbert.convert.graph.DenseLayer;

/** Reads a Dense module: {@code config.json} and its own weights. */
final class DenseReader {
  private static final String WEIGHT = "linear.weight";
  private static final String BIAS = "linear.bias";
  private static final int LARGEST = 1 << 16;

  private DenseReader() {}

  /**
   * @throws IllegalArgumentException if a file is missing or has an unsupported value
   */
  static DenseLayer read(CheckpointFiles module) {
    ConfigFile config =
        new ConfigFile(
            module.directory() + "/config.json",
            module
                .json("config.json")
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "Cannot import module %s: it has no config.json"
                                .formatted(module.directory()))));
    int inputs = size(config, "in_features");
    int outputs = size(config, "out_features");
    try (Weights weights = WeightFiles.open(module.directory())) {
      float[] bias = new float[outputs];
      if (config.flag("bias", true)) {
        bias = floats(weights, BIAS, outputs);
      }
      float[] stored = floats(weights, WEIGHT, outputs, inputs);
      return new DenseLayer(
          inputs,
          outputs,
          transposed(stored, outputs, inputs),
          bias,
          activation(config.text("activation_function", "torch.nn.modules.activation.Tanh")));
    }
  }

  private static int size(ConfigFile config, String key) {
    int size = config.integer(key);
    if (size < 1 || size > LARGEST) {
      throw new IllegalArgumentException(
          "Cannot read %s: %s must be from 1 to %d, found %d"
              .formatted(config.file(), key, LARGEST, size));
    }
    return size;
  }

  private static float[] floats(Weights weights, String name, long... shape) {
    long[] found = weights.info(name).shape();
    if (!Arrays.equals(found, shape)) {
      throw new IllegalArgumentException(
          "Cannot use tensor %s: its shape must be %s, found %s"
              .formatted(name, Arrays.toString(shape), Arrays.toString(found)));
    }
    weights.forEachBlock(name, new FiniteCheck(name, (block, count) -> {}));
    return weights.floats(name);
  }

  private static float[] transposed(float[] matrix, int rows, int columns) {
    float[] turned = new float[matrix.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        turned[column * rows + row] = matrix[row * columns + column];
      }
    }
    return turned;
  }

  private static Activation activation(String name) {
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "Identity" -> Activation.IDENTITY;
      case "Tanh" -> Activation.TANH;
      case "ReLU" -> Activation.RELU;
      case "Sigmoid" -> Activation.SIGMOID;
      default ->
          throw new IllegalArgumentException(
              "Cannot import module: activation_function %s is not supported".formatted(name));
    };
  }
}
