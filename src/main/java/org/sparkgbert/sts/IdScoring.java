package org.sparkgbert.sts;

import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparkgbert.action.Progress;
import org.sparkgbert.embed.EmbedWork;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.lake.EmbeddingTable;
import org.sparkgbert.lake.StoredVectors;
import org.sparkgbert.vector.Directions;

/**
 * Scores pairs of ids by the embeddings of existing tables.
 *
 * @param table the scored pairs
 * @param provenance what made the first embeddings
 */
record IdScoring(Dataset<Row> table, Optional<EmbeddingProvenance> provenance) implements Scoring {
  private static final String OF_ONE_MEAN = "give tables of one run, or one of them as float32";

  /**
   * Looks the pairs up.
   *
   * @throws IllegalArgumentException if a table or column is missing, ids are not unique, or the
   *     embeddings were made by different models, differ in dimension, or are about different means
   */
  static IdScoring of(
      SparkSession spark, Dataset<Row> pairs, PairSource.Ids ids, ScoreSettings settings) {
    PairScoreColumns.requireFree(pairs.schema(), settings.similarities());
    IdLookup one = lookup(spark, ids.table(), ids);
    IdLookup other =
        ids.secondTable().equals(ids.table()) ? one : lookup(spark, ids.secondTable(), ids);
    IdLookup first = one.like(other);
    IdLookup second = other.like(one);
    EmbeddingProvenance made = first.provenance();
    EmbeddingProvenance madeSecond = second.provenance();
    String what = "compare embeddings";
    Directions.require(what, Optional.of(one.provenance()), settings.similarities());
    Directions.require(what, Optional.of(other.provenance()), settings.similarities());
    if (!ids.allowMixedModels()) {
      made.requireComparable(what, first.name(), madeSecond, second.name(), OF_ONE_MEAN);
    }
    made.requireSameDimension(first.name(), madeSecond, second.name());
    made.requireSameMean(what, first.name(), madeSecond, second.name(), OF_ONE_MEAN);
    PairScores scores =
        new PairScores(
            settings.similarities(),
            Optional.of(made.withTextColumn("")),
            Optional.of(madeSecond.withTextColumn("")),
            settings.dropEmbeddings());
    Dataset<Row> joined =
        PairJoin.join(pairs, first.side(pairs, ids.first()), second.side(pairs, ids.second()));
    return new IdScoring(scores.of(joined), Optional.of(made));
  }

  private static IdLookup lookup(SparkSession spark, String table, PairSource.Ids ids) {
    String what = "look up embeddings";
    Dataset<Row> rows =
        StoredVectors.asFloats(
            what,
            EmbeddingTable.find(table, spark).checkedRows(what, spark),
            ids.columns().embedding());
    IdLookup lookup = new IdLookup(table, rows, ids.idColumn(), ids.columns());
    lookup.requireUnique();
    return lookup;
  }

  @Override
  public void encode(Progress progress) {
    // All embeddings exist already.
  }

  @Override
  public EmbedWork work() {
    return EmbedWork.NONE;
  }

  @Override
  public void close() {
    // There is nothing to release.
  }
}
