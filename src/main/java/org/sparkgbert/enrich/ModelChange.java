package org.sparkgbert.enrich;

import java.util.Optional;
import org.sparkgbert.lake.EmbeddingProvenance;

/**
 * Finds the columns that a run fills, where the table may have vectors of another model.
 *
 * @param table the table
 * @param model the run's model
 * @param settings what is asked for
 */
record ModelChange(TableInPlace table, RunModel model, EnrichTableSettings settings) {

  /**
   * By what all rows say.
   *
   * @throws IllegalArgumentException if some have vectors of another model, and may not
   */
  TargetColumns ofAll() {
    EnrichedColumns columns = settings.columns();
    table.requireTypes(columns);
    long others = table.ofOthers(table.rows(), columns, model);
    if (others == 0) {
      return TargetColumns.same(columns);
    }
    return switch (settings.onModelChange()) {
      case FAIL -> throw refused(others);
      case RE_ENCODE -> new TargetColumns(columns, Optional.empty(), others);
      case NEW_COLUMN -> {
        TargetColumns beside = TargetColumns.beside(columns, model);
        table.requireTypes(beside.columns());
        yield beside;
      }
    };
  }

  private IllegalArgumentException refused(long rows) {
    String column = settings.columns().embedding().embedding();
    Optional<EmbeddingProvenance> made = table.made(settings.columns());
    String difference =
        made.flatMap(known -> known.difference("it", model.provenance(), "this run"))
            .orElseGet(
                () ->
                    "it was made by %s, found %s in this run"
                        .formatted(
                            made.map(EmbeddingProvenance::model).orElse("an unknown model")
                                + (made.isPresent() ? " and others" : ""),
                            model.provenance().model()));
    return new IllegalArgumentException(
        "Cannot enrich table %s: its column '%s' has vectors of another model in %d rows: %s; choose --on-model-change re-encode or new-column, or the model that made them"
            .formatted(table.table().name(), column, rows, difference));
  }

  /**
   * By what the last run said, for a run that reads only what changed since.
   *
   * @throws IllegalArgumentException if no run of this model and these settings is known
   */
  TargetColumns ofLastRun() {
    TargetColumns same = TargetColumns.same(settings.columns());
    if (watermark(same).isPresent()) {
      return same;
    }
    TargetColumns beside = TargetColumns.beside(settings.columns(), model);
    if (settings.onModelChange() == OnModelChange.NEW_COLUMN && watermark(beside).isPresent()) {
      return beside;
    }
    throw new IllegalArgumentException(
        "Cannot find what changed in table %s: no run is known that enriched all rows of column '%s' with this model and these settings, and the columns of today; leave out --since-snapshot"
            .formatted(table.table().name(), settings.textColumn()));
  }

  /** How far a run of this model and these settings came; empty if there was none. */
  Optional<Watermark> watermark(TargetColumns target) {
    return Watermark.of(table.table(), target.columns())
        .filter(mark -> mark.fingerprint().equals(model.fingerprint()))
        .filter(mark -> mark.textColumn().equals(settings.textColumn()))
        .filter(mark -> mark.columns().equals(Watermark.columnsOf(table.table())));
  }
}
