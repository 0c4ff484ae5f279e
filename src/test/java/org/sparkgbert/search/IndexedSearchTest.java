package org.sparkgbert.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.commons.io.FileUtils;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkgbert.TestSpark;
import org.sparkgbert.action.Progress;
import org.sparkgbert.corpus.Corpus;
import org.sparkgbert.corpus.CorpusSource;
import org.sparkgbert.corpus.InputOptions;
import org.sparkgbert.lake.DerivedProvenance;
import org.sparkgbert.lake.OutputOptions;
import org.sparkgbert.lake.WriteMode;
import org.sparkgbert.onnx.DeviceSettings;
import org.sparkgbert.settings.Settings;
import org.sparkgbert.vector.Similarity;

/** An index finds what exact search finds, as far as it asks the cells that have it. */
@Tag("long")
class IndexedSearchTest {
  private static final int DIMENSION = 24;
  private static final int TOPICS = 40;
  private static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.LongType, true)
          .add("text", DataTypes.StringType, true)
          .add("embedding", DataTypes.createArrayType(DataTypes.FloatType), true);

  @TempDir private Path directory;

  /** Vectors around some centres. */
  private static List<float[]> vectors(int count, long seed) {
    Random centres = new Random(7);
    float[][] topics = new float[TOPICS][DIMENSION];
    for (float[] topic : topics) {
      for (int i = 0; i < DIMENSION; i++) {
        topic[i] = (float) centres.nextGaussian();
      }
    }
    Random random = new Random(seed);
    List<float[]> vectors = new ArrayList<>();
    for (int row = 0; row < count; row++) {
      float[] topic = topics[random.nextInt(TOPICS)];
      float[] vector = new float[DIMENSION];
      for (int i = 0; i < DIMENSION; i++) {
        vector[i] = topic[i] + 0.5f * (float) random.nextGaussian();
      }
      vectors.add(vector);
    }
    return vectors;
  }

  /** A corpus with duplicates, and rows that cannot be compared. */
  private static List<Row> rows(List<float[]> vectors) {
    List<Row> rows = new ArrayList<>();
    for (float[] vector : vectors) {
      rows.add(RowFactory.create((long) rows.size(), "row " + rows.size(), vector));
    }
    for (int i = 0; i < 60; i++) {
      rows.add(RowFactory.create((long) rows.size(), "again " + i, vectors.get(i % 3)));
    }
    float[] unknown = vectors.get(0).clone();
    unknown[3] = Float.NaN;
    rows.add(RowFactory.create((long) rows.size(), "null", null));
    rows.add(RowFactory.create((long) rows.size(), null, new float[DIMENSION]));
    rows.add(RowFactory.create((long) rows.size(), "nan", unknown));
    return rows;
  }

  private String corpus(List<Row> rows) {
    String path = directory.resolve("corpus").toString();
    List<Row> shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, new Random(3));
    TestSpark.session().createDataFrame(shuffled, SCHEMA).repartition(3).write().parquet(path);
    return path;
  }

  private Settings settings(String corpus) {
    return Settings.NONE
        .with(InputOptions.INPUT, List.of(corpus))
        .with(OutputOptions.OUTPUT, directory.resolve("index").toString())
        .with(IndexOptions.CELLS, 30)
        .with(IndexOptions.HELD_OUT, 50);
  }

  private static BuiltIndex build(Settings settings) {
    return new BuildIndex(IndexSettings.of(settings)).run(TestSpark.session(), Progress.NONE);
  }

  private String path() {
    return directory.resolve("index").toString();
  }

  private OpenedIndex opened() {
    return OpenedIndex.open(source(), TestSpark.session());
  }

  private CorpusSource source() {
    return new CorpusSource(List.of(path()), "parquet", Map.of(), "");
  }

  private static ExactSearchSettings search(Similarity similarity, int topK, Double minScore) {
    return new ExactSearchSettings(
        "id", "embedding", similarity, topK, minScore, 256, List.of("text"), DeviceSettings.cpu(1));
  }

  private static Questions questions(Similarity similarity) {
    List<Row> rows = new ArrayList<>();
    for (float[] vector : vectors(40, 99)) {
      rows.add(RowFactory.create((long) rows.size(), vector));
    }
    rows.add(RowFactory.create((long) rows.size(), vectors(3, 1).get(0)));
    rows.add(RowFactory.create((long) rows.size(), null));
    StructType schema =
        new StructType()
            .add("query_id", DataTypes.LongType)
            .add("embedding", DataTypes.createArrayType(DataTypes.FloatType));
    return Questions.read(TestSpark.session().createDataFrame(rows, schema), similarity, 16);
  }

  private static RowsRead counter() {
    return RowsRead.registered(TestSpark.session());
  }

  private static List<String> shown(Dataset<Row> found) {
    return found.select("hit.*").collectAsList().stream().map(Row::mkString).toList();
  }

  @ParameterizedTest
  @CsvSource({"COSINE, 7", "COSINE, 5000", "DOT, 7"})
  void withAllCellsAskedTheResultIsThatOfExactSearch(Similarity similarity, int topK) {
    String corpus = corpus(rows(vectors(2_000, 1)));
    build(settings(corpus).with(SearchOptions.SIMILARITY, similarity));
    Questions questions = questions(similarity);
    OpenedIndex index = opened();
    Dataset<Row> rows = TestSpark.session().read().parquet(path());
    Dataset<Row> exact = TestSpark.session().read().parquet(corpus);
    for (Double minScore : Arrays.asList(null, 0.5)) {
      ExactSearchSettings search = search(similarity, topK, minScore);
      for (String where : List.of("true", "id % 3 = 1", "id < 0")) {
        assertThat(
                shown(
                    new IndexedSearch(questions, search, index, index.info().cells())
                        .find(rows.where(where), counter())))
            .as("%s, %s", minScore, where)
            .isEqualTo(
                shown(new ExactSearch(questions, search).find(exact.where(where), counter())));
      }
    }
  }

  @Test
  void rowsAndColumnsOfTheIndexAreThoseOfTheCorpus() {
    List<Row> rows = rows(vectors(1_200, 1));
    BuiltIndex built = build(settings(corpus(rows)));
    Dataset<Row> index = TestSpark.session().read().parquet(path());
    assertThat(index.columns())
        .containsExactlyInAnyOrder(
            "id",
            "text",
            "embedding",
            "index_code",
            "index_scale",
            "index_along",
            "index_centroid",
            "index_cell");
    assertThat(index.select("id", "text", "embedding").orderBy("id").collectAsList())
        .extracting(Row::json)
        .isEqualTo(
            TestSpark.session().createDataFrame(rows, SCHEMA).orderBy("id").collectAsList().stream()
                .map(Row::json)
                .toList());
    assertThat(built.info().rows()).isEqualTo(rows.size());
    assertThat(built.info().compared()).isEqualTo(rows.size() - 3);
    assertThat(index.where("index_cell = -1").select("id").collectAsList())
        .extracting(row -> row.getLong(0))
        .containsExactlyInAnyOrder(1260L, 1261L, 1262L);
    assertThat(index.where("index_centroid IS NOT NULL").count()).isEqualTo(built.info().cells());
  }

  @Test
  void aCellIsOneFileSortedById() {
    BuiltIndex built = build(settings(corpus(rows(vectors(1_200, 1)))));
    assertThat(built.table().files()).isEqualTo(built.info().cells() + 1);
    Map<String, List<Long>> ids = new TreeMap<>();
    TestSpark.session()
        .read()
        .parquet(path())
        .selectExpr("input_file_name()", "id")
        .collectAsList()
        .forEach(
            row ->
                ids.computeIfAbsent(row.getString(0), file -> new ArrayList<>())
                    .add(row.getLong(1)));
    assertThat(ids.values()).allSatisfy(ofFile -> assertThat(ofFile).isSorted());
  }

  @Test
  void moreCellsFindMoreAndTheRecommendedOnesReachTheRecall() {
    build(settings(corpus(rows(vectors(4_000, 1)))).with(IndexOptions.RECALL, 0.9));
    OpenedIndex index = opened();
    IndexInfo info = index.info();
    assertThat(info.recalls()).isNotEmpty();
    for (int i = 1; i < info.recalls().size(); i++) {
      assertThat(info.recalls().get(i).recall())
          .isGreaterThanOrEqualTo(info.recalls().get(i - 1).recall());
      assertThat(info.recalls().get(i).rows()).isGreaterThan(info.recalls().get(i - 1).rows());
    }
    assertThat(info.recalls().get(info.recalls().size() - 1))
        .isEqualTo(new ProbeRecall(info.cells(), 1, 1));
    assertThat(info.recallAt(info.probe()).orElseThrow().recall()).isGreaterThanOrEqualTo(0.9);
    assertThat(info.probe()).isLessThan(info.cells());
    assertThat(info.now().imbalance()).isBetween(1.0, 4.0);
    Questions questions = questions(Similarity.COSINE);
    ExactSearchSettings search = search(Similarity.COSINE, 10, null);
    Dataset<Row> rows = TestSpark.session().read().parquet(path());
    Set<String> exact =
        new HashSet<>(pairs(new ExactSearch(questions, search).find(rows, counter())));
    double before = 0;
    for (int probe : new int[] {1, info.probe(), info.cells()}) {
      RowsRead read = counter();
      List<String> found =
          pairs(new IndexedSearch(questions, search, index, probe).find(rows, read));
      double recall = (double) found.stream().filter(exact::contains).count() / exact.size();
      assertThat(recall).isGreaterThanOrEqualTo(before);
      before = recall;
      if (probe == info.probe()) {
        assertThat(recall).isGreaterThan(0.85);
      }
    }
    assertThat(before).isEqualTo(1);
  }

  private static List<String> pairs(Dataset<Row> found) {
    return found.select("hit.query_id", "hit.id").collectAsList().stream()
        .map(Row::mkString)
        .toList();
  }

  @Test
  void onlyCellsThatAreAskedAreRead() {
    build(settings(corpus(rows(vectors(2_000, 1)))));
    OpenedIndex index = opened();
    Questions questions = questions(Similarity.COSINE);
    Questions one =
        new Questions(
            questions.keys(),
            List.of(
                Questions.read(
                        TestSpark.session()
                            .createDataFrame(
                                List.of(RowFactory.create(1L, vectors(1, 5).get(0))),
                                new StructType()
                                    .add("query_id", DataTypes.LongType)
                                    .add(
                                        "embedding",
                                        DataTypes.createArrayType(DataTypes.FloatType))),
                        Similarity.COSINE,
                        16)
                    .blocks()
                    .get(0)),
            List.of());
    RowsRead read = counter();
    Dataset<Row> rows = TestSpark.session().read().parquet(path());
    new IndexedSearch(one, search(Similarity.COSINE, 3, null), index, 1).find(rows, read).count();
    int cell = index.centroids().cell(index.centroids().ranked(one.vector(0))[0]);
    assertThat(read.total()).isEqualTo(rows.where("index_cell = " + cell).count()).isPositive();
  }

  private RecallFindings measured(int questions) {
    RecallSettings settings =
        new RecallSettings(source(), questions, Optional.empty(), DeviceSettings.cpu(1));
    return new MeasureRecall(settings, findings -> "").run(TestSpark.session(), Progress.NONE);
  }

  /** The recall that the index says of itself is that of searches. */
  private void assertRecallIsMeasured(IndexInfo info, double mostLower) {
    for (RecallFindings.Measured each : measured(info.heldOut()).recalls()) {
      assertThat(info.recallAt(each.probe()).orElseThrow().recall())
          .as("%d cells", each.probe())
          .isBetween(each.recall() - mostLower, each.recall() + 1e-4);
    }
  }

  private static List<Row> unlike(int count, Function<Random, float[]> vector) {
    Random random = new Random(11);
    List<Row> rows = new ArrayList<>();
    for (long id = 0; id < count; id++) {
      rows.add(RowFactory.create(id, "row " + id, vector.apply(random)));
    }
    return rows;
  }

  @ParameterizedTest
  @CsvSource({"COSINE", "DOT"})
  void aConstantElementCostsNoRecall(Similarity similarity) {
    List<Row> rows =
        unlike(
            2_000,
            random -> {
              float[] vector = new float[DIMENSION];
              for (int i = 0; i < DIMENSION; i++) {
                vector[i] = i == 5 ? 3_000 : (float) random.nextGaussian();
              }
              return vector;
            });
    IndexInfo info =
        build(
                settings(corpus(rows))
                    .with(IndexOptions.CELLS, 8)
                    .with(SearchOptions.SIMILARITY, similarity))
            .info();
    assertThat(info.recalls().get(info.recalls().size() - 1).recall()).isGreaterThan(0.98);
    assertRecallIsMeasured(info, 0.02);
  }

  private static Progress noting(List<String> notes) {
    return new Progress() {
      @Override
      public void note(String note) {
        notes.add(note);
      }
    };
  }

  @Test
  void otherCellsThanWantedAreToldWithTheReason() {
    List<float[]> four = vectors(4, 1);
    List<Row> rows = unlike(400, random -> four.get(random.nextInt(4)));
    List<String> notes = new ArrayList<>();
    new BuildIndex(IndexSettings.of(settings(corpus(rows)).with(IndexOptions.CELLS, 10)))
        .run(TestSpark.session(), noting(notes));
    assertThat(notes)
        .contains(
            "Cells: 4 instead of 10: cells are divided until none has more than 2.5 times the mean of"
                + " those wanted, and cells without rows are left out");
  }

  @Test
  void vectorsWhoseProductsAreNotFiniteAreRefused() {
    List<float[]> vectors = vectors(400, 1);
    vectors.forEach(
        vector -> {
          for (int i = 0; i < DIMENSION; i++) {
            vector[i] *= 1e30f;
          }
        });
    Settings settings = settings(corpus(rows(vectors)));
    assertThatThrownBy(() -> build(settings.with(SearchOptions.SIMILARITY, Similarity.DOT)))
        .message()
        .matches(
            "Cannot index: products of embeddings must be finite in float32, found one of length"
                + " \\d\\.\\de\\+30; divide all of them by the same number, which changes no order");
    assertThat(build(settings).info().cells()).isGreaterThan(5);
  }

  @Test
  void whatCodesLoseIsPartOfTheRecallAndToldAtTheBuild() {
    List<Row> rows =
        unlike(
            4_000,
            random -> {
              float[] vector = new float[DIMENSION];
              for (int i = 0; i < DIMENSION; i++) {
                vector[i] = (float) random.nextGaussian();
              }
              vector[random.nextInt(DIMENSION)] = 10_000;
              return vector;
            });
    List<String> notes = new ArrayList<>();
    IndexInfo info =
        new BuildIndex(IndexSettings.of(settings(corpus(rows)).with(IndexOptions.CELLS, 2)))
            .run(TestSpark.session(), noting(notes))
            .info();
    double most = info.recalls().get(info.recalls().size() - 1).recall();
    assertThat(most).isLessThan(0.9);
    assertThat(info.recallAt(info.probe()).orElseThrow().recall()).isEqualTo(most);
    assertRecallIsMeasured(info, 0.1);
    assertThat(notes)
        .anyMatch(
            note ->
                note.matches(
                    "Recall: with all \\d cells asked it is 0\\.\\d{3}, below the 0\\.95 of --recall;"
                        + " the rest is lost by codes of a byte per element, and found by"
                        + " jobs/search.sh --input"));
  }

  /**
   * Another index, of other vectors with the same ids, takes the place of the one that is there.
   */
  private void replace() {
    try {
      Path old = directory.resolve("old" + System.nanoTime());
      Files.move(Path.of(path()), old);
      Files.move(directory.resolve("index2"), Path.of(path()));
      FileUtils.deleteDirectory(old.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private IndexInfo buildOther(int cells) {
    String other = directory.resolve("other").toString();
    TestSpark.session()
        .createDataFrame(rows(vectors(600, 77)), SCHEMA)
        .write()
        .mode("overwrite")
        .parquet(other);
    return build(
            settings(other)
                .with(IndexOptions.CELLS, cells)
                .with(OutputOptions.OUTPUT, directory.resolve("index2").toString()))
        .info();
  }

  /** 300 equal rows are more than the candidates; their ids, as bytes, have another order. */
  @Test
  void ofEqualRowsTheOnesWithTheLowestIdsAreFound() {
    List<float[]> vectors = vectors(1_000, 1);
    for (int row = 200; row < 500; row++) {
      vectors.set(row, vectors.get(200));
    }
    List<Row> rows = new ArrayList<>();
    vectors.forEach(vector -> rows.add(RowFactory.create((long) rows.size(), "row", vector)));
    IndexInfo info = build(settings(corpus(rows)).with(IndexOptions.CELLS, 6)).info();
    Dataset<Row> index = TestSpark.session().read().parquet(path());
    Questions all =
        Questions.read(
            index.where("id = 200").selectExpr("id AS query_id", "embedding"),
            Similarity.COSINE,
            16);
    ExactSearchSettings search = search(Similarity.COSINE, 10, null);
    assertThat(shown(new IndexedSearch(all, search, opened(), info.cells()).find(index, counter())))
        .isEqualTo(shown(new ExactSearch(all, search).find(index, counter())));
    assertThat(measured(info.heldOut()).recalls())
        .last()
        .returns(1.0, RecallFindings.Measured::recall);
  }

  @Test
  void aRowWithoutACodeIsRefusedByName() {
    build(settings(corpus(rows(vectors(500, 1)))));
    OpenedIndex index = opened();
    Dataset<Row> rows = TestSpark.session().read().parquet(path());
    int cell = rows.where("id = 7").first().getAs("index_cell");
    for (String column : List.of("index_code", "index_scale", "index_along")) {
      Dataset<Row> without =
          rows.withColumn(column, functions.expr("IF(id = 7, NULL, " + column + ")"));
      assertThatThrownBy(
              () ->
                  new IndexedSearch(
                          questions(Similarity.COSINE),
                          search(Similarity.COSINE, 3, null),
                          index,
                          index.info().cells())
                      .find(without, counter()))
          .rootCause()
          .hasMessage(
              "Cannot search: the row with id = 7 is in cell %d of the index and has no code; build it again with jobs/index.sh"
                  .formatted(cell));
    }
  }

  @Test
  void aRowInACellWithoutACentroidIsSeen() {
    build(settings(corpus(rows(vectors(500, 1)))));
    Dataset<Row> rows =
        TestSpark.session()
            .read()
            .parquet(path())
            .withColumn(
                "index_cell",
                functions.expr(
                    "IF(id IN (407, 408, 409) AND index_centroid IS NULL, 999, index_cell)"));
    assertThat(
            IndexAudit.of(rows, opened().info(), "there")
                .where("index_no_centroid AND index_cell = 999")
                .count())
        .isEqualTo(rows.where("index_cell = 999").count())
        .isPositive();
  }

  @Test
  void rowsOfOneIdAreFoundOnceEach() {
    build(settings(corpus(rows(vectors(500, 1)))));
    Dataset<Row> rows = TestSpark.session().read().parquet(path());
    Dataset<Row> doubled =
        rows.union(
            rows.where("id < 40").withColumn("text", functions.expr("concat(text, ', again')")));
    Questions questions = questions(Similarity.COSINE);
    ExactSearchSettings search = search(Similarity.COSINE, 12, null);
    OpenedIndex index = opened();
    assertThat(
            shown(
                new IndexedSearch(questions, search, index, index.info().cells())
                    .find(doubled, counter())))
        .isEqualTo(shown(new ExactSearch(questions, search).find(doubled, counter())))
        .anyMatch(row -> row.contains("again"));
  }

  @Test
  void idsThatOccurTwiceAreRefused() {
    List<Row> rows = new ArrayList<>(rows(vectors(500, 1)));
    rows.add(RowFactory.create(7L, "again", vectors(1, 1).get(0)));
    assertFails(rows, "Cannot index: ids must be unique, found id = 7 in 2 rows");
  }

  @Test
  void anIndexThatIsReplacedWhileItIsOpenedIsOpenedAgain() {
    build(settings(corpus(rows(vectors(500, 1)))).with(IndexOptions.CELLS, 3));
    IndexInfo other = buildOther(5);
    List<String> runs = new ArrayList<>();
    OpenedIndex index =
        OpenedIndex.open(
            path(),
            TestSpark.session(),
            table -> {
              runs.add(table.manifest().runId());
              Corpus listed = source().openUnfiltered(TestSpark.session());
              if (runs.size() == 1) {
                replace();
              }
              return listed;
            });
    assertThat(runs).hasSize(2).doesNotHaveDuplicates();
    assertThat(index.info().cells()).isEqualTo(other.cells()).isEqualTo(index.centroids().count());
    assertThatThrownBy(
            () ->
                OpenedIndex.open(
                    path(),
                    TestSpark.session(),
                    table -> {
                      buildOther(4);
                      replace();
                      return source().openUnfiltered(TestSpark.session());
                    }))
        .hasMessage(
            "Cannot search: the index %s was replaced while it was opened, 3 times; run again"
                .formatted(path()));
  }

  @Test
  void anIndexThatIsReplacedWhileItIsSearchedDoesNotAnswer() {
    build(settings(corpus(rows(vectors(500, 1)))).with(IndexOptions.CELLS, 3));
    buildOther(5);
    String asked = directory.resolve("asked").toString();
    TestSpark.session().read().parquet(path()).where("id < 5").write().parquet(asked);
    Progress replacing =
        new Progress() {
          @Override
          public void begin(String stage) {
            if (stage.equals("read questions")) {
              replace();
            }
          }
        };
    SearchCorpus search =
        new SearchCorpus(
            SearchSettings.of(
                Settings.NONE
                    .with(SearchOptions.INDEX, Optional.of(path()))
                    .with(SearchOptions.QUERIES, Optional.of(asked))
                    .with(SearchOptions.OUTPUT, Optional.of(directory.resolve("out").toString()))));
    assertThatThrownBy(() -> search.run(TestSpark.session(), replacing))
        .hasMessage(
            "Cannot search: the index %s was replaced while it was searched; run again"
                .formatted(path()));
    assertThat(search.run(TestSpark.session(), Progress.NONE).rows()).isEqualTo(50);
  }

  @Test
  void whatCannotBeIndexedIsRefused() {
    String corpus = corpus(rows(vectors(500, 1)));
    assertThatThrownBy(() -> build(settings(corpus).with(IndexOptions.CELLS, 0)))
        .hasMessage(
            "Cannot index: with fewer than 10,000 rows an index saves nothing, found 563; use"
                + " jobs/search.sh --input, or set --cells");
    build(settings(corpus));
    assertThatThrownBy(() -> build(settings(corpus))).hasMessageContaining("exists");
    build(settings(corpus).with(OutputOptions.MODE, WriteMode.OVERWRITE));
    assertThatThrownBy(
            () ->
                build(
                    settings(path())
                        .with(OutputOptions.OUTPUT, directory.resolve("other").toString())))
        .hasMessage(
            "Cannot index: the index has a column 'index_code' of its own, found one in the"
                + " corpus; an index is made of a table of embeddings, not of an index");
  }

  @Test
  void rowsThatCannotBeComparedAloneMakeNoIndex() {
    List<Row> rows = List.of(RowFactory.create(1L, "a", null), RowFactory.create(2L, "b", null));
    assertThatThrownBy(() -> build(settings(corpus(rows))))
        .hasMessage(
            "Cannot index: no embedding of column 'embedding' can be compared, all are null, not"
                + " finite or zero");
  }

  @Test
  void rowsOfOtherDimensionsOrWithoutIdAreRefused() {
    List<Row> rows = new ArrayList<>(rows(vectors(500, 1)));
    rows.add(RowFactory.create(null, "no id", vectors(1, 1).get(0)));
    assertFails(rows, "Cannot index: every row of the corpus must have an id, found null");
  }

  @Test
  void rowsOfOtherDimensionsAreRefused() {
    List<Row> rows = new ArrayList<>(rows(vectors(500, 1)));
    rows.add(RowFactory.create(9_999L, "short", new float[] {1, 2}));
    assertFails(rows, "Cannot index: embeddings must have the same dimension, found 24 and 2");
  }

  private void assertFails(List<Row> rows, String message) {
    Settings settings = settings(corpus(rows));
    assertThatThrownBy(() -> build(settings))
        .satisfies(
            error ->
                assertThat(ExceptionUtils.getThrowableList(error))
                    .anyMatch(each -> message.equals(each.getMessage())));
    assertThat(directory.resolve("index")).doesNotExist();
  }

  @Test
  void aProbeAboveTheCellsIsRefused() {
    build(settings(corpus(rows(vectors(500, 1)))));
    OpenedIndex index = opened();
    assertThat(index.probe(Optional.empty())).isEqualTo(index.info().probe());
    assertThatThrownBy(() -> index.probe(Optional.of(31)))
        .hasMessage(
            "Cannot search: --probe must be at most %d, the cells of the index, found 31"
                .formatted(index.info().cells()));
  }

  @Test
  void wrongCodesAndCellsAreSeen() {
    build(settings(corpus(rows(vectors(1_200, 1)))));
    IndexInfo info = opened().info();
    Dataset<Row> rows = TestSpark.session().read().parquet(path());
    assertThat(wrong(rows, info)).isEqualTo(List.of(0L, 0L));
    Dataset<Row> codes =
        rows.withColumn("index_code", functions.expr("IF(id = 7, reverse(index_code), index_code)"))
            .withColumn("index_scale", functions.expr("IF(id = 9, 2F, index_scale)"))
            .withColumn("index_along", functions.expr("IF(id = 11, 2F, index_along)"));
    assertThat(wrong(codes, info)).isEqualTo(List.of(3L, 0L));
    Dataset<Row> cells =
        rows.withColumn(
            "index_cell",
            functions.expr(
                "IF(id IN (11, 12) AND index_centroid IS NULL, -1, IF(id = 1260, 3, index_cell))"));
    assertThat(wrong(cells, info).get(1)).isBetween(1L, 3L);
    assertThatThrownBy(
            () ->
                IndexAudit.of(
                    rows.withColumn("index_centroid", functions.expr("NULL")), info, "there"))
        .hasMessageStartingWith("Cannot read index there: it should have a centroid for each of");
  }

  /** Numbers of rows with a wrong code, and in a wrong cell. */
  private static List<Long> wrong(Dataset<Row> rows, IndexInfo info) {
    Row counts =
        IndexAudit.of(rows, info, "there")
            .selectExpr("count_if(index_wrong_code)", "count_if(index_wrong_cell)")
            .first();
    return List.of(counts.getLong(0), counts.getLong(1));
  }

  @Test
  void whatAnIndexSaysOfItselfIsReadBack() {
    BuiltIndex built = build(settings(corpus(rows(vectors(500, 1)))));
    IndexInfo read = opened().info();
    assertThat(read.cells()).isEqualTo(built.info().cells());
    assertThat(read.probe()).isEqualTo(built.info().probe());
    assertThat(read.recalls()).hasSameSizeAs(built.info().recalls());
    assertThatThrownBy(
            () ->
                IndexInfo.of(
                    Map.of("index_code", new DerivedProvenance("int8_code", List.of(), Map.of())),
                    "there"))
        .hasMessage(
            "Cannot read index there: its column 'index_code' holds int8_code, expected"
                + " int8_residual; build it again with jobs/index.sh");
    assertThatThrownBy(
            () ->
                IndexInfo.of(
                    Map.of(
                        "index_code", new DerivedProvenance("int8_residual", List.of(), Map.of())),
                    "there"))
        .hasMessage(
            "Cannot read index there: what it says of itself is damaged, similarity; build it again"
                + " with jobs/index.sh");
  }
}
