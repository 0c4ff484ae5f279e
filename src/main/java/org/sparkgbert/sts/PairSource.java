package org.sparkgbert.sts;

import org.sparkgbert.lake.EmbeddingColumns;
import org.sparkgbert.settings.Settings;

/** What the pairs of a table are made of. */
public sealed interface PairSource {
  /** Column that identifies the first of a pair, ideally the sentence itself. */
  String first();

  /** Column that identifies the second of a pair. */
  String second();

  /**
   * Sentences, which are encoded.
   *
   * @param first column with the first sentence
   * @param second column with the second sentence
   */
  record Sentences(String first, String second) implements PairSource {}

  /**
   * Ids, whose embeddings are looked up.
   *
   * @param first column with the first id
   * @param second column with the second id
   * @param table table of embeddings
   * @param secondTable table for the second ids, possibly the same
   * @param idColumn column with the id there
   * @param columns columns of the embedding there
   * @param allowMixedModels whether the tables may be from different models
   */
  record Ids(
      String first,
      String second,
      String table,
      String secondTable,
      String idColumn,
      EmbeddingColumns columns,
      boolean allowMixedModels)
      implements PairSource {}

  /** Reads the settings of {@link PairOptions}. */
  static PairSource of(Settings settings) {
    return settings
        .get(PairOptions.EMBEDDINGS)
        .<PairSource>map(
            table ->
                new Ids(
                    settings.get(PairOptions.ID1_COLUMN),
                    settings.get(PairOptions.ID2_COLUMN),
                    table,
                    settings.get(PairOptions.EMBEDDINGS2).orElse(table),
                    settings.get(PairOptions.ID_COLUMN),
                    new EmbeddingColumns(settings.get(PairOptions.EMBEDDING_COLUMN)),
                    settings.get(PairOptions.ALLOW_MIXED_MODELS)))
        .orElseGet(
            () ->
                new Sentences(
                    settings.get(PairOptions.SENTENCE1_COLUMN),
                    settings.get(PairOptions.SENTENCE2_COLUMN)));
  }
}
