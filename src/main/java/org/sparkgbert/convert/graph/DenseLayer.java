package org.sparkgbert.convert.graph;

/**
 * A dense layer after pooling: activation(x W + b).
 *
 * @param inputs length of x
 * @param outputs length of the result
 * @param weight W, {@code [inputs, outputs]}, row-major; owned, not copied
 * @param bias b, {@code [outputs]}; owned, not copied
 * @param activation what follows
 */
public record DenseLayer(
    int inputs, int outputs, float[] weight, float[] bias, Activation activation) {
  /**
   * @throws IllegalArgumentException if lengths and shapes do not match
   */
  public DenseLayer {
    if (weight.length != inputs * outputs || bias.length != outputs) {
      throw new IllegalArgumentException(
          "Cannot use dense layer [%d, %d]: found %d weights and %d biases"
              .formatted(inputs, outputs, weight.length, bias.length));
    }
  }
}
