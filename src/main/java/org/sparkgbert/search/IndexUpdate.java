package org.sparkgbert.search;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.sparkgbert.action.Stages;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.corpus.Corpus;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.lake.EmbeddingTable;
import org.sparkgbert.lake.InputProvenance;
import org.sparkgbert.lake.RunInfo;
import org.sparkgbert.lake.RunManifest;
import org.sparkgbert.lake.TableTarget;
import org.sparkgbert.lake.TableWriter;
import org.sparkgbert.lake.WrittenTable;
import org.sparkgbert.search.IndexDelta.Change;

/** One run of {@link UpdateIndex}. */
final class IndexUpdate {
  private final long start = System.nanoTime();
  private final SparkSession spark;
  private final UpdateIndexSettings settings;
  private final Stages stages;
  private final TableTarget target;
  private final RunInfo run;

  IndexUpdate(SparkSession spark, UpdateIndexSettings settings, Stages stages) {
    this.spark = spark;
    this.settings = settings;
    this.stages = stages;
    this.target = settings.table();
    this.run =
        RunInfo.begin(
            RunManifest.Input.of(settings.corpus()), String.join(", ", settings.corpus().paths()));
  }

  UpdatedIndex run() {
    stages.begin("read corpus");
    TableWriter.requireWritable(spark, target, settings.corpus().paths());
    if (!TableWriter.exists(spark, target)) {
      throw refusal("there is none; build it first, without %s", IndexOptions.UPDATE.option());
    }
    EmbeddingTable table = EmbeddingTable.find(target.path(), spark);
    requireParquet(table);
    IndexInfo info = OpenedIndex.info("update", table, "");
    settings.require(info);
    requireSameCondition(table.manifest());
    requireSameInput(table.manifest());
    IndexFiles.require(table, table.rows(spark));
    Dataset<Row> index = table.checkedRows("update index", spark);
    Corpus corpus =
        IndexedCorpus.open(
            settings.corpus(), info.idColumn(), info.embeddingColumn(), spark, stages.progress());
    requireColumns(corpus.rows().schema(), index.schema());
    IndexedCorpus indexed =
        new IndexedCorpus(
            "update index " + target.path(),
            corpus.rows(),
            info.idColumn(),
            info.embeddingColumn(),
            info.similarity(),
            settings.device());
    Centroids centroids = OpenedIndex.centroids(index, info.dimension(), table.path());
    stages.begin("compare with index");
    try (IndexDelta delta = IndexDelta.of(indexed, index)) {
      requireCentroids(centroids, delta.cells());
      requireMostStay(delta);
      return update(new Before(table, info, index, centroids), indexed, delta);
    }
  }

  /**
   * The index as it is.
   *
   * @param table the table
   * @param info what it says of itself
   * @param rows its rows
   * @param centroids those of its cells
   */
  record Before(EmbeddingTable table, IndexInfo info, Dataset<Row> rows, Centroids centroids) {}

  private IllegalArgumentException refusal(String reason, Object... values) {
    return new IllegalArgumentException(
        "Cannot update index %s: %s".formatted(target.path(), reason.formatted(values)));
  }

  private static String remedy() {
    return "; build it again with --mode overwrite, or choose another output";
  }

  private void requireParquet(EmbeddingTable table) {
    if (table.kind() != EmbeddingTable.Kind.PARQUET) {
      throw refusal("it is no table of Parquet; build it again with --mode overwrite");
    }
  }

  /** With another condition rows would come or go of which nobody spoke. */
  private void requireSameCondition(RunManifest manifest) {
    String made = manifest.input().where();
    String found = settings.corpus().where();
    if (!made.equals(found)) {
      throw refusal("it was made %s, found %s%s", inWords(made), inWords(found), remedy());
    }
  }

  /** Rows of another corpus, or of a part of it, would take the place of all others. */
  private void requireSameInput(RunManifest manifest) {
    if (!settings.given().get(IndexOptions.INPUT_MOVED)) {
      new IndexedInput(manifest.input(), run.input(), spark.sessionState().newHadoopConf())
          .difference()
          .ifPresent(
              difference -> {
                throw refusal(
                    "it was made %s; if that is the same corpus, add %s; else%s",
                    difference, IndexOptions.INPUT_MOVED.option(), remedy().substring(1));
              });
    }
  }

