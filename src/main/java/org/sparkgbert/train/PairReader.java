package org.sparkgbert.train;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.action.Progress;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.corpus.Corpus;
import org.sparkgbert.corpus.CorpusSource;
import org.sparkgbert.corpus.SparkErrors;
import org.sparkgbert.tokenize.TextCleaner;

/**
 * Reads pairs of sentences from any source of Spark.
 *
 * @param spark the session
 * @param reading what the columns mean
 * @param progress is told what users should know of how files were read
 */
record PairReader(SparkSession spark, PairReading reading, Progress progress) {
  private static final String WHAT = "train";

  /**
   * Reads a table; rows without a sentence, or without a score where one is needed, are skipped.
   *
   * @param needsScores whether each pair needs a score; else the column may be missing
   * @throws IllegalArgumentException if it cannot be read, a column is missing or of the wrong
   *     type, a score is no number or out of range, or no pair is left
   */
  PairTable read(CorpusSource source, boolean needsScores) {
    Corpus corpus = source.open(spark);
    String name = String.join(", ", source.paths());
    StructType schema = corpus.rows().schema();
    boolean hasScores = needsScores || List.of(schema.fieldNames()).contains(reading.score());
    String[] columns = columns(hasScores);
    corpus.requireInEveryFile(columns);
    ColumnNames.require(WHAT, List.of(columns), schema);
    requireTypes(schema, hasScores);
    corpus.notes(columns).forEach(progress::note);
    PairTable table = collect(corpus, hasScores, needsScores, name);
    if (table.pairs().isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot train: %s has no pair with two sentences%s, found %d rows without"
              .formatted(name, needsScores ? " and a score" : "", table.skipped()));
    }
    return table;
  }

  private String[] columns(boolean hasScores) {
    return hasScores
        ? new String[] {reading.first(), reading.second(), reading.score()}
        : new String[] {reading.first(), reading.second()};
  }

  private void requireTypes(StructType schema, boolean hasScores) {
    for (String column : List.of(reading.first(), reading.second())) {
      DataType type = schema.apply(column).dataType();
      if (!(type instanceof StringType)) {
        throw new IllegalArgumentException(
            "Cannot train on column '%s': it must be a string, found %s"
                .formatted(column, type.simpleString()));
      }
    }
    if (hasScores) {
      DataType type = schema.apply(reading.score()).dataType();
      if (!(type instanceof StringType) && !(type instanceof NumericType)) {
        throw new IllegalArgumentException(
            "Cannot train on column '%s': it must hold numbers, found type %s"
                .formatted(reading.score(), type.simpleString()));
      }
    }
  }

  private PairTable collect(Corpus corpus, boolean hasScores, boolean needsScores, String name) {
    List<Row> rows = rows(corpus, hasScores, name);
    List<Pair> pairs = new ArrayList<>(rows.size());
    for (Row row : rows) {
      boolean isWhole =
          isText(row, 0) && isText(row, 1) && !(needsScores && row.isNullAt(2) && row.isNullAt(3));
      if (isWhole) {
        pairs.add(new Pair(row.getString(0), row.getString(1), score(row, name)));
      }
    }
    corpus.requireAll(rows.size());
    pairs.sort(Pair.ORDER);
    return new PairTable(pairs, rows.size() - pairs.size());
  }

  private List<Row> rows(Corpus corpus, boolean hasScores, String name) {
    Column stored = hasScores ? ColumnNames.column(reading.score()) : lit(null);
    Column number = stored.try_cast(DataTypes.DoubleType);
    Column notANumber =
        when(stored.isNotNull().and(number.isNull()), stored.cast(DataTypes.StringType));
    try {
      return corpus
          .rows()
          .select(
              ColumnNames.column(reading.first()),
              ColumnNames.column(reading.second()),
              number,
              notANumber)
          .collectAsList();
    } catch (Exception e) {
      throw SparkErrors.asBadInput("Cannot read " + name, e);
    }
  }

  private static boolean isText(Row row, int column) {
    return !row.isNullAt(column) && !TextCleaner.isBlank(row.getString(column));
  }

  /** From 0 to 1; NaN if there is none. */
  private double score(Row row, String name) {
    if (!row.isNullAt(3)) {
      throw outOfRange(name, "numbers", "'" + row.getString(3) + "'");
    }
    if (row.isNullAt(2)) {
      return Double.NaN;
    }
    double found = row.getDouble(2);
    if (!reading.range().contains(found)) {
      throw outOfRange(
          name, "from %s (--score-range)".formatted(reading.range()).replace(",", " to "), found);
    }
    return reading.range().map(found);
  }

  private IllegalArgumentException outOfRange(String name, String rule, Object found) {
    return new IllegalArgumentException(
        "Cannot train: scores in column '%s' of %s must be %s, found %s"
            .formatted(reading.score(), name, rule, found));
  }
}
