package org.sparkgbert.encode;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.sparkgbert.onnx.BatchRunner;
import org.sparkgbert.onnx.OnnxException;
import org.sparkgbert.onnx.TokenBatch;

/**
 * A model without ONNX Runtime: small exact sums over token ids, and what a test needs to go wrong.
 */
public final class FakeRunner implements BatchRunner {
  public static final int DIMENSION = 3;

  /** Batches with this token fail, after their output was overwritten. */
  public static final long POISON = 4;

  /** A sequence with this token has an infinite embedding. */
  public static final long ENDLESS = 187;

  final List<String> shapes = Collections.synchronizedList(new ArrayList<>());
  private final Runnable duringRun;
  private volatile int closes;

  public FakeRunner() {
    this(() -> {});
  }

  public FakeRunner(Runnable duringRun) {
    this.duringRun = duringRun;
  }

  /** What the model gives for a sequence: sum, count, and a sum that order and place change. */
  public static float[] vectorOf(long[] ids) {
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < ids.length; i++) {
      vector[0] += ids[i];
      vector[1]++;
      vector[2] += ids[i] * (i % 7 + 1);
      if (ids[i] == ENDLESS) {
        vector[0] = Float.POSITIVE_INFINITY;
      }
    }
    return vector;
  }

  @Override
  public void run(TokenBatch batch, FloatBuffer embeddings) {
    shapes.add(batch.rows() + "x" + batch.tokens());
    duringRun.run();
    boolean poisoned = false;
    for (int row = 0; row < batch.rows(); row++) {
      long[] ids = idsOf(batch, row);
      for (long id : ids) {
        poisoned |= id == POISON;
      }
      embeddings.put(row * DIMENSION, vectorOf(ids));
    }
    if (poisoned) {
      for (int i = 0; i < batch.rows() * DIMENSION; i++) {
        embeddings.put(i, -1);
      }
      throw new OnnxException(
          "Cannot encode a batch of [%d, %d] tokens: poison"
              .formatted(batch.rows(), batch.tokens()),
          null);
    }
  }

  private static long[] idsOf(TokenBatch batch, int row) {
    int length = 0;
    while (length < batch.tokens() && batch.mask().get(row * batch.tokens() + length) == 1) {
      length++;
    }
    long[] ids = new long[length];
    batch.ids().get(row * batch.tokens(), ids);
    return ids;
  }

  @Override
  public int dimension() {
    return DIMENSION;
  }

  boolean isClosed() {
    return closes > 0;
  }

  int closes() {
    return closes;
  }

  @Override
  public synchronized void close() {
    closes = closes + 1;
  }
}
