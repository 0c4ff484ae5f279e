package org.sparkgbert.job;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.sparkgbert.corpus.CorpusSource.Corpus;
import org.sparkgbert.embed.EmbedTally;
import org.sparkgbert.embed.EmbedWork;
import org.sparkgbert.embed.EmbeddingColumns;
import org.sparkgbert.embed.EmbeddingProvenance;
import org.sparkgbert.embed.SentenceEmbedder;
import org.sparkgbert.lake.StatusColumn;
import org.sparkgbert.sts.PairJoin;
import org.sparkgbert.sts.PairScoreColumns;
import org.sparkgbert.sts.PairScores;
import org.sparkgbert.sts.SentencePairs;

/**
 * Scores pairs of sentences. Each distinct sentence is encoded once; its embedding waits on the
 * executors' disks until both sides of the pairs have fetched it.
 */
final class SentenceScoring implements Scoring {
  private final SentencePairs pairs;
  private final Dataset<Row> encoded;
  private final PairScores scores;
  private final OptionalLong rows;
  private final EmbedTally tally;

  private SentenceScoring(
      SentencePairs pairs,
      Dataset<Row> encoded,
      PairScores scores,
      OptionalLong rows,
      EmbedTally tally) {
    this.pairs = pairs;
    this.encoded = encoded;
    this.scores = scores;
    this.rows = rows;
    this.tally = tally;
  }

  /**
   * Encodes the sentences.
   *
   * @throws IllegalArgumentException if a column is missing or no string, or a name is taken
   */
  static SentenceScoring start(
      SparkSession spark, Corpus corpus, StsOptions options, Console console) {
    SentencePairs pairs =
        new SentencePairs(corpus.rows(), options.sentence1Column, options.sentence2Column);
    PairScoreColumns.requireFree(corpus.rows().schema(), options.similarities);
    SentenceEmbedder embedder =
        options
            .model
            .embedder()
            .setInputCol(SentencePairs.SENTENCE)
            .setOutputCol(PairScoreColumns.FIRST.prefix());
    EmbedTally tally = new EmbedTally();
    spark.sparkContext().register(tally, Progress.TALLY);
    Spread spread = options.model.spread(options.output);
    Dataset<Row> encoded =
        embedder
            .transformCounting(spread.overNewTasks(pairs.distinctSentences()), tally)
            .persist(StorageLevel.DISK_ONLY());
    try (Progress progress = Progress.start(spark, console, OptionalLong.empty())) {
      // Two joins that both want it at once might encode it twice.
      encoded.count();
      progress.draw();
    }
    return new SentenceScoring(pairs, encoded, scores(encoded, options), corpus.count(), tally);
  }

  private static PairScores scores(Dataset<Row> encoded, StsOptions options) {
    Optional<EmbeddingProvenance> made =
        EmbeddingProvenance.of(encoded.schema().apply(PairScoreColumns.FIRST.embedding()));
    return new PairScores(
        options.similarities,
        made.map(by -> by.withTextColumn(options.sentence1Column)),
        made.map(by -> by.withTextColumn(options.sentence2Column)),
        options.dropEmbeddings);
  }

  @Override
  public Dataset<Row> table() {
    EmbeddingColumns columns = PairScoreColumns.FIRST;
    return scores.of(
        PairJoin.join(
            pairs.rows(),
            new PairJoin.Side(pairs.first(), encoded, SentencePairs.SENTENCE, columns),
            new PairJoin.Side(pairs.second(), encoded, SentencePairs.SENTENCE, columns)));
  }

  @Override
  public OptionalLong rows() {
    return rows;
  }

  @Override
  public List<StatusColumn> statuses() {
    return IdScoring.STATUSES;
  }

  @Override
  public Optional<EmbeddingProvenance> provenance() {
    return scores.first();
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
