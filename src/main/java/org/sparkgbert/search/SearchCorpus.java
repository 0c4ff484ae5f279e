package org.sparkgbert.search;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.sparkgbert.action.Progress;
import org.sparkgbert.action.Stages;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.corpus.Corpus;
import org.sparkgbert.corpus.CorpusSource;
import org.sparkgbert.embed.EmbedderOptions;
import org.sparkgbert.embed.SentenceEmbedder;
import org.sparkgbert.files.HadoopFiles;
import org.sparkgbert.lake.DerivedProvenance;
import org.sparkgbert.lake.EmbeddingTable;
import org.sparkgbert.lake.RunInfo;
import org.sparkgbert.lake.RunManifest;
import org.sparkgbert.lake.SeparateOutput;
import org.sparkgbert.lake.TableTarget;
import org.sparkgbert.lake.TableWriter;
import org.sparkgbert.lake.WrittenTable;

/**
 * Searches a corpus for the rows that are nearest to questions; writes a table of them, and a page,
 * if they are wanted.
 *
 * <pre>{@code
 * Settings settings =
 *     Settings.NONE
 *         .with(InputOptions.INPUT, List.of("articles_embedded"))
 *         .with(SearchOptions.QUERY, List.of("Wie wird das Wetter?"));
 * FoundAnswers found = new SearchCorpus(SearchSettings.of(settings)).run(spark, Progress.NONE);
 * }</pre>
 *
 * @param settings what to do
 * @param page makes a page of the findings; empty for none
 */
