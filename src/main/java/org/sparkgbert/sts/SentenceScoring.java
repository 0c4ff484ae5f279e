package org.sparkgbert.sts;

import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.sparkgbert.action.Progress;
import org.sparkgbert.embed.EmbedTally;
import org.sparkgbert.embed.EmbedWork;
import org.sparkgbert.embed.EncodedRows;
import org.sparkgbert.embed.SentenceEmbedder;
import org.sparkgbert.lake.EmbeddingColumns;
import org.sparkgbert.lake.EmbeddingProvenance;

/**
 * Scores pairs of sentences. Each distinct sentence is encoded once; its embedding stays on the
 * executors' disks until both sides of the pairs have read it.
 *
 * @param embedder encodes sentences
 * @param encoded distinct sentences with their embeddings
 * @param table the scored pairs
 * @param provenance what made the embeddings
 * @param tally sums the work of encoding
 */
record SentenceScoring(
    SentenceEmbedder embedder,
    Dataset<Row> encoded,
    Dataset<Row> table,
    Optional<EmbeddingProvenance> provenance,
    EmbedTally tally)
    implements Scoring {

  /**
   * Plans the work.
   *
   * @throws IllegalArgumentException if a column is missing or not a string, or a name is taken, or
   *     the model cannot be opened
   */
  static SentenceScoring of(Dataset<Row> rows, ScoreSettings settings) {
    SentencePairs pairs =
        new SentencePairs(rows, settings.pairs().first(), settings.pairs().second());
    PairScoreColumns.requireFree(rows.schema(), settings.similarities());
    EmbedTally tally = EmbedTally.registered(rows.sparkSession());
    SentenceEmbedder embedder =
        SentenceEmbedder.of(settings.encoding())
            .setInputCol(SentencePairs.SENTENCE)
            .setOutputCol(PairScoreColumns.FIRST.prefix());
    Dataset<Row> encoded =
        embedder.transformCounting(
            settings.partitioning().overNewTasks(pairs.distinctSentences()), tally);
    Optional<EmbeddingProvenance> made =
        EmbeddingProvenance.of(encoded.schema().apply(PairScoreColumns.FIRST.embedding()));
    PairScores scores =
        new PairScores(
            settings.similarities(),
            made.map(by -> by.withTextColumn(settings.pairs().first())),
            made.map(by -> by.withTextColumn(settings.pairs().second())),
            settings.dropEmbeddings());
    return new SentenceScoring(
        embedder, encoded, table(pairs, encoded, scores), scores.first(), tally);
  }

  private static Dataset<Row> table(SentencePairs pairs, Dataset<Row> encoded, PairScores scores) {
    EmbeddingColumns columns = PairScoreColumns.FIRST;
    return scores.of(
        PairJoin.join(
            pairs.rows(),
            new PairJoin.Side(pairs.first(), encoded, SentencePairs.SENTENCE, columns),
            new PairJoin.Side(pairs.second(), encoded, SentencePairs.SENTENCE, columns)));
  }

  @Override
  public void encode(Progress progress) {
    embedder.warning().ifPresent(progress::note);
    EncodedRows.persist(encoded, progress, OptionalLong.empty());
  }

  @Override
  public EmbedWork work() {
    return tally.value();
  }

  @Override
  public void close() {
    encoded.unpersist();
  }
}
