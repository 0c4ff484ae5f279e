package org.sparkgbert.enrich;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.lake.TableTarget;
import org.sparkgbert.lake.TableWriter;

/**
 * The columns of a table that mirrors a corpus.
 *
 * @param kept those of the corpus
 * @param others those of the table with vectors of other models
 * @param added those of this run
 * @param schema all of them, in this order
 */
record MirrorColumns(
    List<String> kept, List<String> others, EnrichedColumns added, StructType schema) {
  /** The column in which Spark says which file a row comes from. */
  private static final String FILES = "_metadata";

  /**
   * Checks the columns of a corpus.
   *
   * @param change where the vectors of this run go
   * @param table columns of the table as it is, empty if there is none
   * @throws IllegalArgumentException if one is missing, has the name of one that is added, or
   *     cannot be partitioned by
   */
  static MirrorColumns of(
      StructType corpus,
      MirrorSettings settings,
      MirrorModelChange change,
      StructType table,
      RunModel model) {
    ColumnNames.require("keep", settings.keepColumns(), corpus);
    Ids.requireType(corpus, settings.idColumn());
    if (!table.isEmpty()) {
      Ids.requireSameType(corpus, table, settings.idColumn(), settings.table().path());
    }
    ColumnNames.require("order texts by", List.of(settings.oldestBy()), corpus);
    List<String> kept =
        settings.keepColumns().isEmpty() ? List.of(corpus.fieldNames()) : settings.keepColumns();
    if (!kept.contains(settings.idColumn())) {
      throw new IllegalArgumentException(
          "Cannot enrich: --keep-columns must have the column of ids '%s', found %s"
              .formatted(settings.idColumn(), kept));
    }
    kept.stream().filter(FILES::equalsIgnoreCase).forEach(MirrorColumns::refuse);
    StructType schema = new StructType();
    for (String column : kept) {
      schema = schema.add(corpus.apply(column));
    }
    List<String> others =
        change.others().stream().filter(column -> !kept.contains(column)).toList();
    StructType own = change.columns().addTo(schema, model.provenance().toMetadata());
    List<String> ofTable = List.of(table.fieldNames());
    Stream<String> known =
        ofTable.stream()
            .filter(name -> others.contains(name) || change.columns().names().contains(name));
    Stream<String> added =
        change.columns().names().stream().filter(name -> !ofTable.contains(name));
    for (String column : Stream.concat(known, added).toList()) {
      schema = schema.add(others.contains(column) ? table.apply(column) : own.apply(column));
    }
    return new MirrorColumns(kept, others, change.columns(), schema);
  }

  private static void refuse(String name) {
    throw new IllegalArgumentException(
        "Cannot enrich: a column must not be named %s, where Spark says which file a row comes from; rename it, or leave it out by --keep-columns"
            .formatted(name));
  }

  /**
   * @param current the table as it is; empty if there is none
   * @throws IllegalArgumentException if the table cannot be written with these columns
   */
  void requireWritable(SparkSession spark, TableTarget target, Optional<CurrentTable> current) {
    if (target.isParquet() || current.isEmpty()) {
      TableWriter.requireSchema(spark, schema, target);
      return;
    }
    requireAllThatAreNotNull(current.get().schema(), target);
    for (StructField field : schema.fields()) {
      requireSameCase(current.get().schema(), field.name(), target);
      Optional<StructField> found = find(current.get().schema(), field.name());
      if (found.isPresent() && !type(found.get()).equals(type(field))) {
        throw new IllegalArgumentException(
            "Cannot enrich table %s: its column '%s' is %s, found %s; change it by ALTER TABLE"
                .formatted(
                    target.path(),
                    field.name(),
                    found.get().dataType().simpleString(),
                    field.dataType().simpleString()));
      }
    }
  }

  /**
   * Checks that rows of the table can stay as they are while columns get other types.
   *
   * @param table columns of the table as it is, empty if there is none
   * @throws IllegalArgumentException if values of a column would not fit into its new type
   */
  void requireValuesStay(TableTarget target, StructType table) {
    for (StructField field : schema.fields()) {
      Optional<StructField> old = find(table, field.name());
      if (old.isPresent()
          && !type(old.get()).equals(type(field))
          && !Cast.canUpCast(old.get().dataType(), field.dataType())) {
        throw new IllegalArgumentException(
            "Cannot enrich table %s: its column '%s' is %s, found %s, and rows that stay as they are would lose values; give neither --vanished keep nor --max-encode, or choose another output"
                .formatted(
                    target.path(),
                    field.name(),
                    old.get().dataType().simpleString(),
                    field.dataType().simpleString()));
      }
    }
  }

  private void requireAllThatAreNotNull(StructType table, TableTarget target) {
    for (StructField field : table.fields()) {
      if (!field.nullable() && find(schema, field.name()).isEmpty()) {
        throw new IllegalArgumentException(
            "Cannot enrich table %s: its column '%s' must not be null, and the corpus has no such column; add it there, or change the table by ALTER TABLE ... ALTER COLUMN %s DROP NOT NULL"
                .formatted(target.path(), field.name(), field.name()));
      }
    }
  }

  /** A column of a corpus, of the type that its table has for it if that is wider. */
  static Column asWideAs(StructType table, StructField field) {
    return ColumnNames.column(field.name())
        .cast(wider(table, field))
        .as(field.name(), field.metadata());
  }

  /** The type of a column of a corpus in a table: that of the table, if values fit into it. */
  static DataType wider(StructType table, StructField field) {
    return find(table, field.name())
        .map(StructField::dataType)
        .filter(type -> Cast.canUpCast(field.dataType(), type))
        .orElse(field.dataType());
  }

  private static void requireSameCase(StructType table, String name, TableTarget target) {
    for (String known : table.fieldNames()) {
      if (known.equalsIgnoreCase(name) && !known.equals(name)) {
        throw new IllegalArgumentException(
            "Cannot enrich table %s: it has a column '%s', found '%s', which differs in case alone; rename one of them"
                .formatted(target.path(), known, name));
      }
    }
  }

  /** Whether a table has the same columns, types and partitions, in the same order. */
  boolean isLike(CurrentTable table, List<String> partitionBy, String textColumn) {
    return table.table().manifest().partitionBy().equals(partitionBy)
        && table
            .made(added.embedding().embedding())
            .map(made -> made.textColumn().equals(textColumn))
            .orElse(false)
        && types(schema, partitionBy).equals(types(table.schema(), partitionBy));
  }

  /** Whether a table has these columns, of the same types; it may have others. */
  boolean areIn(StructType table) {
    return types(table, List.of()).containsAll(types(schema, List.of()));
  }

  /** Spark reads the columns of partitions last. */
  private static List<String> types(StructType schema, List<String> partitionBy) {
    List<String> types = new ArrayList<>();
    Arrays.stream(schema.fields())
        .filter(field -> !partitionBy.contains(field.name()))
        .forEach(field -> types.add(type(field)));
    partitionBy.stream()
        .map(name -> find(schema, name).map(MirrorColumns::type).orElse(name))
        .forEach(types::add);
    return types;
  }

  private static Optional<StructField> find(StructType schema, String name) {
    return Arrays.stream(schema.fields()).filter(field -> field.name().equals(name)).findFirst();
  }

  /** Whether values may be null says nothing about them. */
  private static String type(StructField field) {
    return field.name() + " " + field.dataType().catalogString();
  }
}
