package org.sparkgbert.search;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.apache.spark.sql.Row;
import org.sparkgbert.vector.Similarity;

/**
 * Numbers rows that come sorted by id, and cuts them into blocks. Rows that have no neighbours are
 * left out.
 *
 * <p><b>Threads:</b> for one thread.
 */
final class BlockReader implements Iterator<VectorBlock> {
  /** So that a block's bytes can be counted in an int. */
  private static final int MOST_FLOATS = 1 << 28;

  private final Iterator<Row> rows;
  private final Similarity similarity;
  private final int blockRows;
  private int number;
  private int dimension = -1;
  private Object previousId;
  private Object[] nextKey;
  private float[] nextVector;

  /**
   * @param rows id, carried columns, embedding as {@link PackVectors} packs it
   */
  BlockReader(Iterator<Row> rows, Similarity similarity, int blockRows) {
    this.rows = rows;
    this.similarity = similarity;
    this.blockRows = blockRows;
    advance();
  }

  @Override
  public boolean hasNext() {
    return nextVector != null;
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
    int capacity = Math.max(1, Math.min(blockRows, MOST_FLOATS / dimension));
    VectorBlock.Builder block = new VectorBlock.Builder(number, dimension);
    while (hasNext() && block.rows() < capacity) {
      block.add(nextKey, nextVector);
      number = Math.incrementExact(number);
      advance();
    }
    return block.build();
  }

  private void advance() {
    nextVector = null;
    while (nextVector == null && rows.hasNext()) {
      Row row = rows.next();
      requireNewId(row.get(0));
      byte[] packed = row.getAs(row.size() - 1);
      if (packed != null) {
        float[] vector = PackVectors.floats(packed);
        requireDimension(vector.length, row.get(0));
        nextVector = hasNeighbours(vector) ? vector : null;
        nextKey = key(row);
      }
    }
  }

  private static Object[] key(Row row) {
    Object[] key = new Object[row.size() - 1];
    for (int i = 0; i < key.length; i++) {
      key[i] = row.get(i);
    }
    return key;
  }

  private void requireNewId(Object id) {
    if (id == null) {
      throw new IllegalArgumentException(
          "Cannot find partners: every row must have an id, found null");
    }
    if (Objects.deepEquals(id, previousId)) {
      throw new IllegalArgumentException(
          "Cannot find partners: ids must be unique, found %s twice".formatted(id));
    }
    previousId = id;
  }

  private void requireDimension(int found, Object id) {
    if (dimension < 0) {
      dimension = found;
    } else if (dimension != found) {
      throw new IllegalArgumentException(
          "Cannot find partners: embeddings must have the same dimension, found %d and %d, at id %s"
              .formatted(dimension, found, id));
    }
  }

  private boolean hasNeighbours(float[] vector) {
    double squares = 0;
    for (float element : vector) {
      squares += (double) element * element;
    }
    return Double.isFinite(squares)
        && vector.length > 0
        && (squares > 0 || similarity.isDefinedForZeroVectors());
  }
}
