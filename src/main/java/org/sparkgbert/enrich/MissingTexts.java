package org.sparkgbert.enrich;

import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * The texts of which no vector is known, each once.
 *
 * <p><b>Ownership:</b> kept on the executors' disks until it is closed.
 *
 * @param all columns {@code key}, {@code text}, {@code age} and {@code rows}
 * @param chosen those that this run encodes
 * @param later those that it leaves to the next
 * @param texts how many it encodes
 * @param rows in how many rows they occur
 */
record MissingTexts(
    Dataset<Row> all, Dataset<Row> chosen, Dataset<Row> later, long texts, long rows)
    implements AutoCloseable {
  /** Column with a text. */
  static final String TEXT = "text";

  /** Column by which some texts come before others. */
  static final String AGE = "age";

  private static final String ROWS = "rows";
  private static final String KNOWN_KEY = "known_key";

  /**
   * Finds them.
   *
   * @param wanted columns {@code key}, {@code text} and {@code age}, any number of rows per key
   * @param known where not to look for them
   * @param most how many may be encoded, those of least age first; 0 for all
   */
  static MissingTexts of(Dataset<Row> wanted, List<KnownVectors> known, int most) {
    Column key = functions.col(VectorRows.KEY);
    Dataset<Row> missing =
        wanted
            .where(key.isNotNull())
            .groupBy(key)
            .agg(
                functions.first(functions.col(TEXT)).as(TEXT),
                functions.min(functions.col(AGE)).as(AGE),
                functions.count(functions.lit(1)).as(ROWS));
    for (KnownVectors vectors : known) {
      missing = without(missing, vectors.rows());
    }
    Dataset<Row> kept = missing.persist(StorageLevel.DISK_ONLY());
    if (most == 0) {
      return of(kept, kept, kept.limit(0));
    }
    Dataset<Row> first =
        kept.orderBy(functions.col(AGE).asc_nulls_last(), key)
            .limit(most)
            .persist(StorageLevel.DISK_ONLY());
    return of(kept, first, without(kept, first));
  }

  /** None at all. */
  static MissingTexts none(SparkSession spark) {
    Dataset<Row> nothing =
        spark.createDataFrame(
            List.of(),
            new StructType()
                .add(VectorRows.KEY, DataTypes.BinaryType)
                .add(TEXT, DataTypes.StringType)
                .add(AGE, DataTypes.StringType)
                .add(ROWS, DataTypes.LongType));
    return new MissingTexts(nothing, nothing, nothing, 0, 0);
  }

  private static MissingTexts of(Dataset<Row> all, Dataset<Row> chosen, Dataset<Row> later) {
    Row counts =
        chosen
            .agg(
                functions.count(functions.lit(1)),
                functions.coalesce(functions.sum(ROWS), functions.lit(0L)))
            .head();
    return new MissingTexts(all, chosen, later, counts.getLong(0), counts.getLong(1));
  }

  private static Dataset<Row> without(Dataset<Row> texts, Dataset<Row> known) {
    Dataset<Row> keys = VectorRows.keys(known).withColumnRenamed(VectorRows.KEY, KNOWN_KEY);
    return texts.join(
        keys, functions.col(VectorRows.KEY).equalTo(functions.col(KNOWN_KEY)), "left_anti");
  }

  /** How many texts there are, whether this run encodes them or not. */
  long count() {
    return chosen == all ? texts : all.count();
  }

  /** In how many rows those occur that are left to the next run. */
  long laterRows() {
    return later.agg(functions.coalesce(functions.sum(ROWS), functions.lit(0L))).head().getLong(0);
  }

  @Override
  public void close() {
    chosen.unpersist();
    all.unpersist();
  }
}
