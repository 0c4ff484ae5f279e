package org.sparkgbert.enrich;

import static org.apache.spark.sql.functions.col;

import java.util.Optional;
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
 * A table of Iceberg. What it holds when the stream begins is read whole: Iceberg's own stream
 * begins with the oldest snapshot that it knows, so it leaves out rows that are older than that,
 * and ends at any snapshot that is no append. After that, it gives the rows that are appended.
 *
 * @param spark the session
 * @param corpus where it is
 * @param schema its columns
 * @param reading how it is read
 */
record FollowedIceberg(
    SparkSession spark, CorpusSource corpus, StructType schema, FollowReading reading)
    implements FollowedSource {
  private static final String AFTER = "stream-from-timestamp";

  static FollowedIceberg open(
      SparkSession spark, CorpusSource corpus, Optional<FollowReading> begun) {
    String name = corpus.paths().get(0);
    LakeTable.named(spark, name).ifPresent(LakeTable::refreshed);
    try {
      StructType schema = spark.read().format(corpus.format()).load(name).schema();
      FollowReading reading = begun.orElseGet(() -> newest(spark, corpus, name));
      return new FollowedIceberg(spark, corpus, schema.asNullable(), reading);
    } catch (Exception e) {
      throw SparkErrors.asBadInput("Cannot read corpus " + name, e);
    }
  }

  private static FollowReading newest(SparkSession spark, CorpusSource corpus, String name) {
    if (corpus.readOptions().keySet().stream().anyMatch(AFTER::equalsIgnoreCase)) {
      return FollowReading.of(Kind.APPENDS);
    }
    Dataset<Row> found =
        metadata(spark, corpus, name, "snapshots")
            .join(
                metadata(spark, corpus, name, "refs")
                    .where(col("name").equalTo("main"))
                    .select("snapshot_id"),
                "snapshot_id")
            .select(
                col("snapshot_id"), functions.unix_millis(col("committed_at").cast("timestamp")));
    // Snapshots of one table are never committed in the same millisecond.
    return found.collectAsList().stream()
        .findFirst()
        .map(row -> new FollowReading(Kind.APPENDS, "", row.getLong(1) + 1, row.getLong(0)))
        .orElseGet(() -> new FollowReading(Kind.APPENDS, "", 1, 0));
  }

  private static Dataset<Row> metadata(
      SparkSession spark, CorpusSource corpus, String name, String table) {
    return spark
        .read()
        .format(corpus.format())
        .load(name + (name.contains("/") ? "#" : ".") + table);
  }

  @Override
  public String note() {
    return "Following rows that are appended to %s. An UPDATE, DELETE, MERGE or overwrite there ends the run; then run once without --follow, and follow with a new --checkpoint"
        .formatted(corpus.paths().get(0));
  }

  @Override
  public Optional<Dataset<Row>> before() {
    return reading.before() == 0
        ? Optional.empty()
        : Optional.of(
            spark
                .read()
                .format(corpus.format())
                .options(corpus.readOptions())
                .option("versionAsOf", reading.before())
                .load(corpus.paths().get(0)));
  }

  @Override
  public Dataset<Row> stream() {
    var reader = spark.readStream().format(corpus.format()).options(corpus.readOptions());
    return (reading.after() == 0 ? reader : reader.option(AFTER, reading.after()))
        .load(corpus.paths().get(0));
  }

  @Override
  public Column order() {
    return functions.lit(0);
  }

  @Override
  public Column isThere() {
    return functions.lit(true);
  }
}
