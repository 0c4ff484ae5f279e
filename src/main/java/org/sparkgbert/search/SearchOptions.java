package org.sparkgbert.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sparkgbert.corpus.InputOptions;
import org.sparkgbert.embed.EmbedderOptions;
import org.sparkgbert.lake.OutputOptions;
import org.sparkgbert.lake.Partitioning;
import org.sparkgbert.onnx.DeviceOptions;
import org.sparkgbert.settings.Setting;
import org.sparkgbert.settings.Settings;
import org.sparkgbert.settings.ValueType;
import org.sparkgbert.vector.Similarity;

/** Settings of {@link SearchCorpus}; {@link SearchSettings#of} reads them. */
public final class SearchOptions {
  /** The corpus; {@link InputOptions#INPUT} takes its place for those who call the action. */
  public static final Setting<List<String>> INPUT =
      Setting.paths("input")
          .meaning("Corpus, a table of embeddings: files, directories or globs, several allowed.");

  /** The corpus as an index. */
  public static final Setting<Optional<String>> INDEX =
      Setting.optional("index", ValueType.TEXT)
          .excludes(INPUT)
          .label("TABLE")
          .meaning(
              "Index of a corpus, as jobs/index.sh makes it, instead of --input: a directory, or a"
                  + " name in the catalog.");

  /** Cells that a question asks. */
  public static final Setting<Optional<Integer>> PROBE =
      Setting.optional("probe", ValueType.INTEGER)
          .where(probe -> probe.map(cells -> cells >= 1).orElse(true), "must be at least 1")
          .requires(INDEX)
          .label("N")
          .meaning(
              "Number of cells of the index that each question asks; if it is left out, what the"
                  + " index found on its own held-out questions. At least 1.");

  /** Held-out questions to measure with. */
  public static final Setting<Optional<Integer>> MEASURE_RECALL =
      Setting.optional("measure-recall", ValueType.INTEGER)
          .where(questions -> questions.map(count -> count >= 1).orElse(true), "must be at least 1")
          .requires(INDEX)
          .label("N")
          .meaning(
              "Instead of a search: ask N questions that the index held out, exactly and with"
                  + " several numbers of cells, and show recall and what is read. At least 1.");

  /** Questions as texts. */
  public static final Setting<List<String>> QUERY =
      Setting.repeated("query")
          .where(
              texts -> texts.stream().noneMatch(String::isBlank),
              "must be a text, without which there is no question")
          .meaning("Question to answer on the terminal; repeatable.");

  /** A table of questions. */
  public static final Setting<Optional<String>> QUERIES =
      Setting.optional("queries", ValueType.TEXT)
          .excludes(QUERY)
          .label("TABLE")
          .meaning("Table of questions, instead of --query: a path, or a name of a table.");

  /** Spark's data source of the questions. */
  public static final Setting<String> QUERIES_FORMAT =
      Setting.text("queries-format", "parquet")
          .requires(QUERIES)
          .label("NAME")
          .meaning(
              "Spark's data source of the questions: parquet, csv, json, orc, iceberg, ...; view for the"
                  + " name of a table or view of the session.");

  /** Options of that source. */
  public static final Setting<Map<String, String>> QUERIES_READ_OPTION =
      Setting.pairs("queries-read-option")
          .requires(QUERIES)
          .meaning("Option for that data source, such as header=true; repeatable.");

  /** Column with the id of a question. */
  public static final Setting<String> QUERY_ID_COLUMN =
      Setting.text("query-id-column", "id")
          .requires(QUERIES)
          .notBlank()
          .label("NAME")
          .meaning("Column with the id of a question: no two have the same, none has null.");

  /** Column with the text of a question. */
  public static final Setting<Optional<String>> QUERY_COLUMN =
      Setting.optional("query-column", ValueType.TEXT)
          .requires(QUERIES)
          .label("NAME")
          .meaning(
              "Column with the text of a question, which is encoded; if it is left out, the"
                  + " questions have embeddings.");

  /** Text before each question. */
  public static final Setting<Optional<String>> QUERY_PROMPT =
      Setting.of("query-prompt", ValueType.TEXT.optional(), Optional.<String>empty())
          .onlyIf(SearchOptions::encodes, "requires --query or --query-column, which are not set")
          .label("TEXT")
          .meaning("Text put before each question, instead of the model's own prompt.");

  /** Column with the id in the corpus. */
  public static final Setting<String> ID_COLUMN =
      Setting.text("id-column", "id")
          .notBlank()
          .label("NAME")
          .meaning("Column of the corpus with the id of a row.");

  /** Column with the embedding. */
  public static final Setting<String> EMBEDDING_COLUMN =
      Setting.text("embedding-column", "embedding")
          .notBlank()
          .label("NAME")
          .meaning(
              "Column with the embedding, in the corpus and, without --query-column, in the table"
                  + " of questions.");

  /** Column with the text that is shown. */
  public static final Setting<Optional<String>> TEXT_COLUMN =
      Setting.optional("text-column", ValueType.TEXT)
          .label("NAME")
          .meaning(
              "Column of the corpus with the text to show on the terminal and in the report; if it"
                  + " is left out, the one that was embedded.");

