package org.sparkgbert.search;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.sparkgbert.corpus.CorpusSource;
import org.sparkgbert.embed.EmbedderOptions;
import org.sparkgbert.lake.OutputOptions;
import org.sparkgbert.lake.Partitioning;
import org.sparkgbert.lake.TableTarget;
import org.sparkgbert.onnx.DeviceSettings;
import org.sparkgbert.settings.Setting;
import org.sparkgbert.settings.Settings;
import org.sparkgbert.vector.Similarity;

/**
 * What {@link SearchCorpus} should do.
 *
 * @param corpus a table of embeddings
 * @param index how the corpus is asked if it is an index; empty for a search of all of it
 * @param questions what is searched for
 * @param queryPrompt text put before each question; empty for the model's
 * @param idColumn the corpus' column with the id
 * @param embeddingColumn its column with the embedding, and that of questions with embeddings
 * @param textColumn its column with the text that is shown; empty for the one that was embedded
 * @param keepColumns its columns that the result has besides
 * @param similarity what rows and questions are compared by
 * @param topK maximum number of rows per question, at least 1
 * @param minScore minimum score of a row
 * @param blockRows rows per block
 * @param table the table to write; empty for none
 * @param report directory for the page, which is not in the table; empty for none
 * @param partitioning tasks that encode questions, and files of the table
 * @param encoding the model and how it encodes, as {@link EmbedderOptions} declares it
 */
