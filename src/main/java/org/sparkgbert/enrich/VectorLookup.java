package org.sparkgbert.enrich;

import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Finds the vectors of keys.
 *
 * @param keys column {@code key}, any number of rows per key
 */
record VectorLookup(Dataset<Row> keys) {
  private static final String WANTED_KEY = "wanted_key";

  /** The sources that have any of the keys; asked by the keys alone, since vectors are large. */
  List<KnownVectors> useful(List<KnownVectors> sources) {
    return sources.stream()
        .filter(source -> !wanted(VectorRows.keys(source.rows())).isEmpty())
        .toList();
  }

  /**
   * The vectors.
   *
   * @param sources where they may be
   * @param encoded those that were made now; empty if there are none
   * @return columns as in {@link VectorRows#SCHEMA}, no key twice
   */
  Dataset<Row> in(SparkSession spark, List<KnownVectors> sources, Optional<Dataset<Row>> encoded) {
    List<Dataset<Row>> all = new ArrayList<>();
    sources.forEach(source -> all.add(wanted(source.rows())));
    encoded.ifPresent(rows -> all.add(rows.select(names())));
    return all.stream()
        .reduce(Dataset::union)
        .orElseGet(() -> spark.createDataFrame(List.of(), VectorRows.SCHEMA))
        .dropDuplicates(VectorRows.KEY);
  }

  private Dataset<Row> wanted(Dataset<Row> rows) {
    return rows.join(
        keys.select(col(VectorRows.KEY).as(WANTED_KEY)).distinct(),
        col(VectorRows.KEY).equalTo(col(WANTED_KEY)),
        "left_semi");
  }

  private static Column[] names() {
    return List.of(VectorRows.SCHEMA.fieldNames()).stream()
        .map(name -> col("`" + name + "`"))
        .toArray(Column[]::new);
  }
}