  /** Columns that are carried along. */
  public static final Setting<List<String>> KEEP_COLUMNS =
      Setting.names("keep-columns").meaning("Columns of the corpus that the result has besides.");

  /** What rows and questions are compared by. */
  public static final Setting<Similarity> SIMILARITY =
      Setting.choice("similarity", Similarity.COSINE)
          .where(
              similarity -> similarity.ranking().isPresent(),
              "must be " + NeighbourSettings.searchable(Similarity::label))
          .label("<cosine|dot>")
          .meaning("What rows and questions are compared by: cosine or dot.");

  /** Rows per question. */
  public static final Setting<Integer> TOP_K =
      Setting.integer("top-k", 10)
          .atLeast(1)
          .label("K")
          .meaning("Maximum number of rows per question. At least 1.");

  /** Minimum score of a row. */
  public static final Setting<Optional<Double>> MIN_SCORE =
      Setting.optional("min-score", ValueType.NUMBER)
          .where(score -> score.map(Double::isFinite).orElse(true), "must be a finite number")
          .label("S")
          .meaning("Minimum score of a row.");

  /** Rows of a block. */
  public static final Setting<Integer> BLOCK_ROWS =
      Setting.integer("block-rows", 2_048)
          .atLeast(1)
          .atMost(16_384)
          .label("N")
          .meaning(
              "Rows per block, of the corpus and of questions, which bounds memory. From 1 to"
                  + " 16384.");

  /** Where the result is written. */
  public static final Setting<Optional<String>> OUTPUT =
      Setting.optional("output", ValueType.TEXT)
          .label("TABLE")
          .meaning(
              "Table to write; must be given with --queries. A directory, or a name in the catalog"
                  + " for other formats.");

  /** Where the report is written. */
  public static final Setting<Optional<String>> REPORT =
      Setting.optional("report", ValueType.TEXT)
          .label("DIR")
          .meaning(
              "Directory for report.html; with --queries by default the table's name with _report,"
                  + " if it is a directory.");

  /** The corpus, as it is or as an index. */
  public static final List<Setting<?>> CORPUS =
      List.of(
          INPUT,
          INDEX,
          PROBE,
          MEASURE_RECALL,
          InputOptions.FORMAT,
          InputOptions.READ_OPTION,
          InputOptions.WHERE);

  /** Questions. */
  public static final List<Setting<?>> QUESTIONS =
      List.of(
          QUERY,
          QUERIES,
          QUERIES_FORMAT,
          QUERIES_READ_OPTION,
          QUERY_ID_COLUMN,
          QUERY_COLUMN,
          QUERY_PROMPT);

  /** What is looked for. */
  public static final List<Setting<?>> SEARCH =
      List.of(
          ID_COLUMN,
          EMBEDDING_COLUMN,
          TEXT_COLUMN,
          KEEP_COLUMNS,
          SIMILARITY,
          TOP_K,
          MIN_SCORE,
          BLOCK_ROWS);

  /** How the table is written. */
  static final List<Setting<?>> OF_TABLE = ofTable();

  /** The result. */
  public static final List<Setting<?>> RESULT =
      Setting.all(List.of(OUTPUT), OF_TABLE, List.of(REPORT));

  /** How questions are encoded, and where they are compared. */
  public static final List<Setting<?>> ENCODING =
      Setting.all(List.of(Partitioning.PARTITIONS), EmbedderOptions.ALL);

  /** All settings of the action. */
  public static final List<Setting<?>> ALL =
      Setting.all(CORPUS, QUESTIONS, SEARCH, RESULT, ENCODING);

  private SearchOptions() {}

  private static List<Setting<?>> ofTable() {
    List<Setting<?>> settings = new ArrayList<>(OutputOptions.TABLE);
    settings.remove(OutputOptions.OUTPUT);
    return List.copyOf(settings);
  }

  /**
   * Settings that name the corpus as those of all inputs do.
   *
   * @throws IllegalArgumentException if there is none
   */
  static Settings withInput(Settings settings) {
    if (settings.get(INDEX).isPresent()) {
      settings.requireNone(
          List.of(INPUT, InputOptions.INPUT, InputOptions.READ_OPTION),
          "does not apply with " + INDEX.option());
    }
    List<String> paths = settings.get(INDEX).map(List::of).orElseGet(() -> settings.get(INPUT));
    if (!paths.isEmpty()) {
      settings.requireNone(List.of(InputOptions.INPUT), "is given twice");
      return settings.with(InputOptions.INPUT, paths);
    }
    if (!settings.has(InputOptions.INPUT)) {
      throw new IllegalArgumentException("Cannot run: give --input or --index");
    }
    return settings;
  }

  /** Whether questions are texts. */
  static boolean encodes(Settings settings) {
    return settings.has(QUERY) || settings.has(QUERY_COLUMN);
  }

  /** Settings of encoding that have no meaning for questions with embeddings. */
  static List<Setting<?>> ofTexts() {
    List<Setting<?>> settings = new ArrayList<>(ENCODING);
    settings.removeAll(
        List.of(
            DeviceOptions.DEVICE,
            DeviceOptions.THREADS,
            DeviceOptions.GPU_MEMORY_LIMIT,
            DeviceOptions.GPU_ARENA));
    return settings;
  }
}
