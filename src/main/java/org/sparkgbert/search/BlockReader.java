package org.sparkgbert.search;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import org.sparkgbert.vector.Similarity;

/**
 * Numbers rows that come sorted by id, and cuts them into blocks. Rows that cannot be compared are
 * left out.
 *
 * <p><b>Threads:</b> for one thread.
 */
final class BlockReader implements Iterator<VectorBlock> {
  /** So that a block's bytes can be counted in an int. */
  private static final int MOST_FLOATS = 1 << 28;

  private final String what;
  private final Iterator<PackedRow> rows;
  private final RowKeys keys;
  private final KeyOrder order;
  private final Similarity similarity;
  private final int blockRows;
  private final Consumer<byte[]> leftOut;
  private int number;
  private long keyBytes;
  private long rowsRead;
  private int dimension = -1;
  private byte[] firstVector;
  private byte[] previous;
  private PackedRow next;

  /**
   * @param what what the rows are read for, as in "Cannot find partners"
   * @param rows sorted by id
   * @param keys reads their keys
   * @param leftOut is told the key of each row that is left out
   */
  BlockReader(
      String what,
      Iterator<PackedRow> rows,
      RowKeys keys,
      Similarity similarity,
      int blockRows,
      Consumer<byte[]> leftOut) {
    this.what = what;
    this.rows = rows;
    this.keys = keys;
    this.order = new KeyOrder(keys);
    this.similarity = similarity;
    this.blockRows = blockRows;
    this.leftOut = leftOut;
  }

  @Override
  public boolean hasNext() {
    if (next == null) {
      advance();
    }
    return next != null;
  }

  /**
   * @throws IllegalArgumentException if an id is null or occurs twice, or if embeddings differ in
   *     dimension
   */
  @Override
  public VectorBlock next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    int capacity = capacity(blockRows, dimension);
    VectorBlock.Builder block = new VectorBlock.Builder(number, dimension);
    while (block.rows() < capacity && hasNext()) {
      block.add(next.key(), next.vector());
      number = Math.incrementExact(number);
      keyBytes += next.key().length;
      next = null;
    }
    return block.build();
  }

  /** Rows of a block, at most those wanted. */
  static int capacity(int blockRows, int dimension) {
    return Math.max(1, Math.min(blockRows, MOST_FLOATS / dimension));
  }

  private void advance() {
    while (next == null && rows.hasNext()) {
      PackedRow row = rows.next();
      rowsRead++;
      requireNewId(row.key());
      if (row.vector() != null) {
        requireDimension(row);
      }
      if (row.isUsable(similarity)) {
        next = row;
      } else {
        leftOut.accept(row.key());
      }
    }
  }

  /** Rows read so far, those that were left out too. */
  long rowsRead() {
    return rowsRead;
  }

  /** Rows of all blocks so far. */
  int rowsTaken() {
    return number;
  }

  /** Bytes of their keys. */
  long keyBytes() {
    return keyBytes;
  }

  /** Elements of the vectors read so far; -1 for none. */
  int dimension() {
    return dimension;
  }

  /** The id of the first row that has a vector, as messages show it; null for none. */
  String firstId() {
    return firstVector == null ? null : String.valueOf(keys.shownId(firstVector));
  }

  private void requireNewId(byte[] key) {
    if (keys.id(key) == null) {
      throw new IllegalArgumentException(
          "Cannot %s: every row must have an id, found null".formatted(what));
    }
    if (previous != null && order.compareIds(previous, key) == 0) {
      throw new IllegalArgumentException(
          "Cannot %s: ids must be unique, found %s twice".formatted(what, keys.shownId(key)));
    }
    previous = key;
  }

  private void requireDimension(PackedRow row) {
    int found = row.vector().length;
    if (dimension < 0) {
      dimension = found;
      firstVector = row.key();
    } else if (dimension != found) {
      throw new IllegalArgumentException(
          differentDimensions(what, dimension, found, keys.shownId(row.key())));
    }
  }

  /** Says that a row has another dimension than those before. */
  static String differentDimensions(String what, int dimension, int found, Object id) {
    return "Cannot %s: embeddings must have the same dimension, found %d and %d, at id %s"
        .formatted(what, dimension, found, id);
  }
}
