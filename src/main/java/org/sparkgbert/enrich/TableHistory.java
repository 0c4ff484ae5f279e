package org.sparkgbert.enrich;

import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.corpus.SparkErrors;
import org.sparkgbert.lake.LakeTable;

/** The versions of a table of Iceberg or Delta. */
sealed interface TableHistory permits IcebergHistory, DeltaHistory {
  /** Column with how old a change is; later ones have greater values. */
  String ORDER = Reserved.PREFIX + "order";

  /** Column with whether a row was there after its change. */
  String THERE = Reserved.PREFIX + "there";

  /**
   * The history of a table.
   *
   * @throws IllegalArgumentException if its format is neither Iceberg nor Delta
   */
  static TableHistory of(SparkSession spark, LakeTable table) {
    if (table.isIceberg()) {
      return new IcebergHistory(spark, table);
    }
    if (table.isDelta()) {
      return new DeltaHistory(spark, table);
    }
    throw new IllegalArgumentException(
        "Cannot enrich table %s: only tables of Iceberg and Delta are enriched in place, found format '%s'"
            .formatted(table.name(), table.format()));
  }

  /** The session. */
  SparkSession spark();

  /** The table. */
  LakeTable table();

  /** The newest version; empty if the table has none yet. */
  Optional<String> newest();

  /** The rows of the newest version, whatever is committed later; empty if there is none yet. */
  default Optional<Dataset<Row>> newestRows() {
    return newest()
        .map(
            version ->
                spark()
                    .sql("SELECT * FROM %s VERSION AS OF %s".formatted(table().name(), version)));
  }

  /**
   * Whether a version is one of those that led to the newest one, and is still known.
   *
   * @param version a version that was the newest once
   */
  boolean leadsToNewest(String version);

  /**
   * Whether nobody else committed between two versions.
   *
   * @param after the later version
   * @param ours number of versions that this run made meanwhile
   */
  boolean isOnlyOurs(String before, String after, int ours);

  /**
   * What became of rows between a version and another: all columns of the table, {@link #ORDER} and
   * {@link #THERE}. Rows may be among them that did not change.
   */
  Dataset<Row> changes(String before, String after);

  /** Whether a MERGE writes every row of a file again in which it changes one. */
  boolean rewritesFiles();

  /**
   * In which files rows are: columns {@code id}, {@code file} and {@code bytes}.
   *
   * @param id column that tells rows apart
   */
  Dataset<Row> files(String id);

  /**
   * The rows that came or changed after a version, as they are now, and perhaps others.
   *
   * @param before the version
   * @param newest the newest one
   * @param id column that tells rows apart
   * @throws IllegalArgumentException if the history does not tell
   */
  default Dataset<Row> changedSince(String before, String newest, String id) {
    Column order = functions.col(ORDER);
    Column there = functions.col(THERE);
    if (before.equals(newest)) {
      return table().rows(spark()).limit(0);
    }
    try {
      Dataset<Row> changes = changes(before, newest);
      // Plans the scan, which is refused where the history does not tell.
      changes.rdd().getNumPartitions();
      return changes
          .transform(images -> newest(images, id, functions.struct(order, there)))
          .where(there)
          .drop(ORDER, THERE);
    } catch (Exception e) {
      throw unknown(before, SparkErrors.oneLine(e), e);
    }
  }

  /**
   * Of the images of rows with the same id those with the greatest value; several if it is equal.
   *
   * @param id column that tells rows apart
   * @param order what is compared
   */
  static Dataset<Row> newest(Dataset<Row> images, String id, Column order) {
    String rank = Reserved.PREFIX + "rank";
    return images
        .withColumn(
            rank,
            functions.rank().over(Window.partitionBy(ColumnNames.column(id)).orderBy(order.desc())))
        .where(functions.col(rank).equalTo(1))
        .drop(rank);
  }

  /** The refusal where the history does not tell. */
  default IllegalArgumentException unknown(String before, String reason, Exception cause) {
    return new IllegalArgumentException(
        "Cannot find what changed in table %s since version %s: %s; leave out --since-snapshot"
            .formatted(table().name(), before, reason),
        cause);
  }
}
