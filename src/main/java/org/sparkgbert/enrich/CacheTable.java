package org.sparkgbert.enrich;

import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.action.Progress;
import org.sparkgbert.action.Stages;
import org.sparkgbert.corpus.SparkErrors;
import org.sparkgbert.files.HadoopFiles;
import org.sparkgbert.lake.CommitRetry;
import org.sparkgbert.lake.LakeTable;

/**
 * A cache in a table of Iceberg or Delta: partitioned by fingerprint, and with Iceberg by bucket of
 * the key. Runs append to it; the formats make every append one commit.
 *
 * @param spark the session
 * @param place its name or directory
 */
record CacheTable(SparkSession spark, CachePlace place) implements CacheStore {
  @Override
  public boolean exists() {
    Optional<LakeTable> table = find();
    if (table.isEmpty() && place.hasPath() && isTaken()) {
      // Another run may have made it in between.
      table = find();
      if (table.isEmpty()) {
        throw refused("it is a directory, but no table of Delta", "choose another one");
      }
    }
    table.ifPresent(this::require);
    return table.isPresent();
  }

  private Optional<LakeTable> find() {
    return place.hasPath()
        ? LakeTable.deltaAt(spark, place.table())
        : LakeTable.named(spark, place.table());
  }

  /** Whether there is something in its place; an empty directory is nothing. */
  private boolean isTaken() {
    Path path = new Path(place.table());
    return !HadoopFiles.children(path, spark.sessionState().newHadoopConf()).isEmpty();
  }

  private void require(LakeTable table) {
    String format = place.format().name().toLowerCase(Locale.ROOT);
    if (!table.format().equals(format)) {
      throw refused(
          "its format is not %s, found %s".formatted(format, table.format()), "see --cache-format");
    }
    StructType columns = table.schema();
    requireColumn(columns, CachedVectors.FINGERPRINT, "string");
    for (StructField field : CachedVectors.SCHEMA.fields()) {
      requireColumn(columns, field.name(), field.dataType().simpleString());
    }
    if (columns.length() > CachedVectors.names().size()) {
      throw refused(
          "it has columns that no cache has, found " + String.join(", ", columns.fieldNames()),
          "choose another table");
    }
  }

  private void requireColumn(StructType columns, String name, String type) {
    for (StructField column : columns.fields()) {
      if (column.name().equals(name)) {
        if (!column.dataType().simpleString().equals(type)) {
          throw refused(
              "its column '%s' must be %s, found %s"
                  .formatted(name, type, column.dataType().simpleString()),
              "choose another table");
        }
        return;
      }
    }
    throw refused(
        "it has no column '%s', found %s".formatted(name, String.join(", ", columns.fieldNames())),
        "choose another table");
  }

  private IllegalArgumentException refused(String reason, String remedy) {
    return new IllegalArgumentException("Cannot use %s: %s; %s".formatted(place, reason, remedy));
  }

  @Override
  public void create() {
    String columns =
        "%s STRING, %s".formatted(CachedVectors.FINGERPRINT, CachedVectors.SCHEMA.toDDL());
    String definition =
        switch (place.format()) {
          case ICEBERG ->
              "PARTITIONED BY (%s, bucket(%d, %s)) TBLPROPERTIES ('commit.retry.num-retries' = '20', 'write.delete.isolation-level' = 'snapshot', 'write.merge.isolation-level' = 'snapshot')"
                  .formatted(CachedVectors.FINGERPRINT, CachedVectors.BUCKETS, VectorRows.KEY);
          case DELTA -> "PARTITIONED BY (%s)".formatted(CachedVectors.FINGERPRINT);
          case PARQUET -> throw new IllegalStateException("A directory is no table");
        };
    String create =
        "CREATE TABLE IF NOT EXISTS %s (%s) USING %s %s"
            .formatted(name(), columns, place.format(), definition);
    CommitRetry.USUAL.run("make " + place, () -> makeOrFind(create), Progress.NONE);
  }

  /** Another run may be making the table: the formats then fail, or take it for made. */
  private void makeOrFind(String statement) {
    try {
      spark.sql(statement);
    } catch (Exception e) {
      if (!exists()) {
        throw e;
      }
    }
    // Waits for its first version.
    exists();
  }

  @Override
  public Optional<Dataset<Row>> rows(String fingerprint) {
    return newest()
        .map(
            rows ->
                rows.where(functions.col(CachedVectors.FINGERPRINT).equalTo(fingerprint))
                    .drop(CachedVectors.FINGERPRINT));
  }

  /** All its rows as of now; empty if nothing was ever added. */
  Optional<Dataset<Row>> newest() {
    return find().flatMap(table -> TableHistory.of(spark, table).newestRows());
  }

  @Override
  public void add(Dataset<Row> rows, long count, String fingerprint) {
    CommitRetry.USUAL.run("add to " + place, () -> append(rows), Progress.NONE);
  }

  private void append(Dataset<Row> rows) {
    try {
      rows.writeTo(name()).append();
    } catch (AnalysisException e) {
      throw new IllegalArgumentException(
          "Cannot add to %s: %s".formatted(place, SparkErrors.oneLine(e)), e);
    }
  }

  /** Its name in SQL. */
  String name() {
    if (!place.hasPath()) {
      return place.table();
    }
    Path path = new Path(place.table());
    Path whole = HadoopFiles.of(path, spark.sessionState().newHadoopConf()).makeQualified(path);
    return "delta.`%s`".formatted(whole.toString().replace("`", "``"));
  }

  @Override
  public PrunedCache prune(PruneSettings settings, Stages stages) {
    return new TablePrune(this, settings).run(stages);
  }
}
