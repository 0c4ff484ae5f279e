package org.sparkgbert.search;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.sparkgbert.corpus.CorpusSource;
import org.sparkgbert.lake.OutputOptions;
import org.sparkgbert.lake.TableTarget;
import org.sparkgbert.lake.WriteMode;
import org.sparkgbert.onnx.DeviceSettings;
import org.sparkgbert.settings.Setting;
import org.sparkgbert.settings.Settings;

/**
 * What {@link UpdateIndex} should do.
 *
 * @param corpus the table of embeddings that the index follows
 * @param table the index
 * @param device where blocks are multiplied, with the threads of a task
 * @param given columns and similarity that the index must have been made with, if they are given
 */
public record UpdateIndexSettings(
    CorpusSource corpus, TableTarget table, DeviceSettings device, Settings given) {
  /**
   * @throws IllegalArgumentException if the index is to be no table of Parquet
   */
  public UpdateIndexSettings {
    Objects.requireNonNull(corpus, "corpus");
    Objects.requireNonNull(table, "table");
    Objects.requireNonNull(device, "device");
    Objects.requireNonNull(given, "given");
    if (!table.isParquet()) {
      throw new IllegalArgumentException(
          "Cannot update index %s: only an index of Parquet follows its corpus, found --output-format %s; build it again with --mode overwrite"
              .formatted(table.path(), table.format()));
    }
  }

  /**
   * Parses settings by their names, as on a command line but without dashes.
   *
   * @throws IllegalArgumentException if a name is unknown, or a text is not a value in range
   */
  public static UpdateIndexSettings of(Map<String, String> texts) {
    return of(Settings.parse(texts, IndexOptions.ALL));
  }

  /**
   * Reads the settings of {@link IndexOptions}.
   *
   * @throws IllegalArgumentException if a required one is missing, or one does not apply to an
   *     index that is there
   */
  public static UpdateIndexSettings of(Settings settings) {
    Settings updating = settings.with(IndexOptions.UPDATE, true);
    updating.requireApplicable(IndexOptions.ALL);
    updating.requireNone(
        List.of(OutputOptions.MODE), "does not apply with " + IndexOptions.UPDATE.option());
    return new UpdateIndexSettings(
        CorpusSource.of(updating),
        TableTarget.of(updating.with(OutputOptions.PARTITION_BY, List.of(IndexColumns.CELL)))
            .withMode(WriteMode.OVERWRITE),
        DeviceSettings.of(updating, 1),
        updating);
  }

  /**
   * Makes sure that the index was made with the settings that are given.
   *
   * @throws IllegalArgumentException if it was made with others
   */
  void require(IndexInfo info) {
    require(SearchOptions.SIMILARITY, info.similarity());
    require(SearchOptions.ID_COLUMN, info.idColumn());
    require(IndexOptions.EMBEDDING_COLUMN, info.embeddingColumn());
  }

  private <T> void require(Setting<T> setting, T made) {
    if (given.has(setting) && !given.get(setting).equals(made)) {
      throw new IllegalArgumentException(
          "Cannot update index %s: it was made with %s %s, found %s"
              .formatted(
                  table.path(),
                  setting.option(),
                  setting.type().writer().apply(made),
                  setting.type().writer().apply(given.get(setting))));
    }
  }
}
