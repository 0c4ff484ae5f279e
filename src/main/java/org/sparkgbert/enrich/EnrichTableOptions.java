package org.sparkgbert.enrich;

import java.util.List;
import org.sparkgbert.embed.EmbedOptions;
import org.sparkgbert.embed.EmbedderOptions;
import org.sparkgbert.lake.OutputOptions;
import org.sparkgbert.settings.Setting;

/** Settings of {@link EnrichTable}; {@link EnrichTableSettings#of} reads them. */
public final class EnrichTableOptions {
  /** The table. */
  public static final Setting<String> TABLE =
      Setting.required("table")
          .label("TABLE")
          .meaning(
              "Table of Iceberg or Delta that gets the embedding columns: a name in the catalog, or"
                  + " the directory of a table of Delta.");

  /** Whether only changed rows are read. */
  public static final Setting<Boolean> SINCE_SNAPSHOT =
      Setting.flag("since-snapshot")
          .meaning(
              "Read only rows that changed since the snapshot that the last run read, from"
                  + " Iceberg's changelog (copy-on-write) or Delta's change data feed, instead of"
                  + " comparing all rows.");

  /** All settings of the action. */
  public static final List<Setting<?>> ALL =
      Setting.all(
          List.of(TABLE),
          List.of(
              EnrichOptions.ID_COLUMN,
              EmbedOptions.TEXT_COLUMN,
              EmbedOptions.EMBEDDING_COLUMN,
              SINCE_SNAPSHOT),
          CacheOptions.ALL,
          EnrichOptions.ALL,
          EmbedderOptions.ALL,
          List.of(OutputOptions.MAX_FAILED));

  private EnrichTableOptions() {}
}
