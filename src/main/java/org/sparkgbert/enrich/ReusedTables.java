package org.sparkgbert.enrich;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.action.Progress;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.lake.EmbeddingColumns;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.lake.EmbeddingTable;

/**
 * Tables that spark-gbert wrote, whose vectors are used again for the same texts.
 *
 * @param tables directories or names
 * @param prefix name of the vectors' column where a table has several
 */
record ReusedTables(List<String> tables, String prefix) {
  private static final String WHAT = "reuse vectors";

  ReusedTables {
    tables = List.copyOf(tables);
  }

  /**
   * Those vectors that were made as a run makes them. A table of other ones offers nothing, and the
   * progress says so.
   *
   * @param made what makes the vectors of the run
   * @param keys how its texts get their keys
   * @throws IllegalArgumentException if a table is missing or damaged, or does not tell which texts
   *     its vectors are of
   */
  List<KnownVectors> known(
      SparkSession spark, EmbeddingProvenance made, TextKeys keys, Progress progress) {
    List<KnownVectors> known = new ArrayList<>();
    for (String table : tables) {
      Dataset<Row> rows = rows(EmbeddingTable.find(table, spark), spark);
      new Vectors(table, rows, column(table, rows.schema()), made)
          .known(keys, progress)
          .ifPresent(known::add);
    }
    return known;
  }

  /** They are read several times in a run, and must be the same each time. */
  private static Dataset<Row> rows(EmbeddingTable table, SparkSession spark) {
    Dataset<Row> rows = table.checkedRows(WHAT, spark);
    Column[] columns =
        Arrays.stream(rows.schema().fields())
            .map(field -> ColumnNames.column(field.name()).as(field.name(), field.metadata()))
            .toArray(Column[]::new);
    return table
        .lake(spark)
        .filter(found -> found.isIceberg() || found.isDelta())
        .flatMap(found -> TableHistory.of(spark, found).newestRows())
        .map(newest -> newest.select(columns))
        .orElse(rows);
  }

  /** The column with vectors. */
  private StructField column(String table, StructType schema) {
    List<StructField> found =
        Arrays.stream(schema.fields())
            .filter(field -> EmbeddingProvenance.of(field).isPresent())
            .toList();
    if (found.size() == 1) {
      return found.get(0);
    }
    return found.stream()
        .filter(field -> field.name().equals(prefix))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    found.isEmpty()
                        ? "Cannot reuse vectors of %s: it has no column with embeddings of spark-gbert, found %s"
                            .formatted(table, String.join(", ", schema.fieldNames()))
                        : "Cannot reuse vectors of %s: it has several columns with embeddings, %s, and none of the name '%s'; name one by --embedding-column"
                            .formatted(
                                table,
                                String.join(", ", found.stream().map(StructField::name).toList()),
                                prefix)));
  }

  /**
   * The vectors of a table.
   *
   * @param table its name
   * @param rows its rows
   * @param vector the column with vectors
   * @param made what makes the vectors of this run
   */
  private record Vectors(
      String table, Dataset<Row> rows, StructField vector, EmbeddingProvenance made) {

    Optional<KnownVectors> known(TextKeys keys, Progress progress) {
      EnrichedColumns columns = new EnrichedColumns(new EmbeddingColumns(vector.name()));
      EmbeddingProvenance.of(vector)
          .orElseThrow()
          .requireNotRounded("reuse vectors", "table " + table);
      requireColumn(vector.name(), "array<float>");
      requireColumn(columns.embedding().status(), "string");
      requireColumn(columns.embedding().tokens(), "int");
      EmbeddingProvenance theirs = EmbeddingProvenance.of(vector).orElseThrow();
      boolean perRow = has(columns.fingerprint(), "string");
      if (!perRow && !made.fingerprint().equals(theirs.fingerprint())) {
        progress.note(
            "Table %s offers no vectors: %s"
                .formatted(
                    table,
                    made.difference("what this run makes", theirs, "it")
                        .orElse("it was written before vectors had fingerprints")));
        return Optional.empty();
      }
      Dataset<Row> same =
          perRow
              ? rows.where(ColumnNames.column(columns.fingerprint()).equalTo(made.fingerprint()))
              : rows;
      Column key = key(columns, theirs.textColumn(), keys);
      return Optional.of(
          CachedVectors.known(
              VectorRows.of(same, columns.embedding(), key), made.dimension(), "table " + table));
    }

    /** What the rows' texts are called, in the order in which it can be trusted. */
    private Column key(EnrichedColumns columns, String textColumn, TextKeys keys) {
      if (has(columns.key(), "binary")) {
        return ColumnNames.column(columns.key());
      }
      if (has(textColumn, "string")) {
        return keys.of(ColumnNames.column(textColumn));
      }
      throw new IllegalArgumentException(
          "Cannot reuse vectors of %s: it has neither its text column '%s' nor a column '%s', so it does not tell which texts they are of; write it again with its text column"
              .formatted(table, textColumn, columns.key()));
    }

    private boolean has(String name, String type) {
      return ColumnNames.has(rows.schema(), name, type);
    }

    private void requireColumn(String name, String type) {
      ColumnNames.require("reuse vectors of " + table + " without", List.of(name), rows.schema());
      if (!has(name, type)) {
        throw new IllegalArgumentException(
            "Cannot reuse vectors of %s: its column '%s' must be %s, found %s"
                .formatted(table, name, type, rows.schema().apply(name).dataType().simpleString()));
      }
    }
  }
}
