package org.sparkgbert.convert.encoder;

/**
 * The two kinds of gelu.
 *
 * <p><b>Source:</b> Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016.
 */
enum Gelu {
  /** By the error function. */
  EXACT,
  /** By its approximation with the hyperbolic tangent. */
  TANH
}
