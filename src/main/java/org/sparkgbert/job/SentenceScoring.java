package org.sparkgbert.job;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.corpus.CorpusSource.Corpus;
import org.sparkgbert.embed.EmbedTally;
import org.sparkgbert.embed.EmbedWork;
import org.sparkgbert.embed.EncodedRows;
import org.sparkgbert.embed.SentenceEmbedder;
import org.sparkgbert.lake.EmbeddingColumns;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.lake.Partitioning;
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
  private final Dataset<Row> encoded;
  private final Dataset<Row> table;
  private final OptionalLong rows;
  private final Optional<EmbeddingProvenance> provenance;
  private final EmbedTally tally;
  private final TerminalProgress progress;

  private SentenceScoring(
      Dataset<Row> encoded,
      Dataset<Row> table,
      OptionalLong rows,
      Optional<EmbeddingProvenance> provenance,
      EmbedTally tally,
      TerminalProgress progress) {
    this.encoded = encoded;
    this.table = table;
    this.rows = rows;
    this.provenance = provenance;
    this.tally = tally;
    this.progress = progress;
  }

  /**
   * Plans the work.
   *
   * @param embedder encodes as the settings say
   * @throws IllegalArgumentException if a column is missing or no string, or a name is taken, or
   *     the model cannot be opened
   */
  static SentenceScoring of(
      Corpus corpus, StsOptions options, SentenceEmbedder embedder, TerminalProgress progress) {
    SentencePairs pairs =
        new SentencePairs(corpus.rows(), options.sentence1Column, options.sentence2Column);
    PairScoreColumns.requireFree(corpus.rows().schema(), options.similarities);
    EmbedTally tally = EmbedTally.registered(corpus.rows().sparkSession());
    Partitioning spread = options.model.spread(options.output);
    Dataset<Row> encoded =
        embedder
            .setInputCol(SentencePairs.SENTENCE)
            .setOutputCol(PairScoreColumns.FIRST.prefix())
            .transformCounting(spread.overNewTasks(pairs.distinctSentences()), tally);
    PairScores scores = scores(encoded, options);
    return new SentenceScoring(
        encoded, table(pairs, encoded, scores), corpus.count(), scores.first(), tally, progress);
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

  private static Dataset<Row> table(SentencePairs pairs, Dataset<Row> encoded, PairScores scores) {
    EmbeddingColumns columns = PairScoreColumns.FIRST;
    return scores.of(
        PairJoin.join(
            pairs.rows(),
            new PairJoin.Side(pairs.first(), encoded, SentencePairs.SENTENCE, columns),
            new PairJoin.Side(pairs.second(), encoded, SentencePairs.SENTENCE, columns)));
  }

  @Override
  public StructType schema() {
    return table.schema();
  }

  @Override
  public Dataset<Row> table() {
    // Two joins that both want it at once might encode it twice.
    EncodedRows.persist(encoded, progress, OptionalLong.empty());
    return table;
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
    return provenance;
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
