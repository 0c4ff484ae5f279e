package org.sparkgbert.convert.encoder;

/**
 * The two kinds of gelu.
 *
 * <p><b>Source:</b> Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016.
 */
enum Gelu {
  /** Computed with the error function. */
  EXACT,
  /** Approximated with the hyperbolic tangent. */
  TANH
}