public record SearchSettings(
    CorpusSource corpus,
    Optional<IndexUse> index,
    QuestionSource questions,
    Optional<String> queryPrompt,
    String idColumn,
    String embeddingColumn,
    Optional<String> textColumn,
    List<String> keepColumns,
    Similarity similarity,
    int topK,
    Optional<Double> minScore,
    int blockRows,
    Optional<TableTarget> table,
    Optional<String> report,
    Partitioning partitioning,
    Settings encoding) {
  /**
   * How an index is asked.
   *
   * @param probe cells that each question asks; empty for the number that the index recommends
   */
  public record IndexUse(Optional<Integer> probe) {
    public IndexUse {
      SearchOptions.PROBE.require(probe);
    }
  }

  /**
   * @throws IllegalArgumentException if a value is out of range, or the report would be in the
   *     table, which must hold nothing else so that it can be overwritten
   */
  public SearchSettings {
    Objects.requireNonNull(corpus, "corpus");
    Objects.requireNonNull(index, "index");
    Objects.requireNonNull(questions, "questions");
    Objects.requireNonNull(queryPrompt, "queryPrompt");
    SearchOptions.ID_COLUMN.require(idColumn);
    SearchOptions.EMBEDDING_COLUMN.require(embeddingColumn);
    SearchOptions.TEXT_COLUMN.require(textColumn);
    keepColumns = List.copyOf(keepColumns);
    SearchOptions.SIMILARITY.require(similarity);
    SearchOptions.TOP_K.require(topK);
    SearchOptions.MIN_SCORE.require(minScore);
    SearchOptions.BLOCK_ROWS.require(blockRows);
    Objects.requireNonNull(partitioning, "partitioning");
    Objects.requireNonNull(encoding, "encoding");
    SearchOptions.REPORT.require(report);
    if (table.isPresent() && report.isPresent()) {
      requireBeside(table.get(), report.get());
    }
  }

  private static void requireBeside(TableTarget table, String report) {
    if ((report + "/").startsWith(withoutSlash(table.path()) + "/")) {
      throw new IllegalArgumentException(
          "Cannot run: %s must not be in the table, found %s"
              .formatted(SearchOptions.REPORT.option(), report));
    }
  }

  private static String withoutSlash(String path) {
    return path.replaceAll("/+$", "");
  }

  /**
   * Parses settings by their names, as on a command line but without dashes.
   *
   * @throws IllegalArgumentException if a name is unknown, or a text is not a value in range
   */
  public static SearchSettings of(Map<String, String> texts) {
    return of(Settings.parse(texts, SearchOptions.ALL));
  }

  /**
   * Reads the settings of {@link SearchOptions}.
   *
   * @throws IllegalArgumentException if a required one is missing, or two exclude each other
   */
  public static SearchSettings of(Settings settings) {
    settings.requireApplicable(SearchOptions.ALL);
    settings.requireNone(
        List.of(SearchOptions.MEASURE_RECALL), "takes the place of a search; see RecallSettings");
    QuestionSource questions = QuestionSource.of(settings);
    if (questions instanceof QuestionSource.Typed) {
      settings.requireNone(
          List.of(Partitioning.PARTITIONS), "does not apply to questions of --query");
    }
    if (!questions.encodes()) {
      settings.requireNone(SearchOptions.ofTexts(), "does not apply to questions with embeddings");
    }
    Optional<TableTarget> table = table(settings, questions);
    return new SearchSettings(
        CorpusSource.of(SearchOptions.withInput(settings)),
        settings
            .get(SearchOptions.INDEX)
            .map(named -> new IndexUse(settings.get(SearchOptions.PROBE))),
        questions,
        settings.get(SearchOptions.QUERY_PROMPT),
        settings.get(SearchOptions.ID_COLUMN),
        settings.get(SearchOptions.EMBEDDING_COLUMN),
        settings.get(SearchOptions.TEXT_COLUMN),
        settings.get(SearchOptions.KEEP_COLUMNS),
        settings.get(SearchOptions.SIMILARITY),
        settings.get(SearchOptions.TOP_K),
        settings.get(SearchOptions.MIN_SCORE),
        settings.get(SearchOptions.BLOCK_ROWS),
        table,
        settings.get(SearchOptions.REPORT).or(() -> usualReport(questions, table)),
        Partitioning.of(settings),
        settings);
  }

  private static Optional<TableTarget> table(Settings settings, QuestionSource questions) {
    Optional<String> output = settings.get(SearchOptions.OUTPUT);
    if (output.isEmpty()) {
      if (questions instanceof QuestionSource.Table) {
        throw new IllegalArgumentException(
            "Cannot run: --queries requires --output, which is not set");
      }
      settings.requireNone(
          Setting.all(SearchOptions.OF_TABLE, List.of(SearchOptions.KEEP_COLUMNS)),
          "requires --output, which is not set");
    }
    return output.map(path -> TableTarget.of(settings.with(OutputOptions.OUTPUT, path)));
  }

  private static Optional<String> usualReport(
      QuestionSource questions, Optional<TableTarget> table) {
    return table
        .filter(target -> questions instanceof QuestionSource.Table && target.hasPath())
        .map(target -> withoutSlash(target.path()) + "_report");
  }

  /**
   * The same with the columns and the similarity of an index.
   *
   * @param source how it is read
   * @throws IllegalArgumentException if the settings name others
   */
  SearchSettings of(IndexInfo info, CorpusSource source) {
    requireOfIndex(SearchOptions.SIMILARITY, info.similarity());
    requireOfIndex(SearchOptions.ID_COLUMN, info.idColumn());
    requireOfIndex(SearchOptions.EMBEDDING_COLUMN, info.embeddingColumn());
    return new SearchSettings(
        source,
        index,
        questions,
        queryPrompt,
        info.idColumn(),
        info.embeddingColumn(),
        textColumn,
        keepColumns,
        info.similarity(),
        topK,
        minScore,
        blockRows,
        table,
        report,
        partitioning,
        encoding);
  }

  private <T> void requireOfIndex(Setting<T> setting, T made) {
    if (encoding.has(setting) && !encoding.get(setting).equals(made)) {
      throw new IllegalArgumentException(
          "Cannot search: the index %s was made with %s %s, found %s"
              .formatted(
                  String.join(", ", corpus.paths()),
                  setting.option(),
                  made,
                  encoding.get(setting)));
    }
  }

  /**
   * What is looked for.
   *
   * @param vectors the corpus' column with the embedding as floats
   * @param carried columns of the corpus that are carried along
   * @param taskCpus threads of a task
   */
  ExactSearchSettings search(String vectors, List<String> carried, int taskCpus) {
    return new ExactSearchSettings(
        idColumn,
        vectors,
        similarity,
        topK,
        minScore.orElse(null),
        blockRows,
        carried,
        DeviceSettings.of(encoding, taskCpus));
  }
}
