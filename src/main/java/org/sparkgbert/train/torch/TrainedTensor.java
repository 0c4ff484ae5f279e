package org.sparkgbert.train.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;

/** A tensor that moves, and the moments of its gradients. */
final class TrainedTensor {
  /**
   * Values per part. The optimizer's dozen operators run on one part after the other, so that all
   * but the first find it in the cache; PyTorch gives 32,768 values to a thread at least.
   */
  private static final int PART = 1 << 16;

  private final String name;
  private final NDArray weight;
  private final NDArray mean;
  private final NDArray variance;
  private final NDList weightParts;
  private final NDList meanParts;
  private final NDList varianceParts;

  /**
   * A tensor before its first step.
   *
   * @param weight its values, with whose manager its moments end
   */
  TrainedTensor(String name, NDArray weight) {
    this.name = name;
    this.weight = weight;
    this.mean = weight.zerosLike();
    this.variance = weight.zerosLike();
    this.weightParts = parts(weight);
    this.meanParts = parts(mean);
    this.varianceParts = parts(variance);
  }

  /** Views of an array, of which all arrays of this shape have as many; the last may be short. */
  private static NDList parts(NDArray array) {
    return array.flatten().split(Math.max(1, array.size() / PART));
  }

  /** What an operator that moves a part needs: weight, gradient, mean and variance. */
  interface PartUpdate {
    /** Moves a part in place. */
    void move(NDArray weight, NDArray gradient, NDArray mean, NDArray variance);
  }

  /**
   * Moves all parts.
   *
   * @param gradient the gradient of the whole tensor
   */
  void move(NDArray gradient, PartUpdate update) {
    NDList gradients = parts(gradient);
    for (int i = 0; i < gradients.size(); i++) {
      update.move(weightParts.get(i), gradients.get(i), meanParts.get(i), varianceParts.get(i));
    }
  }

  /**
   * The same values as the start of a graph, in a manager that owns the gradient too. Gradients of
   * one step thus end with it, whatever they are.
   */
  NDArray newLeaf(NDManager step) {
    NDArray leaf = weight.stopGradient();
    leaf.attach(step);
    leaf.setRequiresGradient(true);
    return leaf;
  }

  String name() {
    return name;
  }

  /** All that changes as it moves: weight, moving mean of gradients, and of their squares. */
  NDList state() {
    return new NDList(weight, mean, variance);
  }

  /** Biases and LayerNorm keep their size. */
  boolean decays() {
    return !name.endsWith(".bias") && !name.contains("LayerNorm");
  }
}
