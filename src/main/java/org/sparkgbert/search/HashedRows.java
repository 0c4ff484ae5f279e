package org.sparkgbert.search;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.vector.Similarity;

/**
 * Chooses rows by a hash of their ids, whatever their order and partitions: some to train on, and
 * others to hold out.
 *
 * @param idColumn column with the id
 * @param trained share of rows to train on, from 0 to 1
 * @param heldOut share of rows to hold out; where both exceed 1, fewer are trained on
 */
record HashedRows(String idColumn, double trained, double heldOut) {
  private static final int BUCKETS = 1 << 20;

  /** At most so many rows are held out. */
  private static final double MOST_HELD_OUT = 0.1;

  /** A few more than wanted are chosen, since their number is left to chance. */
  private static final double RESERVE = 1.5;

  /**
   * @param rows rows of the corpus, at least 1
   * @param trained rows wanted to train on
   * @param heldOut rows wanted as questions
   */
  static HashedRows of(String idColumn, long rows, long trained, int heldOut) {
    return new HashedRows(
        idColumn, (double) trained / rows, Math.min(MOST_HELD_OUT, (RESERVE * heldOut + 1) / rows));
  }

  private Column bucket() {
    return functions.pmod(functions.xxhash64(ColumnNames.column(idColumn)), functions.lit(BUCKETS));
  }

  private long firstHeldOut() {
    return BUCKETS - Math.round(heldOut * BUCKETS);
  }

  /** Whether a row is one to train on. */
  Column isTrained() {
    return bucket().lt(Math.min(firstHeldOut(), (long) Math.ceil(trained * BUCKETS)));
  }

  /** Whether a row may be held out. */
  Column isHeldOut() {
    return bucket().geq(firstHeldOut());
  }

  /**
   * Rows that are held out, as questions.
   *
   * @param rows the corpus
   * @param most how many at most
   */
  Questions questions(Dataset<Row> rows, String embeddingColumn, Similarity similarity, int most) {
    Column id = ColumnNames.column(idColumn);
    Dataset<Row> chosen =
        rows.where(isHeldOut().and(id.isNotNull()))
            .select(id.as(SearchColumns.QUERY_ID), ColumnNames.column(embeddingColumn))
            .dropDuplicates(new String[] {SearchColumns.QUERY_ID})
            .orderBy(functions.xxhash64(functions.col(SearchColumns.QUERY_ID)))
            .limit(most);
    // A few rows, so that those of the corpus are read once.
    Dataset<Row> few =
        rows.sparkSession().createDataFrame(chosen.collectAsList(), chosen.schema()).coalesce(1);
    return Questions.read(few, similarity, SearchOptions.BLOCK_ROWS.defaultValue().orElseThrow());
  }
}
