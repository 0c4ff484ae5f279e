package org.sparkgbert.train.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import java.util.Arrays;
import org.sparkgbert.convert.graph.Pooling;

/**
 * A {@link TokenLayout} as arrays of a manager, which must stay open until gradients are computed:
 * graphs refer to them.
 */
final class TokenArrays {
  private final TokenLayout layout;
  private final NDArray ids;
  private final NDArray positions;
  private final NDArray tokenType;
  private final NDArray tokenOfSlot;
  private final NDArray slotOfToken;
  private final NDArray mask;
  private final NDArray pooled;
  private final Padding padding;

  /**
   * Ones and zeros, {@code [total, 1]}: where the tokens are others than padding, and where not.
   */
  private record Padding(boolean any, boolean hasPosition, NDArray others, NDArray own) {}

  TokenArrays(TokenLayout layout, EncoderSpecification specification, NDManager manager) {
    this.layout = layout;
    Pooling pooling = specification.pooling();
    padding = padding(specification, manager);
    ids = manager.create(layout.ids());
    positions = manager.create(layout.positions());
    tokenType = manager.create(new long[1]);
    Shape slots = new Shape(layout.texts(), layout.longest());
    tokenOfSlot = manager.create(layout.tokenOfSlot(), slots);
    slotOfToken = manager.create(layout.slotOfToken());
    mask = manager.create(layout.mask(), new Shape(layout.texts(), 1, 1, layout.longest()));
    pooled =
        pooling == Pooling.CLS
            ? manager.create(layout.firstTokens())
            : manager.create(layout.shares(), new Shape(layout.texts(), 1, layout.longest()));
  }

  private Padding padding(EncoderSpecification specification, NDManager manager) {
    float[] own = new float[layout.total()];
    float[] others = new float[layout.total()];
    for (int i = 0; i < own.length; i++) {
      own[i] = layout.ids()[i] == specification.paddingToken() ? 1 : 0;
      others[i] = 1 - own[i];
    }
    Shape column = new Shape(own.length, 1);
    return new Padding(
        Arrays.stream(layout.ids()).anyMatch(id -> id == specification.paddingToken()),
        specification.skipsPadding(),
        manager.create(others, column),
        manager.create(own, column));
  }

  /** Rows of a table by the tokens' ids, {@code [total, width]}. */
  NDArray words(NDArray table) {
    NDArray found = rows(table, ids);
    return padding.any() ? untrainedPadding(found) : found;
  }

  /** Rows of a table by the tokens' positions, {@code [total, width]}. */
  NDArray positions(NDArray table) {
    NDArray found = rows(table, positions);
    return padding.any() && padding.hasPosition() ? untrainedPadding(found) : found;
  }

  /** The same vectors, without gradients for those of padding. */
  private NDArray untrainedPadding(NDArray vectors) {
    return vectors.mul(padding.others()).add(vectors.stopGradient().mul(padding.own()));
  }

  /** Row 0 of a table, {@code [1, width]}. */
  NDArray tokenType(NDArray table) {
    return rows(table, tokenType);
  }

  /** From {@code [total, width]} to {@code [texts, longest, width]}. */
  NDArray pad(NDArray vectors) {
    return layout.isPadded()
        ? rows(vectors, tokenOfSlot)
        : vectors.reshape(layout.texts(), layout.longest(), vectors.getShape().get(1));
  }

  /** From {@code [texts * longest, width]} to {@code [total, width]}. */
  NDArray flatten(NDArray vectors) {
    return layout.isPadded() ? rows(vectors, slotOfToken) : vectors;
  }

  /** Attention scores {@code [texts, heads, longest, longest]} without those of padding. */
  NDArray masked(NDArray scores) {
    return layout.isPadded() ? scores.add(mask) : scores;
  }

  /** From {@code [total, width]} to a vector per text, {@code [texts, width]}. */
  NDArray pool(NDArray vectors, Pooling pooling) {
    return pooling == Pooling.CLS
        ? rows(vectors, pooled)
        : pooled.matMul(pad(vectors)).reshape(layout.texts(), vectors.getShape().get(1));
  }

  private static NDArray rows(NDArray table, NDArray indices) {
    return indices.getNDArrayInternal().embedding(indices, table, SparseFormat.DENSE).head();
  }
}
