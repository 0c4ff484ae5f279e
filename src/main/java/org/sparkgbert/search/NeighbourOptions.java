package org.sparkgbert.search;

import java.util.List;
import java.util.Optional;
import org.sparkgbert.corpus.InputOptions;
import org.sparkgbert.embed.EmbedOptions;
import org.sparkgbert.lake.OutputOptions;
import org.sparkgbert.settings.Setting;
import org.sparkgbert.settings.ValueType;
import org.sparkgbert.sts.PairOptions;

/** Settings of {@link FindNeighbours}, besides those it shares with the scoring of pairs. */
public final class NeighbourOptions {
  /** Column that is encoded. */
  public static final Setting<String> TEXT_COLUMN =
      Setting.text("text-column", "text")
          .label("NAME")
          .meaning("With --all-pairs: column to encode, if the input has no embedding column.");

  /** Partners of a row. */
  public static final Setting<Integer> TOP_K =
      Setting.integer("top-k", 10)
          .atLeast(1)
          .label("K")
          .meaning("With --all-pairs: maximum number of partners per row. At least 1.");

  /** Minimum score of a pair. */
  public static final Setting<Optional<Float>> MIN_SCORE =
      Setting.optional("min-score", ValueType.FLOAT)
          .where(score -> score.map(Float::isFinite).orElse(true), "must be a finite number")
          .label("S")
          .meaning("With --all-pairs: minimum score of a pair.");

  /** Whether a pair occurs once. */
  public static final Setting<Boolean> UNORDERED =
      Setting.flag("unordered")
          .meaning("With --all-pairs: list each pair once, not once for each of its rows.");

  /** Rows of a block. */
  public static final Setting<Integer> BLOCK_ROWS =
      Setting.integer("block-rows", 2_048)
          .atLeast(1)
          .atMost(16_384)
          .label("N")
          .meaning("With --all-pairs: rows per block, which bounds memory. From 1 to 16384.");

  /** Columns that are carried along. */
  public static final Setting<List<String>> KEEP_COLUMNS =
      Setting.names("keep-columns")
          .meaning("With --all-pairs: columns to carry along, for both rows of a pair.");

  /** All of them. */
  public static final List<Setting<?>> ALL =
      List.of(TEXT_COLUMN, TOP_K, MIN_SCORE, UNORDERED, BLOCK_ROWS, KEEP_COLUMNS);

  /** All settings of {@link FindNeighbours}, including the shared ones. */
  public static final List<Setting<?>> FINDING =
      Setting.all(
          InputOptions.ALL,
          List.of(PairOptions.ID_COLUMN, PairOptions.EMBEDDING_COLUMN, PairOptions.SIMILARITY),
          ALL,
          OutputOptions.TABLE,
          EmbedOptions.ENCODING);

  /** Settings that have no meaning for an input with embeddings. */
  static final List<Setting<?>> OF_TEXTS =
      Setting.all(List.of(TEXT_COLUMN), SearchOptions.ofTexts(), List.of(OutputOptions.MAX_FAILED));

  private NeighbourOptions() {}
}