  private void requireMostStay(IndexDelta delta) {
    long gone = delta.number(Change.VANISHED);
    long there = delta.number(Change.CHANGED) + delta.number(Change.UNCHANGED);
    if (gone > there && !settings.given().get(IndexOptions.ALLOW_REMOVAL)) {
      throw refusal(
          "of its %,d ids the corpus has %,d, fewer than half; if the other rows should be removed,"
              + " add %s; else give the whole corpus that it was made of",
          gone + there, there, IndexOptions.ALLOW_REMOVAL.option());
    }
  }

  private static String inWords(String where) {
    return where.isEmpty() ? "without --where" : "with --where \"%s\"".formatted(where);
  }

  /** The index has the columns of its corpus, of the same types, made by the same model. */
  private void requireColumns(StructType corpus, StructType index) {
    Map<String, StructField> known = new TreeMap<>();
    Arrays.stream(index.fields())
        .filter(field -> !IndexColumns.isOwn(field.name()))
        .forEach(field -> known.put(field.name(), field));
    for (StructField field : corpus.fields()) {
      StructField old = known.remove(field.name());
      if (old == null) {
        throw refusal("it has no column '%s' as the corpus%s", field.name(), remedy());
      }
      String type = old.dataType().catalogString();
      if (!type.equals(field.dataType().catalogString())) {
        throw refusal(
            "its column '%s' is %s, found %s in the corpus%s",
            field.name(), type, field.dataType().catalogString(), remedy());
      }
      InputProvenance.requireSame(
          "update index", old, target.path(), field, String.join(", ", settings.corpus().paths()));
      requireSameText(old, field);
    }
    if (!known.isEmpty()) {
      throw refusal(
          "the corpus has no column '%s' as the index%s",
          known.keySet().iterator().next(), remedy());
    }
  }

  private void requireSameText(StructField old, StructField field) {
    Optional<String> text = EmbeddingProvenance.of(old).map(EmbeddingProvenance::textColumn);
    Optional<String> found = EmbeddingProvenance.of(field).map(EmbeddingProvenance::textColumn);
    if (!text.equals(found)) {
      throw refusal(
          "its column '%s' has the embeddings of column '%s', found those of '%s' in the corpus%s",
          field.name(), text.orElse(""), found.orElse(""), remedy());
    }
  }

  private void requireCentroids(Centroids centroids, Set<Integer> cells) {
    Set<Integer> found = new TreeSet<>();
    IntStream.range(0, centroids.count()).forEach(i -> found.add(centroids.cell(i)));
    if (!found.equals(cells)) {
      throw refusal(
          "it should have a centroid for each of %,d cells, found %,d; build it again with --mode"
              + " overwrite",
          cells.size(), found.size());
    }
  }

  private UpdatedIndex update(Before before, IndexedCorpus corpus, IndexDelta delta) {
    if (delta.isNone()) {
      return asItIs(before, delta);
    }
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    stages.begin("assign rows");
    Broadcast<Centroids> all = context.broadcast(before.centroids());
    Dataset<Row> moved =
        corpus
            .of(withIds(corpus, corpus.rows(), delta.ids(Change.NEW, Change.CHANGED), "left_semi"))
            .assigned(all)
            .persist(StorageLevel.DISK_ONLY());
    try {
      Map<Integer, Long> assigned = IndexedCorpus.counts(moved);
      requireAll(assigned, delta);
      Map<Integer, Long> counts = delta.after(assigned);
      Centroids left = before.centroids().ofCells(counts.keySet());
      if (left.count() == 0) {
        throw refusal(
            "no embedding of the corpus can be compared, all are null, not finite or zero");
      }
      stages.begin("measure recall");
      IndexInfo info =
          before.info().in(IndexState.of(counts, recall(before, corpus, left, counts)));
      stages.begin("write index");
      Set<Integer> cells = new TreeSet<>(delta.cellsLeft());
      cells.addAll(assigned.keySet());
      WrittenTable written = write(before, corpus, delta, moved, left, info, cells);
      return result(info, delta, cells.size(), Optional.of(written));
    } finally {
      moved.unpersist();
    }
  }

