package org.sparkgbert.search;

import java.util.List;
import org.sparkgbert.corpus.InputOptions;
import org.sparkgbert.lake.OutputOptions;
import org.sparkgbert.onnx.DeviceOptions;
import org.sparkgbert.settings.Setting;

/**
 * Settings of {@link BuildIndex} and {@link UpdateIndex}; {@link IndexSettings#of} and {@link
 * UpdateIndexSettings#of} read them.
 */
public final class IndexOptions {
  /** Column with the embedding. */
  public static final Setting<String> EMBEDDING_COLUMN =
      Setting.text("embedding-column", "embedding")
          .notBlank()
          .label("NAME")
          .meaning("Column of the corpus with the embedding.");

  /** Whether an index that is there follows its corpus. */
  public static final Setting<Boolean> UPDATE =
      Setting.flag("update")
          .meaning(
              "Make the index that is there follow its corpus: rows whose id is new are added,"
                  + " rows that changed are replaced, rows whose id is gone are removed; cells,"
                  + " and all else that the index was made with, stay.");

  /** Whether the corpus may be another one by its name. */
  public static final Setting<Boolean> INPUT_MOVED =
      Setting.flag("input-moved")
          .requires(UPDATE)
          .meaning(
              "With --update: the corpus has other paths, or is read with another --format or"
                  + " --read-option, than when the index was last written.");

  /** Whether most rows may go. */
  public static final Setting<Boolean> ALLOW_REMOVAL =
      Setting.flag("allow-removal")
          .requires(UPDATE)
          .meaning(
              "With --update: remove rows whose id is gone from the corpus even if these are more"
                  + " than half of the index.");

  /** Number of cells. */
  public static final Setting<Integer> CELLS =
      Setting.integer("cells", 0)
          .atLeast(0)
          .atMost(65_536)
          .excludes(UPDATE)
          .meaning(
              "Number of cells that rows are divided among; 0 for the square root of the number of"
                  + " rows, of which there must be %,d then. At most 65536."
                      .formatted(IndexSettings.LEAST_ROWS));

  /** Recall that the default number of cells should reach. */
  public static final Setting<Double> RECALL =
      Setting.number("recall", "0.95")
          .share()
          .excludes(UPDATE)
          .label("SHARE")
          .meaning(
              "Recall at 10 that a search should reach: so many cells are asked by default as the"
                  + " held-out questions need. From 0 to 1.");

  /** Number of questions that recall is measured with. */
  public static final Setting<Integer> HELD_OUT =
      Setting.integer("held-out", 200)
          .atLeast(1)
          .atMost(10_000)
          .excludes(UPDATE)
          .meaning(
              "Number of rows that take no part in finding centroids, and then serve as questions."
                  + " From 1 to 10000.");

  /** Seed. */
  public static final Setting<Long> SEED =
      Setting.seed("seed", 1).excludes(UPDATE).meaning("Seed for the centroids to begin with.");

  /** What is indexed, and how. */
  public static final List<Setting<?>> INDEX =
      List.of(
          SearchOptions.ID_COLUMN,
          EMBEDDING_COLUMN,
          SearchOptions.SIMILARITY,
          CELLS,
          RECALL,
          HELD_OUT,
          SEED,
          UPDATE,
          INPUT_MOVED,
          ALLOW_REMOVAL);

  /** How the table is written. */
  public static final List<Setting<?>> TABLE =
      List.of(
          OutputOptions.OUTPUT,
          OutputOptions.OUTPUT_FORMAT,
          OutputOptions.MODE,
          OutputOptions.KEEP_OLD);

  /** Where blocks are multiplied. */
  public static final List<Setting<?>> DEVICE =
      List.of(
          DeviceOptions.DEVICE,
          DeviceOptions.THREADS,
          DeviceOptions.GPU_MEMORY_LIMIT,
          DeviceOptions.GPU_ARENA);

  /** All settings of the actions. */
  public static final List<Setting<?>> ALL = Setting.all(InputOptions.ALL, INDEX, TABLE, DEVICE);

  private IndexOptions() {}
}
