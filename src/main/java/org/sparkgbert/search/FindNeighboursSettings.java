package org.sparkgbert.search;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.sparkgbert.corpus.CorpusSource;
import org.sparkgbert.embed.EmbedOptions;
import org.sparkgbert.embed.EmbedderOptions;
import org.sparkgbert.lake.OutputOptions;
import org.sparkgbert.lake.Partitioning;
import org.sparkgbert.lake.TableTarget;
import org.sparkgbert.onnx.DeviceSettings;
import org.sparkgbert.settings.Setting;
import org.sparkgbert.settings.Settings;
import org.sparkgbert.sts.PairOptions;
import org.sparkgbert.vector.Similarity;

/**
 * What {@link FindNeighbours} should do.
 *
 * @param corpus rows with embeddings, or with texts that are encoded first
 * @param textColumn column with the text, if there are no embeddings
 * @param idColumn column with the id
 * @param embeddingColumn column with the embedding
 * @param similarity what rows are compared by
 * @param topK maximum number of neighbours per row, at least 1
 * @param minScore minimum score of a pair
 * @param unordered whether a pair occurs once
 * @param blockRows rows per block
 * @param keepColumns columns to carry along, for both rows of a pair
 * @param table the table to write
 * @param partitioning tasks and files
 * @param encoding the model and how it encodes, as {@link EmbedderOptions} declares it
 */
public record FindNeighboursSettings(
    CorpusSource corpus,
    String textColumn,
    String idColumn,
    String embeddingColumn,
    Similarity similarity,
    int topK,
    Optional<Float> minScore,
    boolean unordered,
    int blockRows,
    List<String> keepColumns,
    TableTarget table,
    Partitioning partitioning,
    Settings encoding) {
  /**
   * @throws IllegalArgumentException if a value is out of range, or the similarity is a distance
   */
  public FindNeighboursSettings {
    Objects.requireNonNull(corpus, "corpus");
    Objects.requireNonNull(textColumn, "textColumn");
    Objects.requireNonNull(idColumn, "idColumn");
    PairOptions.EMBEDDING_COLUMN.require(embeddingColumn);
    requireSearchable(List.of(similarity));
    NeighbourOptions.TOP_K.require(topK);
    NeighbourOptions.MIN_SCORE.require(minScore);
    NeighbourOptions.BLOCK_ROWS.require(blockRows);
    keepColumns = List.copyOf(keepColumns);
    Objects.requireNonNull(table, "table");
    Objects.requireNonNull(partitioning, "partitioning");
    Objects.requireNonNull(encoding, "encoding");
  }

  private static void requireSearchable(List<Similarity> similarities) {
    if (similarities.size() != 1 || similarities.get(0).ranking().isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot run: --all-pairs requires exactly one --similarity, %s, found %s"
              .formatted(NeighbourSettings.searchable(Similarity::label), similarities));
    }
  }

  /**
   * Parses settings by their names, as on a command line but without dashes.
   *
   * @throws IllegalArgumentException if a name is unknown, or a text is not a value in range
   */
  public static FindNeighboursSettings of(Map<String, String> texts) {
    return of(Settings.parse(texts, NeighbourOptions.FINDING));
  }

  /**
   * Reads the settings of {@link NeighbourOptions}, of encoding, and those that it shares with
   * {@link PairOptions}.
   *
   * @throws IllegalArgumentException if a required one is missing, or two exclude each other
   */
  public static FindNeighboursSettings of(Settings settings) {
    settings.requireApplicable(
        Setting.all(NeighbourOptions.ALL, OutputOptions.TABLE, EmbedOptions.ENCODING));
    List<Similarity> similarities = settings.get(PairOptions.SIMILARITY);
    requireSearchable(similarities);
    return new FindNeighboursSettings(
        CorpusSource.of(settings),
        settings.get(NeighbourOptions.TEXT_COLUMN),
        settings.get(PairOptions.ID_COLUMN),
        settings.get(PairOptions.EMBEDDING_COLUMN),
        similarities.get(0),
        settings.get(NeighbourOptions.TOP_K),
        settings.get(NeighbourOptions.MIN_SCORE),
        settings.get(NeighbourOptions.UNORDERED),
        settings.get(NeighbourOptions.BLOCK_ROWS),
        settings.get(NeighbourOptions.KEEP_COLUMNS),
        TableTarget.of(settings),
        Partitioning.of(settings),
        settings);
  }

  /**
   * How blocks are compared.
   *
   * @param vectors the column with the embedding as floats
   * @param taskCpus threads of a task
   */
  NeighbourSettings comparison(String vectors, int taskCpus) {
    return new NeighbourSettings(
        idColumn,
        vectors,
        similarity,
        topK,
        minScore.orElse(null),
        unordered,
        blockRows,
        keepColumns,
        DeviceSettings.of(encoding, taskCpus));
  }
}
