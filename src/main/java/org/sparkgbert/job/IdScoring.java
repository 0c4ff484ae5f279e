package org.sparkgbert.job;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.corpus.CorpusSource.Corpus;
import org.sparkgbert.embed.EmbedWork;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.lake.EmbeddingTable;
import org.sparkgbert.lake.StatusColumn;
import org.sparkgbert.sts.IdLookup;
import org.sparkgbert.sts.PairJoin;
import org.sparkgbert.sts.PairScoreColumns;
import org.sparkgbert.sts.PairScores;

/**
 * Scores pairs of ids by the embeddings of tables that are there.
 *
 * @param table the scored pairs
 * @param rows count of pairs, if that is known
 * @param provenance what made the first embeddings
 */
record IdScoring(Dataset<Row> table, OptionalLong rows, Optional<EmbeddingProvenance> provenance)
    implements Scoring {
  /** Columns that scored pairs are counted by. */
  static final List<StatusColumn> STATUSES =
      List.of(
          StatusColumn.of(PairScoreColumns.FIRST),
          StatusColumn.of(PairScoreColumns.SECOND),
          StatusColumn.counted(PairScoreColumns.STATUS));

  /**
   * Looks the pairs up.
   *
   * @throws IllegalArgumentException if a table or column is missing, ids are not unique, or the
   *     embeddings were made by different models or differ in dimension
   */
  static IdScoring of(SparkSession spark, Corpus corpus, StsOptions options) {
    PairScoreColumns.requireFree(corpus.rows().schema(), options.similarities);
    IdLookup first = lookup(spark, options.embeddings, options);
    IdLookup second =
        options.embeddings2 == null ? first : lookup(spark, options.embeddings2, options);
    EmbeddingProvenance made = first.provenance();
    EmbeddingProvenance madeSecond = second.provenance();
    if (!options.allowMixedModels) {
      made.requireSameModel(first.name(), madeSecond, second.name());
    }
    made.requireSameDimension(first.name(), madeSecond, second.name());
    PairScores scores =
        new PairScores(
            options.similarities,
            Optional.of(made.withTextColumn("")),
            Optional.of(madeSecond.withTextColumn("")),
            options.dropEmbeddings);
    Dataset<Row> joined =
        PairJoin.join(
            corpus.rows(),
            first.side(corpus.rows(), options.id1Column),
            second.side(corpus.rows(), options.id2Column));
    return new IdScoring(scores.of(joined), corpus.count(), Optional.of(made));
  }

  private static IdLookup lookup(SparkSession spark, String table, StsOptions options) {
    Dataset<Row> rows =
        EmbeddingTable.open(table, spark.sessionState().newHadoopConf()).rows(spark);
    IdLookup lookup = new IdLookup(table, rows, options.idColumn, options.columns());
    lookup.requireUnique();
    return lookup;
  }

  @Override
  public StructType schema() {
    return table.schema();
  }

  @Override
  public List<StatusColumn> statuses() {
    return STATUSES;
  }

  @Override
  public EmbedWork work() {
    return EmbedWork.NONE;
  }

  @Override
  public void close() {
    // It holds nothing.
  }
}
