package org.sparkgbert.enrich;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.sparkgbert.corpus.CorpusSource;
import org.sparkgbert.embed.EmbedOptions;
import org.sparkgbert.embed.ModelReference;
import org.sparkgbert.lake.EmbeddingColumns;
import org.sparkgbert.lake.TableTarget;
import org.sparkgbert.settings.Settings;

/**
 * What {@link MirrorCorpus} should do.
 *
 * @param corpus what is read
 * @param idColumn column that tells rows apart
 * @param textColumn column with the text
 * @param keepColumns columns of the corpus that the table keeps; all if none is named
 * @param columns columns that are added
 * @param table the table, which is made if it is not there
 * @param vanished what happens to rows whose ids are gone
 * @param onModelChange what happens to vectors of another model
 * @param maxEncode maximum number of texts to encode, 0 for all
 * @param oldestBy column by which texts come first
 * @param dryRun whether nothing is done
 * @param stage directory for unfinished work; empty for one beside the table
 * @param encoding all settings, those of the model and of files among them
 */
public record MirrorSettings(
    CorpusSource corpus,
    String idColumn,
    String textColumn,
    List<String> keepColumns,
    EnrichedColumns columns,
    TableTarget table,
    Vanished vanished,
    OnModelChange onModelChange,
    int maxEncode,
    String oldestBy,
    boolean dryRun,
    Optional<String> stage,
    Settings encoding) {
  /**
   * @throws IllegalArgumentException if a value is out of range
   */
  public MirrorSettings {
    Objects.requireNonNull(corpus, "corpus");
    EnrichOptions.ID_COLUMN.require(idColumn);
    EmbedOptions.TEXT_COLUMN.require(textColumn);
    keepColumns = List.copyOf(keepColumns);
    Objects.requireNonNull(columns, "columns");
    Objects.requireNonNull(table, "table");
    EnrichOptions.MAX_ENCODE.require(maxEncode);
  }

  /**
   * Parses settings by their names, as on a command line but without dashes.
   *
   * @throws IllegalArgumentException if a name is unknown, or a text is not a value in range
   */
  public static MirrorSettings of(Map<String, String> texts) {
    return of(Settings.parse(texts, MirrorOptions.ALL));
  }

  /**
   * Reads the settings of {@link MirrorOptions}.
   *
   * @throws IllegalArgumentException if a required one is missing, or two exclude each other
   */
  public static MirrorSettings of(Settings settings) {
    settings.requireApplicable(MirrorOptions.ALL);
    String id = settings.get(EnrichOptions.ID_COLUMN);
    return new MirrorSettings(
        CorpusSource.of(settings),
        id,
        settings.get(EmbedOptions.TEXT_COLUMN),
        settings.get(EmbedOptions.KEEP_COLUMNS),
        new EnrichedColumns(new EmbeddingColumns(settings.get(EmbedOptions.EMBEDDING_COLUMN))),
        TableTarget.of(settings),
        settings.get(MirrorOptions.VANISHED),
        settings.get(EnrichOptions.ON_MODEL_CHANGE),
        settings.get(EnrichOptions.MAX_ENCODE),
        settings.get(EnrichOptions.OLDEST_BY).orElse(id),
        settings.get(EnrichOptions.DRY_RUN),
        settings.get(EnrichOptions.STAGE),
        settings);
  }

  /** Where the model is. */
  public ModelReference model() {
    return ModelReference.of(encoding);
  }
}
