package org.sparkgbert.sts;

import java.util.List;
import java.util.Optional;
import org.sparkgbert.corpus.InputOptions;
import org.sparkgbert.embed.EmbedOptions;
import org.sparkgbert.lake.OutputOptions;
import org.sparkgbert.settings.Labels;
import org.sparkgbert.settings.Setting;
import org.sparkgbert.settings.ValueType;
import org.sparkgbert.vector.Similarity;

/** Settings of {@link ScorePairs} and {@link EvaluatePairs}. */
public final class PairOptions {
  /** Table of embeddings that ids are looked up in. */
  public static final Setting<Optional<String>> EMBEDDINGS =
      Setting.optional("embeddings", ValueType.TEXT)
          .label("TABLE")
          .meaning(
              "Table written by the embed job: pairs are then two ids, which are looked up in it.");

  /** Column with the first sentence of a pair. */
  public static final Setting<String> SENTENCE1_COLUMN =
      Setting.text("sentence1-column", "sentence1")
          .excludes(EMBEDDINGS)
          .label("NAME")
          .meaning("Column with the first sentence of a pair, a string.");

  /** Column with the second sentence of a pair. */
  public static final Setting<String> SENTENCE2_COLUMN =
      Setting.text("sentence2-column", "sentence2")
          .excludes(EMBEDDINGS)
          .label("NAME")
          .meaning("Column with the second sentence of a pair, a string.");

  /** Another one for the second ids. */
  public static final Setting<Optional<String>> EMBEDDINGS2 =
      Setting.optional("embeddings2", ValueType.TEXT)
          .requires(EMBEDDINGS)
          .label("TABLE")
          .meaning("Table for the second ids, if it is a different one.");

  /** Column with the first id of a pair. */
  public static final Setting<String> ID1_COLUMN =
      Setting.text("id1-column", "id1")
          .requires(EMBEDDINGS)
          .label("NAME")
          .meaning("Column with the first id of a pair.");

  /** Column with the second id of a pair. */
  public static final Setting<String> ID2_COLUMN =
      Setting.text("id2-column", "id2")
          .requires(EMBEDDINGS)
          .label("NAME")
          .meaning("Column with the second id of a pair.");

  /** Column with the id in tables of embeddings. */
  public static final Setting<String> ID_COLUMN =
      Setting.text("id-column", "id")
          .requires(EMBEDDINGS)
          .label("NAME")
          .meaning("Column with the id in tables of embeddings, and in the input of --all-pairs.");

  /** Column with the embedding there. */
  public static final Setting<String> EMBEDDING_COLUMN =
      Setting.text("embedding-column", "embedding")
          .requires(EMBEDDINGS)
          .notBlank()
          .label("NAME")
          .meaning("Column with the embedding in these tables.");

  /** Whether embeddings of different models may be compared. */
  public static final Setting<Boolean> ALLOW_MIXED_MODELS =
      Setting.flag("allow-mixed-models")
          .requires(EMBEDDINGS)
          .meaning("Compare embeddings even if they are from different models.");

  /** What is computed. */
  public static final Setting<List<Similarity>> SIMILARITY =
      Setting.choices("similarity", Similarity.class, List.of(Similarity.COSINE))
          .where(
              similarities -> similarities.stream().distinct().count() == similarities.size(),
              "must name each only once")
          .meaning(
              "What to compute: %s, several allowed."
                  .formatted(String.join(", ", Labels.of(Similarity.class))));

  /** Whether the table is without embeddings. */
  public static final Setting<Boolean> DROP_EMBEDDINGS =
      Setting.flag("drop-embeddings").meaning("Leave the embeddings out of the table.");

  /** Column with gold scores. */
  public static final Setting<Optional<String>> GOLD_COLUMN =
      Setting.optional("gold-column", ValueType.TEXT)
          .label("NAME")
          .meaning("Column with gold scores; the scores are then compared with them.");

  /** Where the evaluation is written. */
  public static final Setting<Optional<String>> EVALUATION =
      Setting.optional("evaluation", ValueType.TEXT)
          .requires(GOLD_COLUMN)
          .label("DIR")
          .meaning("Directory for the evaluation; by default the table's name with _evaluation.");

  /** Resamples of the bootstrap. */
  public static final Setting<Integer> RESAMPLES =
      Setting.integer("resamples", 1_000)
          .requires(GOLD_COLUMN)
          .atLeast(0)
          .atMost(1_000_000)
          .label("N")
          .meaning(
              "Number of bootstrap resamples for the interval of Spearman; 0 for none. At most 1000000.");

  /** Seed of the bootstrap. */
  public static final Setting<Long> SEED =
      Setting.seed("seed", 1)
          .requires(GOLD_COLUMN)
          .label("N")
          .meaning("Seed of the bootstrap and of the pairs that the report shows.");

  /** All of them. */
  public static final List<Setting<?>> ALL =
      List.of(
          SENTENCE1_COLUMN,
          SENTENCE2_COLUMN,
          EMBEDDINGS,
          EMBEDDINGS2,
          ID1_COLUMN,
          ID2_COLUMN,
          ID_COLUMN,
          EMBEDDING_COLUMN,
          ALLOW_MIXED_MODELS,
          SIMILARITY,
          DROP_EMBEDDINGS,
          GOLD_COLUMN,
          EVALUATION,
          RESAMPLES,
          SEED);

  /** All settings of {@link ScorePairs}, including those of input, output and encoding. */
  public static final List<Setting<?>> SCORING =
      Setting.all(InputOptions.ALL, ALL, OutputOptions.TABLE, EmbedOptions.ENCODING);

  private PairOptions() {}
}
