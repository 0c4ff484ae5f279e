package org.sparkgbert.search;

import java.io.Serializable;

/**
 * A block of a partition whose rows are sorted by id; or the end of the partition, which tells how
 * it was read. It is no record, since Kryo cannot serialize those.
 */
final class SortedBlock implements Serializable {
  private static final long serialVersionUID = 1L;

  private final VectorBlock vectors;
  private final int rows;
  private final long keyBytes;
  private final long rowsRead;
  private final int dimension;
  private final String firstId;
  private final String fault;

  private SortedBlock(
      VectorBlock vectors,
      int rows,
      long keyBytes,
      long rowsRead,
      int dimension,
      String firstId,
      String fault) {
    this.vectors = vectors;
    this.rows = rows;
    this.keyBytes = keyBytes;
    this.rowsRead = rowsRead;
    this.dimension = dimension;
    this.firstId = firstId;
    this.fault = fault;
  }

  static SortedBlock of(VectorBlock vectors) {
    return new SortedBlock(vectors, 0, 0, 0, 0, null, null);
  }

  /**
   * The end of a partition.
   *
   * @param reader has read it
   * @param fault why its rows cannot be compared; null if they can
   */
  static SortedBlock end(BlockReader reader, String fault) {
    return new SortedBlock(
        null,
        reader.rowsTaken(),
        reader.keyBytes(),
        reader.rowsRead(),
        reader.dimension(),
        reader.firstId(),
        fault);
  }

  boolean isEnd() {
    return vectors == null;
  }

  VectorBlock vectors() {
    return vectors;
  }

  /** At the end: rows of all its blocks. */
  int rows() {
    return rows;
  }

  /** At the end: bytes of their keys. */
  long keyBytes() {
    return keyBytes;
  }

  /** At the end: rows of the partition, those that were left out too. */
  long rowsRead() {
    return rowsRead;
  }

  /** At the end: elements of a vector; -1 if there are none. */
  int dimension() {
    return dimension;
  }

  /** At the end: the id of the first row with a vector, as messages show it. */
  String firstId() {
    return firstId;
  }

  /** At the end: why the rows cannot be compared; null if they can. */
  String fault() {
    return fault;
  }
}
