package org.sparkgbert.enrich;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.corpus.CorpusSource;
import org.sparkgbert.corpus.SparkErrors;
import org.sparkgbert.enrich.FollowReading.Kind;
import org.sparkgbert.lake.LakeTable;

/**
 * A table of Delta: its change data feed, where it has one, else the rows that are appended. Of the
 * changes of a row, the image after the newest counts; one that has no such image is gone.
 *
 * @param spark the session
 * @param corpus where it is
 * @param schema its columns
 * @param reading how it is read
 */
record FollowedDelta(
    SparkSession spark, CorpusSource corpus, StructType schema, FollowReading reading)
    implements FollowedSource {
  private static final String FEED = "delta.enableChangeDataFeed";
  private static final String READ_FEED = "readChangeFeed";
  private static final String CHANGE = "_change_type";
  private static final String VERSION = "_commit_version";

  static FollowedDelta open(
      SparkSession spark, CorpusSource corpus, Optional<FollowReading> begun) {
    String path = corpus.paths().get(0);
    StructType schema;
    try {
      schema = spark.read().format(corpus.format()).load(path).schema();
    } catch (Exception e) {
      throw SparkErrors.asBadInput("Cannot read corpus " + path, e);
    }
    FollowReading reading =
        begun.orElseGet(() -> FollowReading.of(hasFeed(spark, corpus) ? Kind.FEED : Kind.APPENDS));
    return new FollowedDelta(spark, corpus, schema.asNullable(), reading);
  }

  private static boolean hasFeed(SparkSession spark, CorpusSource corpus) {
    Map<String, String> options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    options.putAll(corpus.readOptions());
    String asked =
        options.getOrDefault(
            READ_FEED,
            LakeTable.deltaAt(spark, corpus.paths().get(0))
                .map(table -> table.table().properties().get(FEED))
                .orElse("false"));
    return Boolean.parseBoolean(asked);
  }

  private boolean isFeed() {
    return reading.kind() == Kind.FEED;
  }

  @Override
  public String note() {
    String path = corpus.paths().get(0);
    return isFeed()
        ? "Following the change data feed of %s: rows that are inserted, updated and deleted"
            .formatted(path)
        : "Following rows that are appended to %s. An UPDATE, DELETE or MERGE there ends the run; set its property %s to true and begin with a new --checkpoint to follow these too"
            .formatted(path, FEED);
  }

  @Override
  public Dataset<Row> stream() {
    Map<String, String> options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    options.putAll(corpus.readOptions());
    if (isFeed()) {
      options.put(READ_FEED, "true");
    }
    return spark.readStream().format(corpus.format()).options(options).load(corpus.paths().get(0));
  }

  /** A row that is deleted and inserted in one version is there after it. */
  @Override
  public Column order() {
    return isFeed() ? functions.struct(functions.col(VERSION), isThere()) : functions.lit(0);
  }

  /** An image before an update counts where there is none after it: the id became another one. */
  @Override
  public Column isThere() {
    return isFeed()
        ? functions.col(CHANGE).isin("insert", "update_postimage")
        : functions.lit(true);
  }
}
