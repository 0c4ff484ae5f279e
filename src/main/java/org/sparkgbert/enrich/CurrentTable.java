package org.sparkgbert.enrich;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.lake.EmbeddingColumns;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.lake.EmbeddingTable;
import org.sparkgbert.lake.LakeTable;
import org.sparkgbert.lake.TableTarget;
import org.sparkgbert.lake.TableWriter;

/**
 * A table that a run brings up to date, as it is before.
 *
 * @param table the table
 * @param rows its rows, whose columns say what made them
 */
record CurrentTable(EmbeddingTable table, Dataset<Row> rows) {
  /** Columns of {@link #compared}. */
  static final String ID = "id";

  static final String DIGEST = "digest";
  static final String STATUS = "status";
  static final String FINGERPRINT = "fingerprint";
  static final String FILE = "file";

  /**
   * Finds the table.
   *
   * @return empty if there is none
   * @throws IllegalArgumentException if something else is there, or its files are not those of its
   *     manifest
   */
  static Optional<CurrentTable> find(SparkSession spark, TableTarget target) {
    if (!TableWriter.exists(spark, target)) {
      return Optional.empty();
    }
    EmbeddingTable table = EmbeddingTable.find(target.path(), spark);
    if (table.manifest().input().paths().equals(List.of(table.path()))) {
      throw new IllegalArgumentException(
          "Cannot enrich table %s: its embeddings are kept up to date in place, and its other columns are not ours; give it as --table"
              .formatted(table.path()));
    }
    return Optional.of(new CurrentTable(table, table.checkedRows("enrich", spark)));
  }

  /** The table in its catalog; for one of Iceberg or Delta. */
  LakeTable lake() {
    return table
        .lake(rows.sparkSession())
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Cannot read table %s: it is gone".formatted(table.path())));
  }

  /** Its columns. */
  StructType schema() {
    return rows.schema();
  }

  boolean has(String column) {
    return Arrays.asList(rows.columns()).contains(column);
  }

  /** What made a column of embeddings; empty if it has none of that name, or that does not say. */
  Optional<EmbeddingProvenance> made(String column) {
    return has(column) ? EmbeddingProvenance.of(schema().apply(column)) : Optional.empty();
  }

  /**
   * Which texts vectors are of.
   *
   * @param names columns of embeddings and what belongs to them
   * @return for each, the column of texts
   */
  Map<String, String> textColumns(List<String> names) {
    Map<String, String> texts = new HashMap<>();
    for (String name : names) {
      made(name)
          .ifPresent(
              made ->
                  new EnrichedColumns(new EmbeddingColumns(name))
                      .names()
                      .forEach(column -> texts.put(column, made.textColumn())));
    }
    texts.keySet().retainAll(names);
    return texts;
  }

  /** The keys of its texts; null where they are not known. */
  Column key(EnrichedColumns columns, RunModel model) {
    if (has(columns.key())) {
      return ColumnNames.column(columns.key());
    }
    // A table without keys: those of its texts, as they are read by the settings that made it.
    return made(columns.embedding().embedding())
        .map(EmbeddingProvenance::textColumn)
        .filter(this::has)
        .map(text -> model.keys().of(ColumnNames.column(text)))
        .orElse(functions.lit(null).cast(DataTypes.BinaryType));
  }

  /** What made each of its vectors; null if that is not known. */
  Column fingerprint(EnrichedColumns columns) {
    if (has(columns.fingerprint())) {
      return ColumnNames.column(columns.fingerprint());
    }
    return functions.lit(
        made(columns.embedding().embedding()).map(EmbeddingProvenance::fingerprint).orElse(null));
  }

  /**
   * What is compared with a corpus: columns {@code id}, {@code key}, {@code fingerprint}, {@code
   * status}, {@code digest} and {@code file}.
   *
   * @param carried the columns that the digest is over; none if they cannot be compared, so that
   *     all rows differ
   */
  Dataset<Row> compared(String id, EnrichedColumns columns, RunModel model, List<String> carried) {
    String status = columns.embedding().status();
    return rows.select(
        ColumnNames.column(id).as(ID),
        key(columns, model).as(VectorRows.KEY),
        fingerprint(columns).as(FINGERPRINT),
        (has(status) ? ColumnNames.column(status) : functions.lit(null).cast("string")).as(STATUS),
        (carried.isEmpty()
                ? functions.lit(new byte[0])
                : RowDigest.of(ColumnNames.columns(carried)))
            .as(DIGEST),
        file().as(FILE));
  }

  private Column file() {
    return table.kind() == EmbeddingTable.Kind.PARQUET
        ? functions.col("_metadata.file_path")
        : functions.lit("");
  }

  /** Its vectors that this run's model made; empty if there can be none. */
  Optional<KnownVectors> vectors(EnrichedColumns columns, RunModel model) {
    if (!columns.embedding().names().stream().allMatch(this::has)) {
      return Optional.empty();
    }
    Dataset<Row> own = rows.where(fingerprint(columns).equalTo(model.fingerprint()));
    return Optional.of(
        new KnownVectors(
            table.path(), VectorRows.of(own, columns.embedding(), key(columns, model))));
  }
}
