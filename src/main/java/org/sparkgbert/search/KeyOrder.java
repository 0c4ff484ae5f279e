package org.sparkgbert.search;

import java.util.Arrays;
import java.util.Comparator;

/**
 * Orders keys by id, and those of one id by their bytes, so that no two different rows are equal.
 *
 * <p><b>Threads:</b> for one thread.
 */
final class KeyOrder implements Comparator<byte[]> {
  private final RowKeys keys;
  private final Comparator<Object> ids;

  KeyOrder(RowKeys keys) {
    this.keys = keys;
    this.ids = IdOrder.values(keys.columns().apply(0).dataType());
  }

  @Override
  public int compare(byte[] one, byte[] other) {
    int byId = compareIds(one, other);
    return byId != 0 ? byId : Arrays.compareUnsigned(one, other);
  }

  /** Orders them by id only. */
  int compareIds(byte[] one, byte[] other) {
    return ids.compare(keys.id(one), keys.id(other));
  }
}
