package org.sparkgbert.convert.graph;

/** What follows a dense layer. */
public enum Activation {
  /** Nothing. */
  IDENTITY,
  /** Hyperbolic tangent. */
  TANH,
  /** Rectifier. */
  RELU,
  /** Logistic function. */
  SIGMOID,
  /** x times the normal distribution's cumulative function of x. */
  GELU,
  /** x times the logistic function of x. */
  SILU
}
