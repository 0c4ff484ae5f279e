package org.sparkgbert.cluster;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.sparkgbert.corpus.CorpusSource;
import org.sparkgbert.files.HadoopFiles;
import org.sparkgbert.lake.OutputOptions;
import org.sparkgbert.lake.TableTarget;
import org.sparkgbert.settings.Settings;

/**
 * What {@link FindClusters} should do.
 *
 * @param input the table of embeddings
 * @param embeddingColumn its column with the embedding
 * @param textColumn its column with the text, by which clusters are described
 * @param keepColumns columns that assignments keep; all but the embedding if none is named
 * @param directory where the result is written, in Parquet and without partitions
 * @param earlierRun directory of an earlier run, or of its model, to whose clusters rows are
 *     assigned; empty to find clusters
 * @param clustering how clusters are found
 * @param labelColumn column with known labels to compare clusters with
 * @param labelTerms number of words that label a cluster, at least 1; if it is empty, the words of
 *     the earlier run, or 8
 * @param exemplars number of texts that represent a cluster, at least 1
 * @param mapPoints maximum number of points on the map, from 1 to 3000
 */
public record ClusterSettings(
    CorpusSource input,
    String embeddingColumn,
    String textColumn,
    List<String> keepColumns,
    TableTarget directory,
    Optional<String> earlierRun,
    ClusteringSettings clustering,
    Optional<String> labelColumn,
    Optional<Integer> labelTerms,
    int exemplars,
    int mapPoints) {
  /**
   * @throws IllegalArgumentException if a value is out of range
   */
  public ClusterSettings {
    Objects.requireNonNull(input, "input");
    Objects.requireNonNull(embeddingColumn, "embeddingColumn");
    Objects.requireNonNull(textColumn, "textColumn");
    keepColumns = List.copyOf(keepColumns);
    Objects.requireNonNull(directory, "directory");
    Objects.requireNonNull(clustering, "clustering");
    ClusterOptions.ASSIGN.require(earlierRun);
    earlierRun = earlierRun.map(HadoopFiles::unambiguous);
    labelTerms.ifPresent(ClusterOptions.LABEL_TERMS::require);
    ClusterOptions.EXEMPLARS.require(exemplars);
    ClusterOptions.MAP_POINTS.require(mapPoints);
  }

  /**
   * Parses settings by their names, as on a command line but without dashes.
   *
   * @throws IllegalArgumentException if a name is unknown, or a text is not a value in range
   */
  public static ClusterSettings of(Map<String, String> texts) {
    return of(Settings.parse(texts, ClusterOptions.ALL));
  }

  /**
   * Reads the settings of {@link ClusterOptions}.
   *
   * @throws IllegalArgumentException if a required one is missing
   */
  public static ClusterSettings of(Settings settings) {
    settings.requireApplicable(ClusterOptions.ALL);
    return new ClusterSettings(
        CorpusSource.of(settings),
        settings.get(ClusterOptions.EMBEDDING_COLUMN),
        settings.get(ClusterOptions.TEXT_COLUMN),
        settings.get(ClusterOptions.KEEP_COLUMNS),
        directory(settings),
        settings.get(ClusterOptions.ASSIGN),
        ClusteringSettings.of(settings),
        settings.get(ClusterOptions.LABEL_COLUMN),
        settings.has(ClusterOptions.LABEL_TERMS)
            ? Optional.of(settings.get(ClusterOptions.LABEL_TERMS))
            : Optional.empty(),
        settings.get(ClusterOptions.EXEMPLARS),
        settings.get(ClusterOptions.MAP_POINTS));
  }

  /** The columns with texts and known labels, of which clusters are described. */
  List<String> describing() {
    return Stream.concat(Stream.of(textColumn), labelColumn.stream()).toList();
  }

  /** No row may fail, since none is encoded. */
  private static TableTarget directory(Settings settings) {
    return new TableTarget(
        settings.get(ClusterOptions.OUTPUT),
        "parquet",
        settings.get(ClusterOptions.MODE),
        settings.get(OutputOptions.KEEP_OLD),
        List.of(),
        0);
  }
}
