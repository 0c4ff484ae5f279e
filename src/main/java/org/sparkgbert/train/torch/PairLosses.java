package org.sparkgbert.train.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/**
 * The losses of a batch. All arrays belong to one manager, which must stay open until gradients are
 * computed.
 *
 * <p><b>Source:</b> {@code compute_loss_from_embeddings} of the losses of sentence-transformers
 * 6.2.
 */
final class PairLosses {
  /** Least length that vectors are divided by, in {@code torch.cosine_similarity}. */
  private static final double SIMILARITY_EPSILON = 1e-8;

  /** The same in {@code torch.nn.functional.normalize}. */
  private static final double NORMALIZE_EPSILON = 1e-12;

  /** What takes a pair out of CoSENT's sum: exp of it is 0. */
  private static final float NEVER = -1e12f;

  private final NDManager manager;

  PairLosses(NDManager manager) {
    this.manager = manager;
  }

  NDArray contrastive(NDArray first, NDArray second, float[] labels, double margin) {
    NDArray one = number(1);
    NDArray distance = one.sub(cosines(first, second, SIMILARITY_EPSILON));
    NDArray similar = manager.create(labels);
    NDArray missing = number(margin).sub(distance).getNDArrayInternal().relu();
    return similar
        .mul(distance.square())
        .add(one.sub(similar).mul(missing.square()))
        .mul(number(0.5))
        .mean();
  }

  NDArray cosineSimilarity(NDArray first, NDArray second, float[] labels) {
    NDArray scores = manager.create(labels);
    return cosines(first, second, SIMILARITY_EPSILON).sub(scores).square().mean();
  }

  NDArray coSent(NDArray first, NDArray second, float[] labels, double scale) {
    NDArray scores = cosines(first, second, NORMALIZE_EPSILON).mul(number(scale));
    NDArray differences = scores.expandDims(1).sub(scores.expandDims(0));
    NDArray counted = differences.add(wronglyOrdered(labels)).flatten();
    return logSumExp(new NDList(manager.zeros(new Shape(1)), counted));
  }

  /** 0 at {@code [i, j]} if pair i has the lower label of the two. */
  private NDArray wronglyOrdered(float[] labels) {
    int pairs = labels.length;
    float[] added = new float[pairs * pairs];
    for (int i = 0; i < pairs; i++) {
      for (int j = 0; j < pairs; j++) {
        added[i * pairs + j] = labels[i] < labels[j] ? 0 : NEVER;
      }
    }
    return manager.create(added, new Shape(pairs, pairs));
  }

  private static NDArray logSumExp(NDList parts) {
    NDArray values = parts.get(0).concat(parts.get(1));
    NDArray largest = values.max().stopGradient();
    return values.sub(largest).exp().sum().log().add(largest);
  }

  NDArray multipleNegativesRanking(NDArray first, NDArray second, double scale) {
    int pairs = (int) first.getShape().get(0);
    NDArray scores =
        unit(first, NORMALIZE_EPSILON)
            .matMul(unit(second, NORMALIZE_EPSILON).transpose())
            .mul(number(scale));
    NDArray own = manager.eye(pairs, pairs, 0, DataType.FLOAT32);
    return scores.logSoftmax(1).mul(own).sum().mul(number(-1.0 / pairs));
  }

  private static NDArray cosines(NDArray first, NDArray second, double epsilon) {
    return unit(first, epsilon).mul(unit(second, epsilon)).sum(new int[] {1});
  }

  private static NDArray unit(NDArray vectors, double epsilon) {
    return vectors.normalize(2, 1, epsilon);
  }

  private NDArray number(double value) {
    return NativeTensors.scalar(manager, value);
  }
}
