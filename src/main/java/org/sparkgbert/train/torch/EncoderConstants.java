package org.sparkgbert.train.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.sparkgbert.convert.graph.EncoderShape;

/**
 * Numbers that an encoder computes with, as arrays of a manager. A graph refers to them, so that
 * they must not be made anew, and closed, by each operator.
 */
final class EncoderConstants {
  private final NDArray attentionScale;
  private final NDArray half;
  private final NDArray one;
  private final NDArray three;
  private final NDArray cubic;
  private final NDArray slope;

  EncoderConstants(EncoderShape shape, NDManager manager) {
    attentionScale = NativeTensors.scalar(manager, 1 / Math.sqrt(shape.headSize()));
    half = NativeTensors.scalar(manager, 0.5);
    one = NativeTensors.scalar(manager, 1);
    three = NativeTensors.scalar(manager, 3);
    cubic = NativeTensors.scalar(manager, 0.044715);
    slope = NativeTensors.scalar(manager, Math.sqrt(2 / Math.PI));
  }

  /** 1 / sqrt(head size). */
  NDArray attentionScale() {
    return attentionScale;
  }

  /** x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x³))). */
  NDArray geluTanh(NDArray x) {
    NDArray inner = x.add(x.pow(three).mul(cubic)).mul(slope);
    return x.mul(half).mul(inner.tanh().add(one));
  }
}
