package org.sparkgbert.search;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.FlatMapFunction;

/**
 * Cuts a partition whose rows are sorted by id into blocks, and adds its end. A fault of the rows
 * is told there, so that the driver can name the first of all partitions.
 */
final class SortedBlocks implements FlatMapFunction<Iterator<PackedRow>, SortedBlock> {
  private static final long serialVersionUID = 1L;

  private final NeighbourSettings settings;
  private final RowKeys keys;

  /**
   * @param keys reads the keys of rows
   */
  SortedBlocks(NeighbourSettings settings, RowKeys keys) {
    this.settings = settings;
    this.keys = keys;
  }

  @Override
  public Iterator<SortedBlock> call(Iterator<PackedRow> rows) {
    BlockReader reader =
        new BlockReader(
            NearestNeighbours.WHAT,
            rows,
            keys,
            settings.similarity(),
            settings.blockRows(),
            leftOut -> {});
    return new Iterator<>() {
      private boolean ended;

      @Override
      public boolean hasNext() {
        return !ended;
      }

      @Override
      public SortedBlock next() {
        if (ended) {
          throw new NoSuchElementException();
        }
        try {
          if (reader.hasNext()) {
            return SortedBlock.of(reader.next());
          }
          ended = true;
          return SortedBlock.end(reader, null);
        } catch (IllegalArgumentException fault) {
          ended = true;
          return SortedBlock.end(reader, fault.getMessage());
        }
      }
    };
  }
}
