package org.sparkgbert.search;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.sparkgbert.embed.TaskGpu;
import org.sparkgbert.onnx.BlockProduct;

/** Finds the neighbours of one slice's rows, given the slice's index. */
final class NeighboursOfSlice implements FlatMapFunction<Long, Row> {
  private static final long serialVersionUID = 1L;

  private final NeighbourSettings settings;
  private final ArrayList<Broadcast<VectorBlock>> blocks;
  private final ArrayList<Slice> slices;

  NeighboursOfSlice(
      NeighbourSettings settings, List<Broadcast<VectorBlock>> blocks, List<Slice> slices) {
    this.settings = settings;
    this.blocks = new ArrayList<>(blocks);
    this.slices = new ArrayList<>(slices);
  }

  /**
   * @return rows of {@link NeighbourColumns#numberedResult}, by number and rank
   */
  @Override
  public Iterator<Row> call(Long index) {
    Slice slice = slices.get(Math.toIntExact(index));
    VectorBlock block = blocks.get(slice.block()).value();
    List<List<Neighbour>> neighbours =
        ExecutorProducts.withWorkspace(workspace -> search(block, slice, workspace));
    return IntStream.range(0, slice.rows())
        .boxed()
        .flatMap(i -> pairs(block, slice.from() + i, neighbours.get(i)))
        .iterator();
  }

  private List<List<Neighbour>> search(VectorBlock block, Slice slice, Workspace workspace) {
    BlockProduct product = ExecutorProducts.shared(TaskGpu.assign(settings.device()));
    NeighbourSearch search = new NeighbourSearch(block, slice, settings, product, workspace);
    for (Broadcast<VectorBlock> columns : blocks) {
      TaskContext.get().killTaskIfInterrupted();
      search.visit(columns.value());
    }
    return search.neighbours();
  }

  private Stream<Row> pairs(VectorBlock block, int row, List<Neighbour> neighbours) {
    return IntStream.range(0, neighbours.size())
        .mapToObj(i -> pair(block.number(row), block.key(row), neighbours.get(i), i + 1));
  }

  private Row pair(int number, Object[] key, Neighbour neighbour, int rank) {
    boolean swap = settings.unordered() && neighbour.number() < number;
    Row values =
        swap
            ? values(neighbour.key(), key, rank, neighbour.score())
            : values(key, neighbour.key(), rank, neighbour.score());
    return RowFactory.create(
        Math.min(number, neighbour.number()), Math.max(number, neighbour.number()), values);
  }

  private static Row values(Object[] key, Object[] neighbourKey, int rank, double score) {
    Object[] values = new Object[2 * key.length + 2];
    values[0] = key[0];
    values[1] = neighbourKey[0];
    values[2] = rank;
    values[3] = (float) score;
    for (int i = 1; i < key.length; i++) {
      values[2 * i + 2] = key[i];
      values[2 * i + 3] = neighbourKey[i];
    }
    return RowFactory.create(values);
  }
}
