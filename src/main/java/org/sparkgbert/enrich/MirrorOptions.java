package org.sparkgbert.enrich;

import java.util.List;
import org.sparkgbert.corpus.InputOptions;
import org.sparkgbert.embed.EmbedOptions;
import org.sparkgbert.embed.EmbedderOptions;
import org.sparkgbert.lake.OutputOptions;
import org.sparkgbert.settings.Setting;

/** Settings of {@link MirrorCorpus}. */
public final class MirrorOptions {
  /** What happens to rows whose ids are gone. */
  public static final Setting<Vanished> VANISHED =
      Setting.choice("vanished", Vanished.REMOVE)
          .meaning("What happens to rows whose id is gone from the corpus: remove or keep.");

  /** The table, which may be there. */
  public static final List<Setting<?>> TABLE =
      List.of(
          OutputOptions.OUTPUT,
          OutputOptions.OUTPUT_FORMAT,
          OutputOptions.KEEP_OLD,
          OutputOptions.PARTITION_BY,
          OutputOptions.FILES,
          OutputOptions.TARGET_FILE_SIZE);

  /** How the table is brought up to date. */
  public static final List<Setting<?>> ENRICHING =
      Setting.all(List.of(VANISHED), CacheOptions.ALL, EnrichOptions.ALL);

  /** All settings of the action. */
  public static final List<Setting<?>> ALL =
      Setting.all(
          InputOptions.ALL,
          List.of(EnrichOptions.ID_COLUMN),
          EmbedOptions.COLUMNS,
          TABLE,
          ENRICHING,
          EmbedderOptions.ALL,
          List.of(OutputOptions.MAX_FAILED));

  private MirrorOptions() {}
}
