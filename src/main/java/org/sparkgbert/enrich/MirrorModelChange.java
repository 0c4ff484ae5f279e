package org.sparkgbert.enrich;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.StructField;
import org.sparkgbert.lake.EmbeddingColumns;
import org.sparkgbert.lake.EmbeddingProvenance;

/**
 * Where the vectors of a run go in a table that may have those of another model.
 *
 * @param columns the columns of this run
 * @param isChange whether the vectors in these columns were made by another model, or with other
 *     settings
 * @param others columns of the table with vectors of other models and what belongs to them, which
 *     stay
 */
record MirrorModelChange(EnrichedColumns columns, boolean isChange, List<String> others) {
  /**
   * Looks at a table.
   *
   * @param wanted the columns that were asked for
   * @throws IllegalArgumentException if another model made the vectors in these, and the run shall
   *     fail then
   */
  static MirrorModelChange of(
      CurrentTable table, EnrichedColumns wanted, OnModelChange action, RunModel model) {
    Optional<String> difference = difference(table, wanted, model);
    if (difference.isEmpty()) {
      return new MirrorModelChange(wanted, false, others(table, wanted));
    }
    return switch (action) {
      case FAIL ->
          throw new IllegalArgumentException(
              "Cannot enrich %d rows: %s; give --on-model-change re-encode or new-column, or the model that made them"
                  .formatted(table.rows().count(), difference.get()));
      case RE_ENCODE -> new MirrorModelChange(wanted, true, others(table, wanted));
      case NEW_COLUMN -> {
        EnrichedColumns beside = TargetColumns.beside(wanted, model).columns();
        yield new MirrorModelChange(beside, false, others(table, beside));
      }
    };
  }

  /** How what made the vectors in some columns differs from a model; empty if it does not. */
  static Optional<String> difference(CurrentTable table, EnrichedColumns columns, RunModel model) {
    String column = columns.embedding().embedding();
    table
        .made(column)
        .ifPresent(
            old ->
                old.requireNotRounded(
                    "enrich", "column '%s' of %s".formatted(column, table.table().path())));
    return table
        .made(column)
        .flatMap(
            old ->
                old.difference(
                    "column '%s' of %s".formatted(column, table.table().path()),
                    model.provenance(),
                    "the model of this run"));
  }

  /** Groups of columns with other vectors; they stay, whatever the run is asked for. */
  private static List<String> others(CurrentTable table, EnrichedColumns own) {
    return Arrays.stream(table.schema().fields())
        .filter(field -> EmbeddingProvenance.of(field).isPresent())
        .map(StructField::name)
        .filter(name -> !name.equals(own.embedding().embedding()))
        .flatMap(name -> new EnrichedColumns(new EmbeddingColumns(name)).names().stream())
        .filter(table::has)
        .toList();
  }
}
