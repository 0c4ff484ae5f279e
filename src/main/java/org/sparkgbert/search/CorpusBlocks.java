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
  private VectorBlock next;

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
  }

  /**
   * @throws IllegalArgumentException if a row has no id, or an embedding of another dimension
   */
  @Override
  public boolean hasNext() {
    while (next == null && rows.hasNext()) {
      VectorBlock block = read();
      next = block.rows() > 0 ? block : null;
    }
    return next != null;
  }

  /**
   * @throws IllegalArgumentException likewise
   */
  @Override
  public VectorBlock next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    VectorBlock block = next;
    next = null;
    return block;
  }

  /** Rows read so far, those that were left out too. */
  long rowsRead() {
    return rowsRead;
  }

  private VectorBlock read() {
    VectorBlock.Builder block = new VectorBlock.Builder(0, dimension);
    while (rows.hasNext() && block.rows() < capacity) {
      PackedRow row = rows.next();
      rowsRead++;
      if (row.vector() != null) {
        requireDimension(row);
        block.add(row.key(), row.vector());
      }
    }
    return requireIds(block.build(similarity));
  }

  private void requireDimension(PackedRow row) {
    if (row.vector().length != dimension) {
      throw new IllegalArgumentException(
          "Cannot search: embeddings of the corpus must have the dimension of the questions, %d, found %d at id %s"
              .formatted(dimension, row.vector().length, keys.shownId(row.key())));
    }
  }

  private VectorBlock requireIds(VectorBlock block) {
    for (int row = 0; row < block.rows(); row++) {
      if (!keys.hasId(block.key(row))) {
        throw new IllegalArgumentException(
            "Cannot search: every row of the corpus must have an id, found null");
      }
    }
    return block;
  }
}