public record SearchCorpus(
    SearchSettings settings, Optional<Function<SearchFindings, String>> page) {
  /** Name of the page in its directory. */
  public static final String PAGE = "report.html";

  /** Without a page. */
  public SearchCorpus(SearchSettings settings) {
    this(settings, Optional.empty());
  }

  /**
   * With a page, if the settings name a directory for it.
   *
   * @param page makes it from the findings, as HTML
   */
  public SearchCorpus(SearchSettings settings, Function<SearchFindings, String> page) {
    this(settings, Optional.of(page));
  }

  /**
   * Runs the action.
   *
   * @param progress is told how many questions are encoded
   * @return what was found; the table is published
   * @throws IllegalArgumentException if the corpus or the questions cannot be read, a column is
   *     missing or of the wrong type, a name is taken, ids of questions are not unique, the model
   *     cannot be opened or is not that of the corpus, or the table cannot be written
   * @throws IllegalStateException if a question cannot be encoded
   */
  public FoundAnswers run(SparkSession spark, Progress progress) {
    try (Stages stages = Stages.of(spark, "search", progress)) {
      return run(spark, stages);
    }
  }

  private FoundAnswers run(SparkSession spark, Stages stages) {
    long start = System.nanoTime();
    stages.begin("read corpus");
    requireWritable(spark);
    if (settings.index().isPresent()) {
      CorpusSource source = IndexSource.of(settings.corpus(), spark);
      OpenedIndex index = OpenedIndex.open(source, spark);
      SearchCorpus search = new SearchCorpus(settings.of(index.info(), source), page);
      return index.use(spark, () -> search.run(spark, stages, Optional.of(index), start));
    }
    return run(spark, stages, Optional.empty(), start);
  }

  private FoundAnswers run(
      SparkSession spark, Stages stages, Optional<OpenedIndex> index, long start) {
    Optional<SearchFindings.IndexUsed> used = index.map(this::used);
    SearchedCorpus searched =
        SearchedCorpus.open(
            spark, settings, index.map(OpenedIndex::corpus), showsTexts(), stages.progress());
    ExactSearchSettings search =
        settings.search(searched.vectors(), searched.carried(), SentenceEmbedder.taskCpus(spark));
    AskedQuestions asked = AskedQuestions.open(spark, settings, searched, stages.progress());
    StructType result =
        ExactSearch.schema(searched.corpus().rows().schema(), asked.rows().schema(), search);
    settings
        .table()
        .ifPresent(target -> TableWriter.requireSchema(spark, published(result), target));
    RunInfo run = RunInfo.begin(RunManifest.Input.of(settings.corpus()), modelLocation());
    stages.begin(asked.tally().isPresent() ? "encode questions" : "read questions");
    Questions questions = asked.read(settings, stages.progress());
    stages.begin("compare rows");
    RowsRead read = RowsRead.registered(spark);
    Dataset<Row> found =
        find(questions, search, index, searched.corpus().rows(), read)
            .persist(StorageLevel.DISK_ONLY());
    try {
      long rows = found.count();
      if (questions.count() > 0 && index.isEmpty()) {
        searched.corpus().requireAll(read.total());
      }
      stages.begin("write answers");
      Optional<WrittenTable> written =
          settings.table().map(target -> write(found, rows, result, searched, target, run));
      AnswerReader reader =
          new AnswerReader(found, questions, settings.idColumn(), searched.textColumn());
      SearchFindings findings =
          new FindingsOfSearch(settings, searched, used, reader, read.total()).make();
      return new FoundAnswers(
          run,
          findings,
          rows,
          written,
          writePage(findings, spark),
          asked.work(),
          Duration.ofNanos(System.nanoTime() - start));
    } finally {
      found.unpersist();
    }
  }

  private SearchFindings.IndexUsed used(OpenedIndex index) {
    return new SearchFindings.IndexUsed(
        index.info(), index.probe(settings.index().orElseThrow().probe()));
  }

  private Dataset<Row> find(
      Questions questions,
      ExactSearchSettings search,
      Optional<OpenedIndex> index,
      Dataset<Row> rows,
      RowsRead read) {
    return index
        .map(
            opened ->
                new IndexedSearch(questions, search, opened, used(opened).probe()).find(rows, read))
        .orElseGet(() -> new ExactSearch(questions, search).find(rows, read));
  }

  /** All that is read: paths, globs or names of tables. */
  public List<String> inputs() {
    List<String> inputs = new ArrayList<>(settings.corpus().paths());
    inputs.addAll(settings.questions().paths());
    return inputs;
  }

  private void requireWritable(SparkSession spark) {
    Configuration hadoop = spark.sessionState().newHadoopConf();
    settings
        .table()
        .ifPresentOrElse(
            target -> TableWriter.requireWritable(spark, target, inputs()),
            () -> inputs().forEach(input -> EmbeddingTable.finishSwap(input, hadoop)));
    directory()
        .ifPresent(
            place -> {
              Path report = new Path(place);
              SeparateOutput.requireBeside("report", report, inputs(), settings.table(), hadoop);
              SeparateOutput.requireOutsideTables("report", report, hadoop);
            });
  }

  /** Where the page goes; empty if there is none. */
  private Optional<String> directory() {
    return page.flatMap(made -> settings.report());
  }

  private boolean showsTexts() {
    return settings.questions() instanceof QuestionSource.Typed || directory().isPresent();
  }

  private String modelLocation() {
    return settings.questions().encodes()
        ? settings.encoding().get(EmbedderOptions.MODEL)
        : String.join(", ", settings.questions().paths());
  }

  /** The result without a text that is only shown. */
  private StructType published(StructType result) {
    StructType kept = new StructType();
    for (String name : result.fieldNames()) {
      if (isPublished(name)) {
        kept = kept.add(result.apply(name));
      }
    }
    return kept;
  }

  private boolean isPublished(String name) {
    return List.of(
                SearchColumns.QUERY_ID,
                SearchColumns.RANK,
                SearchColumns.SCORE,
                settings.idColumn())
            .contains(name)
        || settings.keepColumns().contains(name);
  }

  private WrittenTable write(
      Dataset<Row> found,
      long rows,
      StructType result,
      SearchedCorpus searched,
      TableTarget target,
      RunInfo run) {
    DerivedProvenance derived =
        new DerivedProvenance(settings.similarity().column(), searched.made().stream().toList());
    Dataset<Row> table =
        found
            .select(SearchColumns.HIT + ".*")
            .select(ColumnNames.columns(List.of(published(result).fieldNames())))
            .withMetadata(SearchColumns.SCORE, derived.toMetadata());
    Dataset<Row> divided =
        settings
            .partitioning()
            .overFiles(table, new Corpus(table, OptionalLong.of(rows)), 0, target.partitionBy());
    return TableWriter.write(divided, OptionalLong.of(rows), List.of(), target, run);
  }

  private Optional<String> writePage(SearchFindings findings, SparkSession spark) {
    return directory()
        .map(
            place -> {
              Path file = new Path(place, PAGE);
              String html = page.orElseThrow().apply(findings);
              HadoopFiles.replace(file, html, spark.sessionState().newHadoopConf());
              return file.toString();
            });
  }
}
