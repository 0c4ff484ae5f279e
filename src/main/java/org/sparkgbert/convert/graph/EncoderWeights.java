package org.sparkgbert.convert.graph;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.sparkgbert.convert.checkpoint.FiniteCheck;
import org.sparkgbert.convert.checkpoint.FloatBlock;
import org.sparkgbert.convert.checkpoint.Weights;

/**
 * The weights of an encoder by their names without a model's prefix; the shape of each is checked
 * when it is requested, and its values are checked for being finite when they are read.
 */
final class EncoderWeights {
  private final Weights weights;
  private final TensorNames names;
  private final String prefix;
  private final Set<String> used = new TreeSet<>();

  EncoderWeights(Weights weights, TensorNames names) {
    this.weights = weights;
    this.names = names;
    this.prefix =
        names.prefixes().stream()
            .filter(each -> weights.names().contains(each + names.words()))
            .findFirst()
            .orElse("");
  }

  /** Streams a tensor as it is stored. */
  StreamedTensor.Values stream(String name, long... shape) {
    String stored = checked(name, shape);
    return target -> forEachFinite(stored, target);
  }

  /** A whole tensor, for those that have to be transposed or combined. */
  float[] floats(String name, long... shape) {
    String stored = checked(name, shape);
    float[] values = new float[Math.toIntExact(weights.info(stored).elements())];
    int[] at = {0};
    forEachFinite(
        stored,
        (block, count) -> {
          System.arraycopy(block, 0, values, at[0], count);
          at[0] += count;
        });
    return values;
  }

  private void forEachFinite(String stored, FloatBlock target) {
    weights.forEachBlock(stored, new FiniteCheck(stored, target));
  }

  private String checked(String name, long... shape) {
    String stored = storedName(name);
    long[] found = weights.info(stored).shape();
    if (!Arrays.equals(found, shape)) {
      throw new IllegalArgumentException(
          "Cannot use tensor %s: its shape must be %s, found %s"
              .formatted(stored, Arrays.toString(shape), Arrays.toString(found)));
    }
    used.add(stored);
    return stored;
  }

  /** Early conversions from TensorFlow call a LayerNorm's weight gamma and its bias beta. */
  private String storedName(String name) {
    String stored = prefix + name;
    String old =
        stored
            .replace("LayerNorm.weight", "LayerNorm.gamma")
            .replace("LayerNorm.bias", "LayerNorm.beta");
    return !weights.names().contains(stored) && weights.names().contains(old) ? old : stored;
  }

  /** Tensors that were not requested, except those known to be irrelevant. */
  List<String> unknown() {
    return weights.names().stream()
        .filter(name -> !used.contains(name))
        .filter(name -> !names.leavesOut(withoutPrefix(name)))
        .toList();
  }

  private String withoutPrefix(String name) {
    return name.startsWith(prefix) ? name.substring(prefix.length()) : name;
  }
}
