package org.sparkgbert.search;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.sparkgbert.vector.Similarity;

/**
 * Cuts the rows of a partition into blocks, in the order in which they come. Rows that cannot be
 * compared are left out.
 *
 * <p><b>Threads:</b> for one thread.
 */
final class CorpusBlocks implements Iterator<VectorBlock> {
  private final Iterator<PackedRow> rows;
  private final RowKeys keys;
  private final Similarity similarity;
  private final int dimension;
  private final int capacity;
  private long rowsRead;
  private PackedRow next;

  /**
   * @param keys reads the keys of rows
   * @param dimension that of the questions
   * @param blockRows most rows of a block
   */
  CorpusBlocks(
      Iterator<PackedRow> rows, RowKeys keys, Similarity similarity, int dimension, int blockRows) {
    this.rows = rows;
    this.keys = keys;
    this.similarity = similarity;
    this.dimension = dimension;
    this.capacity = BlockReader.capacity(blockRows, dimension);
    advance();
  }

  @Override
  public boolean hasNext() {
    return next != null;
  }

  /**
   * @throws IllegalArgumentException if a row has no id, or an embedding of another dimension
   */
  @Override
  public VectorBlock next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    VectorBlock.Builder block = new VectorBlock.Builder(0, dimension);
    while (hasNext() && block.rows() < capacity) {
      block.add(next.key(), next.vector());
      advance();
    }
    return block.build();
  }

  /** Rows read so far, those that were left out too. */
  long rowsRead() {
    return rowsRead;
  }

  private void advance() {
    next = null;
    while (next == null && rows.hasNext()) {
      PackedRow row = rows.next();
      rowsRead++;
      if (row.vector() != null) {
        requireDimension(row);
      }
      if (row.isUsable(similarity)) {
        requireId(row);
        next = row;
      }
    }
  }

  private void requireDimension(PackedRow row) {
    if (row.vector().length != dimension) {
      throw new IllegalArgumentException(
          "Cannot search: embeddings of the corpus must have the dimension of the questions, %d, found %d at id %s"
              .formatted(dimension, row.vector().length, keys.shownId(row.key())));
    }
  }

  private void requireId(PackedRow row) {
    if (keys.id(row.key()) == null) {
      throw new IllegalArgumentException(
          "Cannot search: every row of the corpus must have an id, found null");
    }
  }
}