  private UpdatedIndex asItIs(Before before, IndexDelta delta) {
    IndexInfo info = before.info();
    IndexState found = IndexState.of(delta.after(Map.of()), Optional.empty());
    if (!info.now().hasCellsOf(found)) {
      throw refusal(
          "it says that %,d rows are in %,d cells, found %,d in %,d; jobs/check.sh says more",
          info.compared(), info.cells(), found.compared(), found.cells());
    }
    return result(info, delta, 0, Optional.empty());
  }

  private static Dataset<Row> withIds(
      IndexedCorpus corpus, Dataset<Row> rows, Dataset<Row> ids, String join) {
    return rows.join(
        ids, ColumnNames.column(corpus.idColumn()).equalTo(functions.col(IndexDelta.ID)), join);
  }

  /** A corpus that another writer changed since it was compared gives other rows now. */
  private void requireAll(Map<Integer, Long> assigned, IndexDelta delta) {
    long found = assigned.values().stream().mapToLong(Long::longValue).sum();
    long wanted = delta.number(Change.NEW) + delta.number(Change.CHANGED);
    if (found != wanted) {
      throw new IllegalStateException(
          "Cannot update index %s: its corpus was changed while it was read, found %d of %d rows to write; nothing was written, run again"
              .formatted(target.path(), found, wanted));
    }
  }

  /** Once it is updated, the index has the rows of the corpus. */
  private Optional<Double> recall(
      Before before, IndexedCorpus corpus, Centroids left, Map<Integer, Long> counts) {
    IndexInfo info = before.info();
    if (info.heldOut() == 0) {
      return Optional.empty();
    }
    Questions questions =
        HashedRows.of(info.idColumn(), info.built().rows(), 0, info.heldOut())
            .questions(corpus.rows(), info.embeddingColumn(), info.similarity(), info.heldOut());
    Broadcast<Centroids> centroids =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(left);
    List<ProbeRecall> recalls = corpus.recalls(centroids, questions, counts);
    centroids.unpersist();
    return recalls.isEmpty()
        ? Optional.empty()
        : Optional.of(recalls.get(Math.min(info.probe(), recalls.size()) - 1).recall());
  }

  private WrittenTable write(
      Before before,
      IndexedCorpus corpus,
      IndexDelta delta,
      Dataset<Row> moved,
      Centroids left,
      IndexInfo info,
      Set<Integer> cells) {
    Set<String> kept = new TreeSet<>();
    long rowsKept = 0;
    for (RunManifest.DataFile file : before.table().manifest().files()) {
      if (!cells.contains(IndexColumns.cellOf(file.path()))) {
        kept.add(file.path());
        rowsKept += file.rows();
      }
    }
    Dataset<Row> staying =
        withIds(
                corpus,
                before.rows().where(functions.col(IndexColumns.CELL).isin(cells.toArray())),
                delta.ids(Change.CHANGED, Change.VANISHED),
                "left_anti")
            .select(ColumnNames.columns(List.of(moved.columns())));
    Centroids written = left.ofCells(cells);
    Broadcast<Centroids> centroids =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(written);
    int tasks =
        IndexedCorpus.tasks(spark, info.rows() - rowsKept, info.dimension(), written.count());
    Dataset<Row> rows =
        corpus
            .withCentroids(staying.unionByName(moved), centroids, tasks)
            .withMetadata(IndexColumns.CODE, before.info().made(corpus.made()).toMetadata())
            .withMetadata(IndexColumns.CELL, info.state(corpus.made()).toMetadata());
    return TableWriter.replaceFiles(
        rows, info.rows(), kept, before.table(), List.of(), target, run);
  }

  private UpdatedIndex result(
      IndexInfo info, IndexDelta delta, int cells, Optional<WrittenTable> written) {
    return new UpdatedIndex(
        run,
        target.path(),
        info,
        new IndexChanges(
            delta.number(Change.NEW),
            delta.number(Change.CHANGED),
            delta.number(Change.UNCHANGED),
            delta.number(Change.VANISHED),
            cells),
        written,
        Duration.ofNanos(System.nanoTime() - start));
  }
}
