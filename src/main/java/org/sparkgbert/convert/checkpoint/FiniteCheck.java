package org.sparkgbert.convert.checkpoint;

import java.io.IOException;

/**
 * Passes values on as long as they are finite.
 *
 * <p><b>Threads:</b> one tensor, one thread.
 */
public final class FiniteCheck implements FloatBlock {
  private final String tensor;
  private final FloatBlock next;
  private long passed;

  /**
   * @param tensor name for the message
   * @param next receives the checked values
   */
  public FiniteCheck(String tensor, FloatBlock next) {
    this.tensor = tensor;
    this.next = next;
  }

  /**
   * Checks a block and passes it on.
   *
   * @throws IllegalArgumentException at the first NaN or infinite value, before any of its block is
   *     passed on; the message names the tensor, the value and its row-major index
   */
  @Override
  public void accept(float[] values, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      if (!Float.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "Cannot use tensor %s: its values must be finite, found %s at index %d"
                .formatted(Quoted.of(tensor), values[i], passed + i));
      }
    }
    passed += count;
    next.accept(values, count);
  }
}
