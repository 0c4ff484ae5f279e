package org.sparkgbert.convert;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sparkgbert.convert.checkpoint.FiniteCheck;
import org.sparkgbert.convert.checkpoint.WeightFiles;
import org.sparkgbert.convert.checkpoint.Weights;
import org.sparkgbert.convert.encoder.ConfigFile;
import org.sparkgbert.convert.encoder.KnownKeys;
import org.sparkgbert.convert.graph.Activation;
import org.sparkgbert.convert.graph.DenseLayer;

/** Reads a Dense module: {@code config.json} and its own weights. */
final class DenseReader {
  private static final String WEIGHT = "linear.weight";
  private static final String BIAS = "linear.bias";
  private static final int LARGEST = 1 << 16;

  private static final String RESIDUAL = "residual.weight";

  private static final Pattern TORCH_CLASS =
      Pattern.compile("torch\\.nn\\.(?:modules\\.(?:activation|linear)\\.)?(?<name>\\w+)");
  private static final String SENTENCES = "\"sentence_embedding\"";
  private static final KnownKeys KEYS =
      KnownKeys.NONE
          .read("in_features", "out_features", "bias", "activation_function", "use_residual")
          .only("module_input_name", SENTENCES)
          .only("module_output_name", SENTENCES, "null")
          .only("init_weight", "null")
          .only("init_bias", "null");

  private final ConfigFile config;
  private final Weights weights;
  private final int inputs;
  private final int outputs;
  private final Set<String> used = new HashSet<>();

  private DenseReader(ConfigFile config, Weights weights) {
    this.config = config;
    this.weights = weights;
    this.inputs = size(config, "in_features");
    this.outputs = size(config, "out_features");
  }

  /**
   * Reads a module.
   *
   * @param snapshot the checkpoint
   * @param path the module's directory in it
   * @throws IllegalArgumentException if a file is missing, or has an unknown key or tensor, or an
   *     unsupported value
   */
  static DenseLayer read(CheckpointFiles snapshot, String path) {
    CheckpointFiles module = snapshot.inside(path);
    ConfigFile config =
        new ConfigFile(
            path + "/config.json",
            module
                .json("config.json")
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "Cannot import module %s: it has no config.json"
                                .formatted(module.directory()))));
    KEYS.check(config);
    try (Weights weights = WeightFiles.open(module.directory())) {
      return new DenseReader(config, weights).read();
    }
  }

  private DenseLayer read() {
    float[] bias = new float[outputs];
    if (config.flag("bias", true)) {
      bias = floats(BIAS, outputs);
    }
    DenseLayer layer =
        new DenseLayer(inputs, outputs, matrix(WEIGHT), bias, activation(), residual());
    List<String> unknown = weights.names().stream().filter(name -> !used.contains(name)).toList();
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot import model: the weights of %s have unknown tensors, found %s"
              .formatted(config.file(), unknown));
    }
    return layer;
  }

  private DenseLayer.Residual residual() {
    if (!config.flag("use_residual", false)) {
      return new DenseLayer.Residual.None();
    }
    return inputs == outputs
        ? new DenseLayer.Residual.Input()
        : new DenseLayer.Residual.Projection(matrix(RESIDUAL));
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

  /** A matrix, transposed to {@code [inputs, outputs]}. */
  private float[] matrix(String name) {
    return transposed(floats(name, outputs, inputs), outputs, inputs);
  }

  private float[] floats(String name, long... shape) {
    used.add(name);
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

  /** By its class: another one of the same name may do something else. */
  private Activation activation() {
    String name = config.text("activation_function", "torch.nn.modules.activation.Tanh");
    Matcher torch = TORCH_CLASS.matcher(name);
    return switch (torch.matches() ? torch.group("name") : "") {
      case "Identity" -> Activation.IDENTITY;
      case "Tanh" -> Activation.TANH;
      case "ReLU" -> Activation.RELU;
      case "Sigmoid" -> Activation.SIGMOID;
      case "GELU" -> Activation.GELU;
      case "SiLU" -> Activation.SILU;
      default ->
          throw new IllegalArgumentException(
              "Cannot import model: in %s activation_function %s is not supported"
                  .formatted(config.file(), name));
    };
  }
}
