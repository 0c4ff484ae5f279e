package org.sparkgbert.search;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.sparkgbert.embed.TaskGpu;
import org.sparkgbert.onnx.BlockProduct;

/** Finds the neighbours of one slice's rows, given the slice's index. */
final class NeighboursOfSlice implements FlatMapFunction<Integer, InternalRow> {
  private static final long serialVersionUID = 1L;

  private final NeighbourSettings settings;
  private final RowKeys keys;
  private final ArrayList<Broadcast<VectorBlock>> blocks;
  private final ArrayList<Slice> slices;

  NeighboursOfSlice(
      NeighbourSettings settings,
      RowKeys keys,
      List<Broadcast<VectorBlock>> blocks,
      List<Slice> slices) {
    this.settings = settings;
    this.keys = keys;
    this.blocks = new ArrayList<>(blocks);
    this.slices = new ArrayList<>(slices);
  }

  /**
   * @return rows of {@link NeighbourColumns#numberedResult}, by number and rank
   */
  @Override
  public Iterator<InternalRow> call(Integer index) {
    Slice slice = slices.get(index);
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
    BestNeighbours[] best = new BestNeighbours[slice.rows()];
    Arrays.setAll(best, i -> bestOf(block.number(slice.from() + i)));
    FloatBuffer left = workspace.rows(slice.rows() * block.dimension());
    NeighbourSearch search =
        new NeighbourSearch(
            block,
            slice,
            settings.ranking(),
            best,
            NeighbourSearch.directions(block, slice, left),
            product,
            workspace);
    for (Broadcast<VectorBlock> columns : blocks) {
      TaskContext.get().killTaskIfInterrupted();
      search.visit(columns.value());
    }
    return Arrays.stream(best).map(BestNeighbours::bestFirst).toList();
  }

  private BestNeighbours bestOf(int number) {
    return new BestNeighbours(number, settings.topK(), settings.minScore());
  }

  private Stream<InternalRow> pairs(VectorBlock block, int row, List<Neighbour> neighbours) {
    return IntStream.range(0, neighbours.size())
        .mapToObj(i -> pair(block.number(row), block.key(row), neighbours.get(i), i + 1));
  }

  private InternalRow pair(int number, byte[] key, Neighbour neighbour, int rank) {
    boolean swap = settings.unordered() && neighbour.number() < number;
    InternalRow values =
        swap
            ? values(neighbour.key(), key, rank, neighbour.score())
            : values(key, neighbour.key(), rank, neighbour.score());
    return row(Math.min(number, neighbour.number()), Math.max(number, neighbour.number()), values);
  }

  private InternalRow values(byte[] key, byte[] neighbourKey, int rank, double score) {
    Object[] values = new Object[2 * keys.columns().size() + 2];
    values[0] = keys.id(key);
    values[1] = keys.id(neighbourKey);
    values[2] = rank;
    values[3] = (float) score;
    for (int i = 1; i < keys.columns().size(); i++) {
      values[2 * i + 2] = keys.value(key, i);
      values[2 * i + 3] = keys.value(neighbourKey, i);
    }
    return row(values);
  }

  private static InternalRow row(Object... values) {
    return new GenericInternalRow(values);
  }
}
