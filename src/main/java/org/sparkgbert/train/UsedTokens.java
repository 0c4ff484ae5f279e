package org.sparkgbert.train;

import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StringType;
import org.sparkgbert.action.Progress;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.corpus.Corpus;
import org.sparkgbert.corpus.CorpusSource;
import org.sparkgbert.corpus.SparkErrors;
import org.sparkgbert.tokenize.SentenceTokenizer;

/**
 * Finds the tokens that texts are made of.
 *
 * @param tokenizer the whole tokenizer, which cuts nothing
 * @param ids those found so far
 */
record UsedTokens(SentenceTokenizer tokenizer, BitSet ids) {
  /** How often progress is told. */
  private static final int ROWS = 1_000;

  void add(String text) {
    for (long[] sequence : tokenizer.tokenize(text).sequences()) {
      for (long id : sequence) {
        ids.set(Math.toIntExact(id));
      }
    }
  }

  void add(List<Pair> pairs) {
    for (Pair pair : pairs) {
      add(pair.first());
      add(pair.second());
    }
  }

  /**
   * Reads a corpus, text by text, on the driver.
   *
   * @throws IllegalArgumentException if it cannot be read, or the column is missing or no string
   */
  void add(SparkSession spark, CorpusSource source, String column, Progress progress) {
    Corpus corpus = source.open(spark);
    corpus.requireInEveryFile(column);
    ColumnNames.require("prune vocabulary by", List.of(column), corpus.rows().schema());
    if (!(corpus.rows().schema().apply(column).dataType() instanceof StringType)) {
      throw new IllegalArgumentException(
          "Cannot prune vocabulary by column '%s': it must be a string, found %s"
              .formatted(column, corpus.rows().schema().apply(column).dataType().simpleString()));
    }
    long read = 0;
    try {
      Iterator<Row> rows = corpus.rows().select(ColumnNames.column(column)).toLocalIterator();
      while (rows.hasNext()) {
        Row row = rows.next();
        if (!row.isNullAt(0)) {
          add(row.getString(0));
        }
        read++;
        if (read % ROWS == 0) {
          progress.rows(read, corpus.count());
        }
      }
    } catch (IllegalArgumentException e) {
      throw e;
    } catch (Exception e) {
      throw SparkErrors.asBadInput("Cannot read " + String.join(", ", source.paths()), e);
    }
    progress.rows(read, OptionalLong.of(read));
  }
}
