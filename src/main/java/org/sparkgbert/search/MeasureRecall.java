package org.sparkgbert.search;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.sparkgbert.action.Progress;
import org.sparkgbert.action.Stages;
import org.sparkgbert.corpus.Corpus;
import org.sparkgbert.files.HadoopFiles;
import org.sparkgbert.lake.SeparateOutput;

/**
 * Measures an index by questions that it held out: asks them exactly, and with several numbers of
 * cells. A question is a row of the corpus that centroids were not trained on; it is not its own
 * answer.
 *
 * @param settings what to do
 * @param page makes a page of the findings, as HTML
 */
public record MeasureRecall(RecallSettings settings, Function<RecallFindings, String> page) {
  private static final int AT = HeldOutRecall.AT;

  /** Questions that are also asked alone. */
  private static final int SINGLES = 5;

  /**
   * Runs the action.
   *
   * @return what was measured; the page is written
   * @throws IllegalArgumentException if the table is no index, or held out fewer questions
   */
  public RecallFindings run(SparkSession spark, Progress progress) {
    try (Stages stages = Stages.of(spark, "measure recall", progress)) {
      return run(spark, stages);
    }
  }

  /** All that is read. */
  public List<String> inputs() {
    return settings.index().paths();
  }

  private RecallFindings run(SparkSession spark, Stages stages) {
    stages.begin("read index");
    Configuration hadoop = spark.sessionState().newHadoopConf();
    settings
        .report()
        .ifPresent(
            place -> {
              Path report = new Path(place);
              SeparateOutput.requireBeside("report", report, inputs(), Optional.empty(), hadoop);
              SeparateOutput.requireOutsideTables("report", report, hadoop);
            });
    OpenedIndex index =
        OpenedIndex.open(
            IndexSource.of(settings.index(), spark).paths().get(0),
            spark,
            table -> new Corpus(table.rows(spark), OptionalLong.of(table.manifest().rows())));
    RecallFindings findings = index.use(spark, () -> measure(index, spark, stages));
    settings
        .report()
        .ifPresent(
            place ->
                HadoopFiles.replace(
                    new Path(place, SearchCorpus.PAGE), page.apply(findings), hadoop));
    return findings;
  }

  private RecallFindings measure(OpenedIndex index, SparkSession spark, Stages stages) {
    Dataset<Row> rows = index.corpus().rows();
    Questions questions = questions(rows, index.info());
    stages.begin("compare all rows");
    BytesRead.Counted<Map<Integer, List<Double>>> exact =
        BytesRead.of(
            spark,
            () ->
                found(
                    new ExactSearch(questions, search(index.info()))
                        .find(rows, RowsRead.registered(spark)),
                    index.info()));
    List<RecallFindings.Measured> recalls = new ArrayList<>();
    int singles = Math.min(SINGLES, questions.count());
    stages.begin("ask the index");
    List<Integer> probes = List.copyOf(probes(index.info()));
    for (int probe : probes) {
      recalls.add(measured(rows, questions, index, probe, exact.value(), singles));
      stages.progress().steps(recalls.size(), probes.size(), "probe");
    }
    return new RecallFindings(
        inputs().get(0),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        index.info(),
        questions.count(),
        singles,
        exact.bytes(),
        recalls);
  }

  private Questions questions(Dataset<Row> rows, IndexInfo info) {
    if (settings.questions() > info.heldOut()) {
      throw new IllegalArgumentException(
          "Cannot measure recall: %s must be at most %d, the questions that the index held out, found %d"
              .formatted(
                  SearchOptions.MEASURE_RECALL.option(), info.heldOut(), settings.questions()));
    }
    Questions questions =
        HashedRows.of(info.idColumn(), info.built().rows(), 0, info.heldOut())
            .questions(rows, info.embeddingColumn(), info.similarity(), settings.questions());
    if (questions.count() == 0) {
      throw new IllegalArgumentException(
          "Cannot measure recall: no held-out row of %s can be compared".formatted(inputs()));
    }
    return questions;
  }

  private static Set<Integer> probes(IndexInfo info) {
    Set<Integer> probes = new TreeSet<>();
    info.recalls().forEach(recall -> probes.add(Math.min(recall.probe(), info.cells())));
    probes.add(Math.min(info.probe(), info.cells()));
    return probes;
  }

  /** One more than is compared, since a question finds itself. */
  private ExactSearchSettings search(IndexInfo info) {
    return new ExactSearchSettings(
        info.idColumn(),
        info.embeddingColumn(),
        info.similarity(),
        AT + 1,
        null,
        SearchOptions.BLOCK_ROWS.defaultValue().orElseThrow(),
        List.of(),
        settings.device());
  }

  /** Scores of the nearest rows of each question, other than itself, the best first. */
  private static Map<Integer, List<Double>> found(Dataset<Row> found, IndexInfo info) {
    Map<Integer, List<Double>> scores = new HashMap<>();
    Column hit = functions.col(SearchColumns.HIT);
    found
        .where(HeldOutRecall.isOther(info.idColumn()))
        .orderBy(functions.col(SearchColumns.NUMBER), hit.getField(SearchColumns.RANK))
        .select(functions.col(SearchColumns.NUMBER), hit.getField(SearchColumns.SCORE))
        .collectAsList()
        .forEach(
            row -> {
              List<Double> ofQuestion =
                  scores.computeIfAbsent(row.getInt(0), number -> new ArrayList<>());
              if (ofQuestion.size() < AT) {
                ofQuestion.add(row.getDouble(1));
              }
            });
    return scores;
  }

  private RecallFindings.Measured measured(
      Dataset<Row> rows,
      Questions questions,
      OpenedIndex index,
      int probe,
      Map<Integer, List<Double>> exact,
      int singles) {
    SparkSession spark = rows.sparkSession();
    Map<Integer, List<Double>> found =
        found(
            new IndexedSearch(questions, search(index.info()), index, probe)
                .find(rows, RowsRead.registered(spark)),
            index.info());
    double recall =
        exact.entrySet().stream()
            .mapToDouble(
                wanted -> share(wanted.getValue(), found.getOrDefault(wanted.getKey(), List.of())))
            .average()
            .orElse(1);
    RowsRead[] read = new RowsRead[singles];
    long bytes =
        IntStream.range(0, singles)
            .mapToLong(
                single -> {
                  read[single] = RowsRead.registered(spark);
                  Questions one = questions.only(single * questions.count() / singles);
                  return BytesRead.of(
                          spark,
                          () ->
                              new IndexedSearch(one, search(index.info()), index, probe)
                                  .find(rows, read[single])
                                  .collectAsList())
                      .bytes();
                })
            .sum();
    long compared = IntStream.range(0, singles).mapToLong(single -> read[single].total()).sum();
    return new RecallFindings.Measured(
        probe, recall, (double) compared / singles / index.info().rows(), (double) bytes / singles);
  }

  /** Of equal scores any will do, so that a row counts by its score. */
  private static double share(List<Double> wanted, List<Double> found) {
    double least = wanted.get(wanted.size() - 1);
    return (double) found.stream().filter(score -> score >= least).count() / wanted.size();
  }
}
