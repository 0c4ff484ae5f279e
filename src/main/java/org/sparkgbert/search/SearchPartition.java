package org.sparkgbert.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.InternalRow;
import org.sparkgbert.embed.TaskGpu;
import org.sparkgbert.onnx.BlockProduct;

/**
 * Finds the best rows of one partition of the corpus for each question. Rows are the key's columns
 * and then the embedding; they stream past once, and a block of them is held at a time.
 */
final class SearchPartition implements FlatMapFunction<Iterator<InternalRow>, InternalRow> {
  private static final long serialVersionUID = 1L;

  private final ExactSearchSettings settings;
  private final RowKeys questionKeys;
  private final RowKeys corpusKeys;
  private final ArrayList<Broadcast<VectorBlock>> questions;
  private final RowsRead read;

  /**
   * @param questionKeys reads the keys of questions
   * @param corpusKeys reads the keys of the corpus
   * @param questions blocks of questions of one dimension, at least one
   * @param read counts the rows of the corpus
   */
  SearchPartition(
      ExactSearchSettings settings,
      RowKeys questionKeys,
      RowKeys corpusKeys,
      List<Broadcast<VectorBlock>> questions,
      RowsRead read) {
    this.settings = settings;
    this.questionKeys = questionKeys;
    this.corpusKeys = corpusKeys;
    this.questions = new ArrayList<>(questions);
    this.read = read;
  }

  /**
   * @return rows of {@link SearchColumns#numberedResult}, with rank 0, in no order
   */
  @Override
  public Iterator<InternalRow> call(Iterator<InternalRow> rows) {
    List<VectorBlock> blocks = questions.stream().map(Broadcast::value).toList();
    Comparator<Hit> order = Hit.bestFirst(new KeyOrder(corpusKeys));
    List<BestHits[]> best = blocks.stream().map(block -> best(block, order)).toList();
    CorpusBlocks corpus =
        new CorpusBlocks(
            new PackRows(corpusKeys.columns()).call(rows),
            corpusKeys,
            settings.similarity(),
            blocks.get(0).dimension(),
            settings.blockRows());
    ExecutorProducts.withWorkspace(workspace -> compare(corpus, blocks, best, workspace));
    read.add(corpus.rowsRead());
    return IntStream.range(0, blocks.size())
        .boxed()
        .flatMap(i -> found(blocks.get(i), best.get(i)))
        .iterator();
  }

  private BestHits[] best(VectorBlock block, Comparator<Hit> order) {
    BestHits[] best = new BestHits[block.rows()];
    Arrays.setAll(best, row -> new BestHits(settings.topK(), settings.floor(), order));
    return best;
  }

  private Workspace compare(
      CorpusBlocks corpus, List<VectorBlock> blocks, List<BestHits[]> best, Workspace workspace) {
    BlockProduct product = ExecutorProducts.shared(TaskGpu.assign(settings.device()));
    List<NeighbourSearch> searches =
        IntStream.range(0, blocks.size())
            .mapToObj(i -> search(i, blocks.get(i), best.get(i), product, workspace))
            .toList();
    while (corpus.hasNext()) {
      TaskContext.get().killTaskIfInterrupted();
      DividedBlock divided = DividedBlock.of(corpus.next(), settings.ranking(), workspace);
      searches.forEach(search -> search.visit(divided));
    }
    return workspace;
  }

  private NeighbourSearch search(
      int index, VectorBlock block, BestHits[] best, BlockProduct product, Workspace workspace) {
    Slice all = new Slice(0, 0, block.rows());
    return new NeighbourSearch(
        block,
        all,
        settings.ranking(),
        best,
        NeighbourSearch.directions(
            block, all, workspace.rows(index, block.rows() * block.dimension())),
        product,
        workspace);
  }

  private Stream<InternalRow> found(VectorBlock block, BestHits[] best) {
    FoundRow row = new FoundRow(questionKeys, corpusKeys);
    return IntStream.range(0, best.length)
        .boxed()
        .flatMap(i -> best[i].hits().stream().map(hit -> row.of(block, i, hit)));
  }
}
