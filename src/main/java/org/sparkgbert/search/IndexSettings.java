package org.sparkgbert.search;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.sparkgbert.corpus.CorpusSource;
import org.sparkgbert.lake.OutputOptions;
import org.sparkgbert.lake.TableTarget;
import org.sparkgbert.onnx.DeviceSettings;
import org.sparkgbert.settings.Settings;
import org.sparkgbert.vector.Similarity;

/**
 * What {@link BuildIndex} should do.
 *
 * @param corpus a table of embeddings
 * @param idColumn its column with the id
 * @param embeddingColumn its column with the embedding
 * @param similarity what rows and questions are compared by
 * @param cells number of cells; 0 for the square root of the number of rows
 * @param recall recall at 10 that a search should reach by default, from 0 to 1
 * @param heldOut number of questions that recall is measured with
 * @param seed for the centroids to begin with
 * @param table the table to write; partitioned by cell
 * @param device where blocks are multiplied, with the threads of a task
 */
public record IndexSettings(
    CorpusSource corpus,
    String idColumn,
    String embeddingColumn,
    Similarity similarity,
    int cells,
    double recall,
    int heldOut,
    long seed,
    TableTarget table,
    DeviceSettings device) {
  /** A corpus with fewer rows is searched about as fast without an index. */
  static final long LEAST_ROWS = 10_000;

  /**
   * @throws IllegalArgumentException if a value is out of range
   */
  public IndexSettings {
    Objects.requireNonNull(corpus, "corpus");
    SearchOptions.ID_COLUMN.require(idColumn);
    IndexOptions.EMBEDDING_COLUMN.require(embeddingColumn);
    SearchOptions.SIMILARITY.require(similarity);
    IndexOptions.CELLS.require(cells);
    IndexOptions.RECALL.require(recall);
    IndexOptions.HELD_OUT.require(heldOut);
    Objects.requireNonNull(table, "table");
    Objects.requireNonNull(device, "device");
  }

  /**
   * Parses settings by their names, as on a command line but without dashes.
   *
   * @throws IllegalArgumentException if a name is unknown, or a text is not a value in range
   */
  public static IndexSettings of(Map<String, String> texts) {
    return of(Settings.parse(texts, IndexOptions.ALL));
  }

  /**
   * Reads the settings of {@link IndexOptions}.
   *
   * @throws IllegalArgumentException if a required one is missing, or two exclude each other
   */
  public static IndexSettings of(Settings settings) {
    settings.requireApplicable(IndexOptions.ALL);
    settings.requireNone(List.of(IndexOptions.UPDATE), "does not apply where an index is built");
    return new IndexSettings(
        CorpusSource.of(settings),
        settings.get(SearchOptions.ID_COLUMN),
        settings.get(IndexOptions.EMBEDDING_COLUMN),
        settings.get(SearchOptions.SIMILARITY),
        settings.get(IndexOptions.CELLS),
        settings.get(IndexOptions.RECALL),
        settings.get(IndexOptions.HELD_OUT),
        settings.get(IndexOptions.SEED),
        TableTarget.of(settings.with(OutputOptions.PARTITION_BY, List.of(IndexColumns.CELL))),
        DeviceSettings.of(settings, 1));
  }

  /**
   * How many cells a corpus gets.
   *
   * @throws IllegalArgumentException if it has too few rows for the number to be chosen
   */
  int cells(long rows) {
    if (cells > 0) {
      return cells;
    }
    if (rows < LEAST_ROWS) {
      throw new IllegalArgumentException(
          "Cannot index: with fewer than %,d rows an index saves nothing, found %,d; use jobs/search.sh --input, or set %s"
              .formatted(LEAST_ROWS, rows, IndexOptions.CELLS.option()));
    }
    return (int) Math.min(65_536, Math.round(Math.sqrt(rows)));
  }
}
