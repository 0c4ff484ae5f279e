package org.sparkgbert.search;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Finds the best rows of one partition of the corpus for each question. Rows stream past once, and
 * a block of them is held at a time.
 */
final class SearchPartition implements FlatMapFunction<Iterator<PackedRow>, InternalRow> {
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
  public Iterator<InternalRow> call(Iterator<PackedRow> rows) {
    List<VectorBlock> blocks = questions.stream().map(Broadcast::value).toList();
    KeyOrder order = new KeyOrder(corpusKeys);
    List<ComparedRows> asked =
        blocks.stream()
            .map(
                block -> ComparedRows.of(block, new Slice(0, block.rows()), key -> bestHits(order)))
            .toList();
    CorpusBlocks corpus =
        new CorpusBlocks(
            rows,
            corpusKeys,
            settings.similarity(),
            blocks.get(0).dimension(),
            settings.blockRows());
    ComparedRows.compare(asked, corpus, settings.ranking(), settings.device());
    read.add(corpus.rowsRead());
    return asked.stream().flatMap(this::found).iterator();
  }

  private BestHits bestHits(KeyOrder order) {
    return new BestHits(settings.topK(), settings.floor(), key -> true, order);
  }

  private Stream<InternalRow> found(ComparedRows asked) {
    FoundRow row = new FoundRow(questionKeys, corpusKeys);
    return IntStream.range(0, asked.best().length)
        .boxed()
        .flatMap(i -> asked.best()[i].hits().stream().map(hit -> row.of(asked.block(), i, hit)));
  }
}
