package org.sparkgbert.convert.graph;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.sparkgbert.convert.checkpoint.FiniteCheck;
import org.sparkgbert.convert.checkpoint.FloatBlock;
import org.sparkgbert.convert.checkpoint.Quoted;
import org.sparkgbert.convert.checkpoint.Weights;

/**
 * The weights of an encoder by their names without a model's prefix; the shape of each is checked
 * when it is requested, and its values are checked for being finite when they are read.
 *
 * <p><b>Threads:</b> for one thread.
 */
public final class EncoderWeights {
  private final Weights weights;
  private final TensorNames names;
  private final String prefix;
  private final Set<String> used = new TreeSet<>();

  /**
   * @throws IllegalArgumentException if a tensor of the encoder is there twice
   */
  public EncoderWeights(Weights weights, TensorNames names) {
    names.requireOneOfEach(weights.names(), weights.source());
    this.weights = weights;
    this.names = names;
    this.prefix = names.prefixOf(weights.names());
  }

  /** Streams a tensor as it is stored. */
  StreamedTensor.Values stream(String name, long... shape) {
    String stored = checked(name, shape);
    return target -> forEachFinite(stored, target);
  }

  /**
   * A whole tensor in a new array.
   *
   * @param name without the model's prefix
   * @throws IllegalArgumentException if there is none, its shape is another, or a value is not
   *     finite
   */
  public float[] floats(String name, long... shape) {
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

  /** Whether there is a tensor, whatever its shape. */
  public boolean has(String name) {
    return weights.names().contains(storedName(name));
  }

  /**
   * Checks that a tensor is there, without reading its values.
   *
   * @throws IllegalArgumentException if there is none, or its shape is another
   */
  public void require(String name, long... shape) {
    checked(name, shape);
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

  /**
   * Tensors that were not requested, except those known to be irrelevant.
   *
   * @throws IllegalArgumentException if one belongs to the encoder, as adapters, scales and gates
   *     do: without it the others are not the whole model
   */
  public List<String> unknown() {
    List<String> unknown =
        weights.names().stream()
            .filter(name -> !used.contains(name))
            .filter(name -> !names.leavesOut(name))
            .toList();
    List<String> ofEncoder = unknown.stream().filter(names::isOfEncoder).toList();
    if (!ofEncoder.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot import model: %s must have only tensors of the encoder that config.json describes, found %s%s; merge adapters and scales into the weights, else import a ready ONNX file: jobs/import-model.sh MODEL.onnx"
              .formatted(
                  weights.source(),
                  Quoted.of(ofEncoder.get(0)),
                  ofEncoder.size() == 1 ? "" : " and %d more".formatted(ofEncoder.size() - 1)));
    }
    return unknown;
  }
}
