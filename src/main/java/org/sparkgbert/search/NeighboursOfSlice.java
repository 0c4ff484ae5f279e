package org.sparkgbert.search;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterators;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;

/**
 * Finds the neighbours of one task's rows. The task reads the blocks with these rows, and then all
 * blocks of the corpus, of which it holds one at a time.
 */
final class NeighboursOfSlice
    implements Function2<Integer, Iterator<SortedBlock>, Iterator<InternalRow>> {
  private static final long serialVersionUID = 1L;

  private final NeighbourSettings settings;
  private final RowKeys keys;
  private final SliceLayout layout;

  /**
   * @param keys reads the keys of rows
   */
  NeighboursOfSlice(NeighbourSettings settings, RowKeys keys, SliceLayout layout) {
    this.settings = settings;
    this.keys = keys;
    this.layout = layout;
  }

  /**
   * @param blocks as the layout orders them
   * @return rows of {@link NeighbourColumns#result}, by id and rank
   */
  @Override
  public Iterator<InternalRow> call(Integer task, Iterator<SortedBlock> blocks) {
    KeyOrder order = new KeyOrder(keys);
    Iterator<VectorBlock> vectors =
        StreamSupport.stream(Spliterators.spliteratorUnknownSize(blocks, 0), false)
            .filter(block -> !block.isEnd())
            .map(SortedBlock::vectors)
            .iterator();
    List<ComparedRows> own = own(task, vectors, order);
    ComparedRows.compare(own, vectors, settings.ranking(), settings.device());
    return own.stream().flatMap(rows -> pairs(rows, order)).iterator();
  }

  private List<ComparedRows> own(int task, Iterator<VectorBlock> blocks, KeyOrder order) {
    List<ComparedRows> own = new ArrayList<>();
    Slice read = layout.read(task);
    for (int row = read.from(); row < read.to(); ) {
      VectorBlock block = blocks.next();
      Slice slice = layout.slice(task).within(row, block.rows());
      if (slice.rows() > 0) {
        own.add(ComparedRows.of(block, slice, key -> bestHits(key, order)));
      }
      row += block.rows();
    }
    return own;
  }

  /** A row is no neighbour of itself. */
  private BestHits bestHits(byte[] own, KeyOrder order) {
    return new BestHits(
        settings.topK(), settings.floor(), key -> order.compareIds(own, key) != 0, order);
  }

  private Stream<InternalRow> pairs(ComparedRows rows, KeyOrder order) {
    return IntStream.range(0, rows.best().length)
        .boxed()
        .flatMap(i -> pairs(rows.key(i), rows.best()[i].bestFirst(), order));
  }

  private Stream<InternalRow> pairs(byte[] key, List<Hit> hits, KeyOrder order) {
    return IntStream.range(0, hits.size()).mapToObj(i -> pair(key, hits.get(i), i + 1, order));
  }

  private InternalRow pair(byte[] key, Hit hit, int rank, KeyOrder order) {
    boolean swap = settings.unordered() && order.compareIds(hit.key(), key) < 0;
    return swap ? row(hit.key(), key, rank, hit.score()) : row(key, hit.key(), rank, hit.score());
  }

  private InternalRow row(byte[] key, byte[] partner, int rank, double score) {
    Object[] values = new Object[2 * keys.columns().size() + 2];
    values[0] = keys.id(key);
    values[1] = keys.id(partner);
    values[2] = rank;
    values[3] = (float) score;
    for (int i = 1; i < keys.columns().size(); i++) {
      values[2 * i + 2] = keys.value(key, i);
      values[2 * i + 3] = keys.value(partner, i);
    }
    return new GenericInternalRow(values);
  }
}
