package org.sparkgbert.enrich;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.action.Progress;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.encode.EmbeddingStatus;
import org.sparkgbert.lake.CommitRetry;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.lake.LakeTable;
import org.sparkgbert.lake.RunManifest;

/**
 * A table of Iceberg or Delta that others write and that gets columns of embeddings.
 *
 * @param spark the session
 * @param table the table, as it was when the run began
 * @param history its versions
 */
record TableInPlace(SparkSession spark, LakeTable table, TableHistory history) {
  /**
   * Finds a table.
   *
   * @param name its name, or the directory of one of Delta
   * @throws IllegalArgumentException if there is none, or it is neither of Iceberg nor of Delta
   */
  static TableInPlace find(SparkSession spark, String name) {
    Optional<LakeTable> found =
        name.contains("/") || name.contains(":")
            ? LakeTable.deltaAt(spark, name)
            : LakeTable.named(spark, name);
    LakeTable table =
        found.orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Cannot enrich table %s: there is no table of that name in the catalog, and no directory of Delta"
                        .formatted(name)));
    return of(spark, table.refreshed());
  }

  private static TableInPlace of(SparkSession spark, LakeTable table) {
    return new TableInPlace(spark, table, TableHistory.of(spark, table));
  }

  /** The table as it is now. */
  TableInPlace refreshed() {
    return of(spark, table.refreshed());
  }

  /**
   * Checks the columns that are read.
   *
   * @throws IllegalArgumentException if one is missing, ids do not tell rows apart by their type,
   *     or a name is reserved
   */
  void require(String id, String text, String oldestBy) {
    StructType schema = table.schema();
    ColumnNames.require("enrich", List.of(id, text, oldestBy), schema);
    Ids.requireType(schema, id);
    Reserved.require("enrich table " + table.name(), schema);
  }

  /**
   * Checks columns of embeddings that the table has already.
   *
   * @throws IllegalArgumentException if one has another type than such columns have
   */
  void requireTypes(EnrichedColumns columns) {
    for (StructField wanted : fields(columns)) {
      Optional<StructField> found = table.field(wanted.name());
      if (found.isPresent()
          && !found.get().dataType().simpleString().equals(wanted.dataType().simpleString())) {
        throw new IllegalArgumentException(
            "Cannot enrich table %s: its column '%s' is %s, expected %s; choose another --embedding-column"
                .formatted(
                    table.name(),
                    wanted.name(),
                    found.get().dataType().simpleString(),
                    wanted.dataType().simpleString()));
      }
    }
  }

  /** Values of arrays that are read from files may be null, and go into no other arrays. */
  private static StructField[] fields(EnrichedColumns columns) {
    return columns.addTo(new StructType(), Metadata.empty()).asNullable().fields();
  }

  boolean has(String column) {
    return table.field(column).isPresent();
  }

  /** A column; null in all rows if the table does not have it. */
  Column columnOrNull(String name, DataType type) {
    return has(name) ? ColumnNames.column(name) : functions.lit(null).cast(type);
  }

  /** Its rows, as they are now. */
  Dataset<Row> rows() {
    return table.rows(spark);
  }

  /**
   * Adds the columns that are missing.
   *
   * @return whether there were any
   */
  boolean add(EnrichedColumns columns, String textColumn) {
    StructType wanted =
        new StructType(
            Stream.of(fields(columns))
                .map(field -> field.withComment(comment(columns, field.name(), textColumn)))
                .toArray(StructField[]::new));
    AtomicBoolean hasAdded = new AtomicBoolean();
    CommitRetry.USUAL.run(
        "add columns to table " + table.name(),
        () -> hasAdded.set(table.refreshed().addMissing(wanted)),
        Progress.NONE);
    return hasAdded.get();
  }

  private static String comment(EnrichedColumns columns, String name, String textColumn) {
    return name.equals(columns.embedding().embedding())
        ? "Embedding of column %s by spark-gbert; the table's property spark-gbert.run names the model"
            .formatted(textColumn)
        : "Belongs to column " + columns.embedding().embedding();
  }

  /** What made a column of embeddings, as the table says; empty if it does not. */
  Optional<EmbeddingProvenance> made(EnrichedColumns columns) {
    return table
        .manifest()
        .map(RunManifest::embeddings)
        .map(embeddings -> embeddings.get(columns.embedding().embedding()));
  }

  /** Rows with vectors that another model made than this run's, or of which it is not known. */
  long ofOthers(Dataset<Row> rows, EnrichedColumns columns, RunModel model) {
    return rows.where(isOfOthers(columns, model)).count();
  }

  private Column isOfOthers(EnrichedColumns columns, RunModel model) {
    String fingerprint = made(columns).map(EmbeddingProvenance::fingerprint).orElse("");
    Column by =
        has(columns.fingerprint())
            ? ColumnNames.column(columns.fingerprint())
            : functions.lit(fingerprint);
    return hasVector(columns).and(functions.not(by.eqNullSafe(functions.lit(model.fingerprint()))));
  }

  private Column hasVector(EnrichedColumns columns) {
    String status = columns.embedding().status();
    if (has(status)) {
      return ColumnNames.column(status)
          .isin(EmbeddingStatus.OK.label(), EmbeddingStatus.TRUNCATED.label());
    }
    String vector = columns.embedding().embedding();
    return has(vector) ? ColumnNames.column(vector).isNotNull() : functions.lit(false);
  }

  /** Its vectors that this run's model made; empty if there can be none. */
  Optional<KnownVectors> vectors(EnrichedColumns columns, RunModel model) {
    boolean hasAll = Stream.of(fields(columns)).map(StructField::name).allMatch(this::has);
    if (!hasAll) {
      return Optional.empty();
    }
    Dataset<Row> own =
        rows().where(ColumnNames.column(columns.fingerprint()).equalTo(model.fingerprint()));
    return Optional.of(
        new KnownVectors(
            table.name(),
            VectorRows.of(own, columns.embedding(), ColumnNames.column(columns.key()))));
  }
}
