package org.sparkgbert.convert.graph;

/** What follows a dense layer, with its ONNX operator. */
public enum Activation {
  /** Nothing. */
  IDENTITY("Identity"),
  /** Hyperbolic tangent. */
  TANH("Tanh"),
  /** Rectifier. */
  RELU("Relu"),
  /** Logistic function. */
  SIGMOID("Sigmoid");

  private final String operator;

  Activation(String operator) {
    this.operator = operator;
  }

  String operator() {
    return operator;
  }
}
