package org.sparkgbert.search;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.types.StructType;

/**
 * The second pass over an index: scores candidates with their full vectors, in double precision,
 * and keeps the best of each question. Rows are the key's columns, the embedding, and the cell.
 */
final class ScoreCandidates implements FlatMapFunction<Iterator<InternalRow>, InternalRow> {
  private static final long serialVersionUID = 1L;

  private final ExactSearchSettings settings;
  private final RowKeys questionKeys;
  private final RowKeys corpusKeys;
  private final ArrayList<Broadcast<VectorBlock>> questions;
  private final Broadcast<Candidates> candidates;

  /**
   * @param questionKeys reads the keys of questions
   * @param corpusKeys reads the keys of the corpus
   * @param questions blocks of questions
   */
  ScoreCandidates(
      ExactSearchSettings settings,
      RowKeys questionKeys,
      RowKeys corpusKeys,
      List<Broadcast<VectorBlock>> questions,
      Broadcast<Candidates> candidates) {
    this.settings = settings;
    this.questionKeys = questionKeys;
    this.corpusKeys = corpusKeys;
    this.questions = new ArrayList<>(questions);
    this.candidates = candidates;
  }

  /**
   * @return rows of {@link SearchColumns#numberedResult}, with rank 0, in no order
   */
  @Override
  public Iterator<InternalRow> call(Iterator<InternalRow> rows) {
    Pass pass = new Pass();
    rows.forEachRemaining(pass::add);
    return pass.found();
  }

  /** One partition's pass. */
  private final class Pass {
    private final Candidates wanted = candidates.value();
    private final List<VectorBlock> blocks = questions.stream().map(Broadcast::value).toList();
    private final StructType key = corpusKeys.columns();
    private final UnsafeProjection idOf =
        UnsafeProjection.create(new StructType().add(key.apply(0)));
    private final UnsafeProjection keyOf = UnsafeProjection.create(key);
    private final KeyOrder order = new KeyOrder(corpusKeys);
    private final Map<Integer, BestHits> best = new TreeMap<>();

    private void add(InternalRow row) {
      int[] numbers = wanted.questions(row.getInt(key.size() + 1), idOf.apply(row).getBytes());
      if (numbers.length == 0) {
        return;
      }
      TaskContext.get().killTaskIfInterrupted();
      float[] vector = PackRows.vector(row, key.size());
      PackedRow packed = new PackedRow(keyOf.apply(row).copy().getBytes(), vector);
      if (packed.isUsable(settings.similarity())) {
        VectorBlock.Builder one = new VectorBlock.Builder(0, vector.length);
        one.add(packed.key(), vector);
        VectorBlock block = one.build();
        for (int number : numbers) {
          offer(number, block);
        }
      }
    }

    private void offer(int number, VectorBlock row) {
      VectorBlock asked = block(number);
      best.computeIfAbsent(
              number, each -> new BestHits(settings.topK(), settings.floor(), key -> true, order))
          .offer(asked.score(settings.ranking(), number - asked.number(0), row, 0), row, 0);
    }

    private VectorBlock block(int number) {
      for (VectorBlock block : blocks) {
        if (number - block.number(0) < block.rows()) {
          return block;
        }
      }
      throw new IllegalStateException("Cannot search: there is no question " + number);
    }

    private Iterator<InternalRow> found() {
      FoundRow rows = new FoundRow(questionKeys, corpusKeys);
      return best.entrySet().stream().flatMap(entry -> found(rows, entry)).iterator();
    }

    private Stream<InternalRow> found(FoundRow rows, Map.Entry<Integer, BestHits> entry) {
      VectorBlock block = block(entry.getKey());
      int row = entry.getKey() - block.number(0);
      return entry.getValue().hits().stream().map(hit -> rows.of(block, row, hit));
    }
  }
}
