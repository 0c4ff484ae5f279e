package org.sparkgbert.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.TestSpark;
import org.sparkgbert.action.Progress;
import org.sparkgbert.corpus.CorpusSource;
import org.sparkgbert.corpus.InputOptions;
import org.sparkgbert.lake.EmbeddingTable;
import org.sparkgbert.lake.OutputOptions;
import org.sparkgbert.onnx.DeviceSettings;
import org.sparkgbert.settings.Settings;
import org.sparkgbert.vector.Similarity;

/** An index follows its corpus: it answers as the corpus does, and what did not change stays. */
class UpdateIndexTest {
  private static final int DIMENSION = 16;
  private static final int TOPICS = 12;
  private static final int ROWS = 500;
  private static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.LongType, true)
          .add("text", DataTypes.StringType, true)
          .add("embedding", DataTypes.createArrayType(DataTypes.FloatType), true);

  @TempDir private static Path shared;
  private static BuiltIndex built;

  @TempDir private Path directory;

  private final Map<Long, Row> corpus = new TreeMap<>();
  private int written;

  private static float[] near(int topic, long seed) {
    Random centre = new Random(topic);
    Random random = new Random(1_000 + seed);
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = (float) (centre.nextGaussian() + 0.3 * random.nextGaussian());
    }
    return vector;
  }

  private void put(long id, String text, float[] vector) {
    corpus.put(id, RowFactory.create(id, text, vector));
  }

  /** Topics in turn; the last three rows cannot be compared. */
  @BeforeEach
  void fill() {
    for (long id = 0; id < ROWS; id++) {
      put(id, "row " + id, near((int) (id % TOPICS), id));
    }
    put(ROWS, "null", null);
    put(ROWS + 1, null, new float[DIMENSION]);
    put(ROWS + 2, "null", null);
  }

  /** The corpus as it is now, in a directory of its own. */
  private String written() {
    return written(List.copyOf(corpus.values()));
  }

  private String written(List<Row> rows) {
    String path = directory.resolve("corpus" + written++).toString();
    TestSpark.session().createDataFrame(rows, SCHEMA).repartition(2).write().parquet(path);
    return path;
  }

  private String index() {
    return directory.resolve("index").toString();
  }

  private Settings settings(String corpus) {
    return Settings.NONE
        .with(InputOptions.INPUT, List.of(corpus))
        .with(OutputOptions.OUTPUT, index());
  }

  private BuiltIndex build(Similarity similarity, String output) {
    Settings settings =
        settings(written())
            .with(OutputOptions.OUTPUT, output)
            .with(SearchOptions.SIMILARITY, similarity)
            .with(IndexOptions.CELLS, 10)
            .with(IndexOptions.HELD_OUT, 30);
    return new BuildIndex(IndexSettings.of(settings)).run(TestSpark.session(), Progress.NONE);
  }

  /** An index of the corpus as it is before a test changes it, built once. */
  private BuiltIndex build() {
    Path output = shared.resolve("index");
    if (built == null) {
      built = build(Similarity.COSINE, output.toString());
    }
    try (Stream<Path> all = Files.walk(output)) {
      for (Path file : all.toList()) {
        Files.copy(
            file,
            Path.of(index()).resolve(output.relativize(file)),
            StandardCopyOption.COPY_ATTRIBUTES);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return built;
  }

  /** Each corpus has a directory of its own. */
  private static UpdatedIndex update(Settings settings) {
    return updateAsNamed(settings.with(IndexOptions.INPUT_MOVED, true));
  }

  private static UpdatedIndex updateAsNamed(Settings settings) {
    return new UpdateIndex(UpdateIndexSettings.of(settings))
        .run(TestSpark.session(), Progress.NONE);
  }

  private OpenedIndex opened() {
    return OpenedIndex.open(
        new CorpusSource(List.of(index()), "parquet", Map.of(), ""), TestSpark.session());
  }

  private Dataset<Row> rows() {
    return EmbeddingTable.find(index(), TestSpark.session()).rows(TestSpark.session());
  }

  /** With all cells asked, the index finds what exact search finds in the corpus. */
  private void assertAnswersAs(String corpus, Similarity similarity) {
    List<Row> asked = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      asked.add(RowFactory.create((long) i, near(i % TOPICS, 5_000 + i)));
    }
    Questions questions =
        Questions.read(
            TestSpark.session()
                .createDataFrame(
                    asked,
                    new StructType()
                        .add("query_id", DataTypes.LongType)
                        .add("embedding", DataTypes.createArrayType(DataTypes.FloatType))),
            similarity,
            16);
    ExactSearchSettings search =
        new ExactSearchSettings(
            "id", "embedding", similarity, 900, null, 256, List.of("text"), DeviceSettings.cpu(1));
    OpenedIndex index = opened();
    assertThat(
            shown(
                new IndexedSearch(questions, search, index, index.info().cells())
                    .find(rows(), RowsRead.registered(TestSpark.session()))))
        .isEqualTo(
            shown(
                new ExactSearch(questions, search)
                    .find(
                        TestSpark.session().read().parquet(corpus),
                        RowsRead.registered(TestSpark.session()))));
  }

  private static List<String> shown(Dataset<Row> found) {
    return found.select("hit.*").collectAsList().stream().map(Row::mkString).toList();
  }

  private void assertHasRowsOf(String corpus) {
    List<String> columns = List.of("id", "text", "embedding");
    assertThat(json(rows(), columns))
        .isEqualTo(json(TestSpark.session().read().parquet(corpus), columns));
    Row wrong =
        IndexAudit.of(rows(), opened().info(), "there")
            .selectExpr("count_if(index_wrong_code)", "count_if(index_wrong_cell)")
            .first();
    assertThat(List.of(wrong.getLong(0), wrong.getLong(1))).isEqualTo(List.of(0L, 0L));
    Map<Integer, Long> counts = IndexedCorpus.counts(rows());
    assertThat(opened().info().now().hasCellsOf(IndexState.of(counts, Optional.empty()))).isTrue();
  }

  private static List<String> json(Dataset<Row> rows, List<String> columns) {
    return rows.selectExpr(columns.toArray(String[]::new)).orderBy("id").collectAsList().stream()
        .map(Row::json)
        .toList();
  }

  /** Files and their times: a file that was linked or not touched keeps its own. */
  private Map<String, String> files() {
    try (Stream<Path> all = Files.walk(Path.of(index()))) {
      Map<String, String> files = new TreeMap<>();
      for (Path file : all.filter(each -> !each.toString().endsWith(".crc")).toList()) {
        if (Files.isRegularFile(file)) {
          files.put(
              Path.of(index()).relativize(file).toString(),
              Files.getLastModifiedTime(file) + " " + Files.size(file));
        }
      }
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String change() {
    for (long id = 0; id < 36; id += 12) {
      corpus.remove(id);
    }
    put(13, "row 13 with other words", near(1, 13));
    put(14, "row 14", near(7, 14));
    put(15, "row 15", null);
    put(ROWS, "no longer null", near(3, 9_001));
    corpus.remove(ROWS + 2L);
    for (long id = 1_000; id < 1_040; id++) {
      put(id, "new " + id, near((int) (id % 3), id));
    }
    put(2_000, "new and null", null);
    return written();
  }

  private void assertFollows(Similarity similarity) {
    Map<String, String> before = files();
    String changed = change();
    UpdatedIndex updated = update(settings(changed));
    assertThat(updated.changes())
        .extracting(
            IndexChanges::added,
            IndexChanges::changed,
            IndexChanges::unchanged,
            IndexChanges::removed)
        .containsExactly(41L, 4L, ROWS + 3L - 4 - 4, 4L);
    assertThat(updated.table()).isPresent();
    assertHasRowsOf(changed);
    assertAnswersAs(changed, similarity);
    Map<String, String> kept = new HashMap<>(before);
    kept.entrySet().retainAll(files().entrySet());
    assertThat(kept).as("files of cells that did not change").isNotEmpty();
    // The cell of rows that cannot be compared was written, too.
    assertThat(kept).hasSize(updated.info().cells() + 1 - updated.changes().cellsWritten());
    assertThat(update(settings(changed)).table()).isEmpty();
  }

  @Test
  void anIndexOfDirectionsFollowsItsCorpus() {
    build();
    assertFollows(Similarity.COSINE);
  }

  @Test
  void anIndexOfProductsFollowsItsCorpus() {
    build(Similarity.DOT, index());
    assertFollows(Similarity.DOT);
  }

  @Test
  void nothingIsWrittenWhereNothingChanged() {
    BuiltIndex was = build();
    Map<String, String> before = files();
    UpdatedIndex updated = update(settings(written()));
    assertThat(updated.table()).isEmpty();
    assertThat(updated.changes()).isEqualTo(new IndexChanges(0, 0, ROWS + 3, 0, 0));
    assertThat(updated.info().now().hasCellsOf(was.info().now())).isTrue();
    assertThat(files()).isEqualTo(before);
  }

  @Test
  void aCellGoesWithItsLastRow() {
    build();
    int cell = rows().where("index_cell >= 0").first().getAs("index_cell");
    rows()
        .where("index_cell = " + cell)
        .select("id")
        .collectAsList()
        .forEach(row -> corpus.remove(row.getLong(0)));
    int cells = opened().info().cells();
    String changed = written();
    assertThat(update(settings(changed)).info().cells()).isEqualTo(cells - 1);
    assertThat(opened().centroids().ofCell(cell)).isNull();
    assertHasRowsOf(changed);
    assertAnswersAs(changed, Similarity.COSINE);
  }

  @Test
  void whereverAnUpdateStopsTheIndexIsAsItWas() {
    build();
    Map<String, String> before = files();
    String changed = change();
    List<String> stages = new ArrayList<>();
    for (String last :
        List.of(
            "read corpus", "compare with index", "assign rows", "measure recall", "write index")) {
      Progress stopping =
          new Progress() {
            @Override
            public void begin(String stage) {
              stages.add(stage);
              if (stage.equals(last)) {
                throw new IllegalStateException("stopped");
              }
            }
          };
      Settings moved = settings(changed).with(IndexOptions.INPUT_MOVED, true);
      UpdateIndex update = new UpdateIndex(UpdateIndexSettings.of(moved));
      assertThatThrownBy(() -> update.run(TestSpark.session(), stopping)).hasMessage("stopped");
      assertThat(files()).as(last).isEqualTo(before);
    }
    assertThat(stages.subList(stages.size() - 5, stages.size()))
        .containsExactly(
            "read corpus", "compare with index", "assign rows", "measure recall", "write index");
  }

  /** Files of two cells, relative to the index. */
  private List<String> twoFiles() {
    return files().keySet().stream()
        .filter(file -> file.endsWith(".parquet") && !file.contains("index_cell=-1"))
        .limit(2)
        .toList();
  }

  private void assertFilesAreRefused(String message) {
    String whole = "Cannot read index %s: %s; build it again with jobs/index.sh";
    assertThatThrownBy(this::opened).hasMessage(whole.formatted(index(), message));
    assertRefused(settings(written()), whole.formatted(index(), message));
  }

  @Test
  void otherFilesThanTheManifestListsAreRefused() throws IOException {
    build();
    List<String> files = twoFiles();
    Path first = Path.of(index(), files.get(0));
    Path second = Path.of(index(), files.get(1));
    long length = Files.size(first);
    byte[] whole = Files.readAllBytes(second);
    assertThat(length).isNotEqualTo(whole.length);
    Files.copy(first, second, StandardCopyOption.REPLACE_EXISTING);
    Files.deleteIfExists(second.resolveSibling("." + second.getFileName() + ".crc"));
    assertFilesAreRefused(
        "its file %s should have %,d bytes, found %,d"
            .formatted(files.get(1), whole.length, length));
    Files.write(second, whole);
    assertThat(opened().info().rows()).isEqualTo(ROWS + 3);
    Path more = Path.of(index(), "index_cell=1", "part-more.parquet");
    Files.createDirectories(more.getParent());
    Files.copy(first, more);
    assertFilesAreRefused("its manifest does not list the file index_cell=1/part-more.parquet");
    Files.delete(more);
  }

  /** With its cell's rows the centroid is gone, so that nothing but the manifest knows of them. */
  @Test
  void aCellThatIsGoneIsRefusedByName() throws IOException {
    build();
    String file = twoFiles().get(0);
    FileUtils.deleteDirectory(Path.of(index(), file).getParent().toFile());
    assertThatThrownBy(this::opened)
        .hasMessage(
            "Cannot read index %s: its file %s is missing; build it again with jobs/index.sh"
                .formatted(index(), file));
  }

  @Test
  void idsThatAreNotUniqueAreRefused() {
    build();
    Map<String, String> before = files();
    List<Row> twice = new ArrayList<>(corpus.values());
    twice.add(RowFactory.create(7L, "again", near(1, 1)));
    assertRefused(
        settings(written(twice)),
        "Cannot update index: ids must be unique, found id = 7 in 2 rows of the corpus");
    twice.set(twice.size() - 1, RowFactory.create(9_999L, "new", near(1, 1)));
    twice.add(RowFactory.create(9_999L, "new, too", near(1, 1)));
    assertRefused(
        settings(written(twice)),
        "Cannot update index: ids must be unique, found id = 9999 in 2 rows of the corpus");
    twice.subList(twice.size() - 2, twice.size()).clear();
    twice.add(RowFactory.create(null, "none", null));
    assertRefused(
        settings(written(twice)),
        "Cannot update index: ids must not be null, found 1 rows of the corpus without id; leave"
            + " them out by --where, and build the index again");
    assertThat(files()).isEqualTo(before);
  }

  @Test
  void rowsOfOtherDimensionsLeaveTheIndexAsItWas() {
    build();
    Map<String, String> before = files();
    put(9_999, "short", new float[] {1, 2});
    assertThatThrownBy(() -> update(settings(written())))
        .satisfies(
            error ->
                assertThat(ExceptionUtils.getThrowableList(error))
                    .anyMatch(
                        each ->
                            "Cannot update index %s: embeddings must have the same dimension, found 16 and 2 for id = 9999"
                                .formatted(index())
                                .equals(each.getMessage())));
    assertThat(files()).isEqualTo(before);
  }

  private static void assertRefused(Settings settings, String message) {
    assertThatThrownBy(() -> update(settings)).hasMessage(message);
  }

  @Test
  void whatTheIndexWasNotMadeOfIsRefusedByName() {
    String there = written();
    assertRefused(
        settings(there),
        "Cannot update index %s: there is none; build it first, without --update"
            .formatted(index()));
    build();
    String remedy = "; build it again with --mode overwrite, or choose another output";
    assertRefused(
        settings(there).with(SearchOptions.SIMILARITY, Similarity.DOT),
        "Cannot update index %s: it was made with --similarity cosine, found dot"
            .formatted(index()));
    assertRefused(
        settings(there).with(SearchOptions.ID_COLUMN, "text"),
        "Cannot update index %s: it was made with --id-column id, found text".formatted(index()));
    assertRefused(
        settings(there).with(InputOptions.WHERE, "id > 3"),
        "Cannot update index %s: it was made without --where, found with --where \"id > 3\"%s"
            .formatted(index(), remedy));
    Dataset<Row> rows = TestSpark.session().read().parquet(there);
    assertRefused(
        settings(with(rows.drop("text"))),
        "Cannot update index %s: the corpus has no column 'text' as the index%s"
            .formatted(index(), remedy));
    assertRefused(
        settings(with(rows.withColumn("lang", functions.lit("de")))),
        "Cannot update index %s: it has no column 'lang' as the corpus%s"
            .formatted(index(), remedy));
    assertRefused(
        settings(with(rows.withColumn("id", functions.expr("CAST(id AS INT)")))),
        "Cannot update index %s: its column 'id' is bigint, found int in the corpus%s"
            .formatted(index(), remedy));
    assertRefused(
        settings(there).with(OutputOptions.OUTPUT_FORMAT, "iceberg"),
        "Cannot update index %s: only an index of Parquet follows its corpus, found --output-format iceberg; build it again with --mode overwrite"
            .formatted(index()));
    assertRefused(
        settings(there).with(IndexOptions.CELLS, 12),
        "Cannot run: --cells does not apply with --update");
    assertThatThrownBy(() -> IndexSettings.of(settings(there).with(IndexOptions.UPDATE, true)))
        .hasMessage("Cannot run: --update does not apply where an index is built");
  }

  @Test
  void anotherCorpusIsRefusedByItsName() {
    String made = written();
    Settings settings = settings(made).with(IndexOptions.CELLS, 10);
    new BuildIndex(IndexSettings.of(settings)).run(TestSpark.session(), Progress.NONE);
    Map<String, String> before = files();
    String other = written();
    String remedy =
        "; if that is the same corpus, add --input-moved; else build it again with --mode"
            + " overwrite, or choose another output";
    assertThatThrownBy(() -> updateAsNamed(settings(other)))
        .hasMessage(
            "Cannot update index %s: it was made of %s, found %s%s"
                .formatted(index(), made, other, remedy));
    Map<String, String> part = Map.of("pathGlobFilter", "part-00000*");
    assertThatThrownBy(() -> updateAsNamed(settings(made).with(InputOptions.READ_OPTION, part)))
        .hasMessage(
            "Cannot update index %s: it was made without --read-option, found with --read-option pathglobfilter=part-00000*%s"
                .formatted(index(), remedy));
    TestSpark.session().read().parquet(made).write().orc(directory.resolve("orc").toString());
    assertThatThrownBy(() -> updateAsNamed(settings(made).with(InputOptions.FORMAT, "orc")))
        .hasMessage(
            "Cannot update index %s: it was made with --format parquet, found orc%s"
                .formatted(index(), remedy));
    assertThat(files()).isEqualTo(before);
    String relative = Path.of("").toAbsolutePath().relativize(Path.of(made)).toString();
    assertThat(updateAsNamed(settings(relative + "/")).changes().unchanged()).isEqualTo(ROWS + 3);
  }

  @Test
  void anIndexThatWouldLoseMostRowsIsRefused() {
    build();
    Map<String, String> before = files();
    corpus.keySet().removeIf(id -> id >= ROWS / 2);
    String half = written();
    assertThatThrownBy(() -> update(settings(half)))
        .hasMessage(
            "Cannot update index %s: of its 503 ids the corpus has 250, fewer than half; if the other rows should be removed, add --allow-removal; else give the whole corpus that it was made of"
                .formatted(index()));
    assertThat(files()).isEqualTo(before);
    UpdatedIndex updated = update(settings(half).with(IndexOptions.ALLOW_REMOVAL, true));
    assertThat(updated.changes().removed()).isEqualTo(253);
    assertHasRowsOf(half);
    put(ROWS / 2, "one more", near(1, 1));
    assertThat(update(settings(written())).changes().added()).isEqualTo(1);
  }

  private String with(Dataset<Row> rows) {
    String path = directory.resolve("corpus" + written++).toString();
    rows.write().parquet(path);
    return path;
  }

  @Test
  void aCrowdedCellIsToldAsDrift() {
    BuiltIndex was = build();
    assertThat(was.info().drift()).isEmpty();
    for (long id = 3_000; id < 3_400; id++) {
      put(id, "crowd " + id, near(5, id));
    }
    UpdatedIndex updated = update(settings(written()));
    assertThat(updated.info().drift().orElseThrow())
        .matches(".*the largest cell has \\d\\.\\d times the mean, \\d\\.\\d when it was built");
    assertThat(opened().info().drift()).isEqualTo(updated.info().drift());
    assertThat(
            EmbeddingTable.find(index(), TestSpark.session())
                .manifest()
                .derived()
                .get("index_cell")
                .settings())
        .containsEntry("drift", updated.info().drift().orElseThrow());
  }

  @Test
  void recallMayFallByAFewHundredths() {
    IndexState built = new IndexState(1_000, 1_000, 10, 200, Optional.of(0.96));
    IndexInfo info =
        IndexInfo.built(Similarity.COSINE, "id", "embedding", 4, 3, 100, List.of(), built);
    assertThat(info.drift()).isEmpty();
    assertThat(info.in(new IndexState(1_000, 1_000, 10, 240, Optional.of(0.935))).drift())
        .isEmpty();
    assertThat(info.in(new IndexState(1_000, 1_000, 10, 400, Optional.of(0.925))).drift())
        .contains(
            "recall at 10 is 0.925 with 3 cells asked, 0.960 when it was built; the largest cell"
                + " has 4.0 times the mean, 2.0 when it was built");
    assertThat(info.in(new IndexState(1_000, 1_000, 10, 290, Optional.empty())).drift()).isEmpty();
  }
}
