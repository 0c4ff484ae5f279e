package org.sparkgbert.enrich;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.sparkgbert.embed.EmbedOptions;
import org.sparkgbert.lake.EmbeddingColumns;
import org.sparkgbert.lake.OutputOptions;
import org.sparkgbert.settings.Settings;

/**
 * What {@link EnrichTable} should do.
 *
 * @param table name of the table, or directory of one of Delta
 * @param idColumn column that tells rows apart
 * @param textColumn column with the text
 * @param columns columns that the table gets
 * @param sinceSnapshot whether only rows are read that changed since the last run
 * @param onModelChange what happens to vectors of another model
 * @param maxEncode maximum number of texts to encode, 0 for all
 * @param oldestBy column by which texts come first
 * @param dryRun whether nothing is done
 * @param stage directory for unfinished work; empty for one in the table's
 * @param maxFailedShare share of the table's rows that may fail, from 0 to 1
 * @param encoding all settings, those of the model among them
 */
public record EnrichTableSettings(
    String table,
    String idColumn,
    String textColumn,
    EnrichedColumns columns,
    boolean sinceSnapshot,
    OnModelChange onModelChange,
    int maxEncode,
    String oldestBy,
    boolean dryRun,
    Optional<String> stage,
    double maxFailedShare,
    Settings encoding) {
  /**
   * @throws IllegalArgumentException if a value is out of range
   */
  public EnrichTableSettings {
    EnrichTableOptions.TABLE.require(table);
    EnrichOptions.ID_COLUMN.require(idColumn);
    EmbedOptions.TEXT_COLUMN.require(textColumn);
    Objects.requireNonNull(columns, "columns");
    Objects.requireNonNull(onModelChange, "onModelChange");
    EnrichOptions.MAX_ENCODE.require(maxEncode);
    Objects.requireNonNull(oldestBy, "oldestBy");
    Objects.requireNonNull(stage, "stage");
    OutputOptions.MAX_FAILED.require(maxFailedShare);
    Objects.requireNonNull(encoding, "encoding");
  }

  /**
   * Parses settings by their names, as on a command line but without dashes.
   *
   * @throws IllegalArgumentException if a name is unknown, or a text is not a value in range
   */
  public static EnrichTableSettings of(Map<String, String> texts) {
    return of(Settings.parse(texts, EnrichTableOptions.ALL));
  }

  /**
   * Reads the settings of {@link EnrichTableOptions}.
   *
   * @throws IllegalArgumentException if a required one is missing, or two exclude each other
   */
  public static EnrichTableSettings of(Settings settings) {
    settings.requireApplicable(EnrichTableOptions.ALL);
    String id = settings.get(EnrichOptions.ID_COLUMN);
    return new EnrichTableSettings(
        settings.get(EnrichTableOptions.TABLE),
        id,
        settings.get(EmbedOptions.TEXT_COLUMN),
        new EnrichedColumns(new EmbeddingColumns(settings.get(EmbedOptions.EMBEDDING_COLUMN))),
        settings.get(EnrichTableOptions.SINCE_SNAPSHOT),
        settings.get(EnrichOptions.ON_MODEL_CHANGE),
        settings.get(EnrichOptions.MAX_ENCODE),
        settings.get(EnrichOptions.OLDEST_BY).orElse(id),
        settings.get(EnrichOptions.DRY_RUN),
        settings.get(EnrichOptions.STAGE),
        settings.get(OutputOptions.MAX_FAILED),
        settings);
  }
}
