package org.sparkgbert.train.torch;

/**
 * The activation inside a feed-forward layer.
 *
 * <p><b>Source:</b> Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016.
 */
public enum HiddenActivation {
  /** Gelu with the error function; {@code gelu} in {@code config.json}. */
  GELU,
  /** Gelu approximated with the hyperbolic tangent; {@code gelu_new} in {@code config.json}. */
  GELU_TANH
}
