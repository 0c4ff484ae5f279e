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

/** Finds the partners of one slice's rows, given the slice's index. */
final class PartnersOfSlice implements FlatMapFunction<Long, Row> {
  private static final long serialVersionUID = 1L;

  private final AllPairsSettings settings;
  private final ArrayList<Broadcast<VectorBlock>> blocks;
  private final ArrayList<Slice> slices;

  PartnersOfSlice(
      AllPairsSettings settings, List<Broadcast<VectorBlock>> blocks, List<Slice> slices) {
    this.settings = settings;
    this.blocks = new ArrayList<>(blocks);
    this.slices = new ArrayList<>(slices);
  }

  /**
   * @return rows of {@link PartnerColumns#numberedResult}, by number and rank
   */
  @Override
  public Iterator<Row> call(Long index) {
    Slice slice = slices.get(Math.toIntExact(index));
    VectorBlock block = blocks.get(slice.block()).value();
    List<List<Partner>> partners =
        ExecutorProducts.withWorkspace(workspace -> search(block, slice, workspace));
    return IntStream.range(0, slice.rows())
        .boxed()
        .flatMap(i -> pairs(block, slice.from() + i, partners.get(i)))
        .iterator();
  }

  private List<List<Partner>> search(VectorBlock block, Slice slice, Workspace workspace) {
    BlockProduct product = ExecutorProducts.shared(TaskGpu.assign(settings.device()));
    PartnerSearch search = new PartnerSearch(block, slice, settings, product, workspace);
    for (Broadcast<VectorBlock> columns : blocks) {
      TaskContext.get().killTaskIfInterrupted();
      search.visit(columns.value());
    }
    return search.partners();
  }

  private Stream<Row> pairs(VectorBlock block, int row, List<Partner> partners) {
    return IntStream.range(0, partners.size())
        .mapToObj(i -> pair(block.number(row), block.key(row), partners.get(i), i + 1));
  }

  private Row pair(int number, Object[] key, Partner partner, int rank) {
    boolean swap = settings.unordered() && partner.number() < number;
    Row values =
        swap
            ? values(partner.key(), key, rank, partner.score())
            : values(key, partner.key(), rank, partner.score());
    return RowFactory.create(
        Math.min(number, partner.number()), Math.max(number, partner.number()), values);
  }

  private static Row values(Object[] key, Object[] partnerKey, int rank, double score) {
    Object[] values = new Object[2 * key.length + 2];
    values[0] = key[0];
    values[1] = partnerKey[0];
    values[2] = rank;
    values[3] = (float) score;
    for (int i = 1; i < key.length; i++) {
      values[2 * i + 2] = key[i];
      values[2 * i + 3] = partnerKey[i];
    }
    return RowFactory.create(values);
  }
}
