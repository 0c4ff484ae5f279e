package org.sparkgbert.sts;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.sparkgbert.corpus.CorpusSource;
import org.sparkgbert.embed.EmbedderOptions;
import org.sparkgbert.lake.Partitioning;
import org.sparkgbert.lake.TableTarget;
import org.sparkgbert.settings.Setting;
import org.sparkgbert.settings.Settings;
import org.sparkgbert.vector.Similarity;

/**
 * What {@link ScorePairs} should do.
 *
 * @param corpus the table of pairs
 * @param pairs what its pairs are made of
 * @param similarities what is computed, each once
 * @param dropEmbeddings whether embeddings are left out of the table
 * @param goldColumn column that must hold gold scores, since an evaluation will follow
 * @param table the table to write
 * @param partitioning tasks and files
 * @param encoding the model and how it encodes, as {@link EmbedderOptions} declares it
 */
public record ScoreSettings(
    CorpusSource corpus,
    PairSource pairs,
    List<Similarity> similarities,
    boolean dropEmbeddings,
    Optional<String> goldColumn,
    TableTarget table,
    Partitioning partitioning,
    Settings encoding) {
  /**
   * @throws IllegalArgumentException if no similarity is named, or one twice
   */
  public ScoreSettings {
    Objects.requireNonNull(corpus, "corpus");
    Objects.requireNonNull(pairs, "pairs");
    similarities = List.copyOf(PairOptions.SIMILARITY.require(similarities));
    if (similarities.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot run: %s must name at least one".formatted(PairOptions.SIMILARITY.option()));
    }
    PairOptions.GOLD_COLUMN.require(goldColumn);
    Objects.requireNonNull(table, "table");
    Objects.requireNonNull(partitioning, "partitioning");
    Objects.requireNonNull(encoding, "encoding");
  }

  /**
   * Parses settings by their names, as on a command line but without dashes.
   *
   * @throws IllegalArgumentException if a name is unknown, or a text is not a value in range
   */
  public static ScoreSettings of(Map<String, String> texts) {
    return of(Settings.parse(texts, PairOptions.SCORING));
  }

  /**
   * Reads the settings of {@link PairOptions} and of encoding.
   *
   * @throws IllegalArgumentException if a required one is missing, or two exclude each other
   */
  public static ScoreSettings of(Settings settings) {
    settings.requireApplicable(PairOptions.SCORING);
    if (settings.has(PairOptions.EMBEDDINGS)) {
      settings.requireNone(
          Setting.all(List.of(Partitioning.PARTITIONS), EmbedderOptions.ALL),
          "does not apply with " + PairOptions.EMBEDDINGS.option());
    }
    return new ScoreSettings(
        CorpusSource.of(settings),
        PairSource.of(settings),
        settings.get(PairOptions.SIMILARITY),
        settings.get(PairOptions.DROP_EMBEDDINGS),
        settings.get(PairOptions.GOLD_COLUMN),
        TableTarget.of(settings),
        Partitioning.of(settings),
        settings);
  }

  /** Where embeddings come from: a model, or a table. */
  String modelLocation() {
    return pairs instanceof PairSource.Ids ids ? ids.table() : encoding.get(EmbedderOptions.MODEL);
  }
}
