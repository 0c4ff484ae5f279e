package org.sparkgbert.convert.graph;

/**
 * A dense layer after pooling: activation(x W + b), plus a residual if it has one.
 *
 * @param inputs length of x
 * @param outputs length of the result
 * @param weight W, {@code [inputs, outputs]}, row-major; owned, not copied
 * @param bias b, {@code [outputs]}; owned, not copied
 * @param activation what follows
 * @param residual what is added to the result
 */
public record DenseLayer(
    int inputs,
    int outputs,
    float[] weight,
    float[] bias,
    Activation activation,
    Residual residual) {
  /** What is added to the result of a dense layer. */
  public sealed interface Residual {
    /** Nothing. */
    record None() implements Residual {}

    /** x itself. */
    record Input() implements Residual {}

    /**
     * x R.
     *
     * @param weight R, {@code [inputs, outputs]}, row-major; owned, not copied
     */
    record Projection(float[] weight) implements Residual {}
  }

  /**
   * @throws IllegalArgumentException if lengths and shapes do not match
   */
  public DenseLayer {
    if (weight.length != inputs * outputs || bias.length != outputs) {
      throw new IllegalArgumentException(
          "Cannot use dense layer [%d, %d]: found %d weights and %d biases"
              .formatted(inputs, outputs, weight.length, bias.length));
    }
    boolean fits =
        residual instanceof Residual.Projection projection
            ? projection.weight().length == weight.length
            : residual instanceof Residual.None || inputs == outputs;
    if (!fits) {
      throw new IllegalArgumentException(
          "Cannot use dense layer [%d, %d]: its residual has another shape"
              .formatted(inputs, outputs));
    }
  }
}
