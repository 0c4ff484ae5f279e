package org.sparkgbert.search;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.action.Progress;
import org.sparkgbert.action.Stages;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.corpus.Corpus;
import org.sparkgbert.corpus.UniqueIds;
import org.sparkgbert.lake.RunInfo;
import org.sparkgbert.lake.RunManifest;
import org.sparkgbert.lake.TableWriter;
import org.sparkgbert.lake.WrittenTable;
import org.sparkgbert.onnx.BlockProduct;
import org.sparkgbert.onnx.DeviceSettings;

/**
 * Builds an index of a table of embeddings: the same rows, divided among cells of rows that are
 * near each other, with a code of a byte per element. A search of an index reads few cells.
 *
 * <pre>{@code
 * Settings settings =
 *     Settings.NONE
 *         .with(InputOptions.INPUT, List.of("articles_embedded"))
 *         .with(OutputOptions.OUTPUT, "articles_index");
 * BuiltIndex index = new BuildIndex(IndexSettings.of(settings)).run(spark, Progress.NONE);
 * }</pre>
 *
 * <p>The table is partitioned by cell, and sorted by id in each; see {@link IndexColumns}.
 *
 * <p><b>Memory:</b> the driver holds the sample that centroids are trained on, 128 MiB of vectors
 * at most; a task holds a block of rows.
 *
 * @param settings what to do
 */
public record BuildIndex(IndexSettings settings) {
  /**
   * How far the mean over the held-out questions may be from that over all rows: about the standard
   * error of the mean over 200 of them, whose recalls have a standard deviation of some 0.15.
   */
  private static final double MARGIN = 0.01;

  /** Of a sum of shares. */
  private static final double ROUNDING = 1e-9;

  /**
   * Runs the action.
   *
   * @return what was built; the table is published
   * @throws IllegalArgumentException if the corpus cannot be read, has too few rows or no embedding
   *     that can be compared, a column is missing, of the wrong type or has a name of the index, an
   *     id occurs twice, or the table cannot be written
   */
  public BuiltIndex run(SparkSession spark, Progress progress) {
    try (Stages stages = Stages.of(spark, "index", progress)) {
      return run(spark, stages);
    }
  }

  /** All that is read. */
  public List<String> inputs() {
    return settings.corpus().paths();
  }

  private BuiltIndex run(SparkSession spark, Stages stages) {
    long start = System.nanoTime();
    stages.begin("read corpus");
    TableWriter.requireWritable(spark, settings.table(), inputs());
    Corpus corpus =
        IndexedCorpus.open(
            settings.corpus(),
            settings.idColumn(),
            settings.embeddingColumn(),
            spark,
            stages.progress());
    IndexedCorpus indexed =
        new IndexedCorpus(
            "index",
            corpus.rows(),
            settings.idColumn(),
            settings.embeddingColumn(),
            settings.similarity(),
            settings.device());
    TableWriter.requireSchema(spark, indexed(corpus.rows().schema()), settings.table());
    RunInfo run =
        RunInfo.begin(RunManifest.Input.of(settings.corpus()), String.join(", ", inputs()));
    UniqueIds.require("index", corpus.rows(), settings.idColumn());
    long rows = corpus.count().orElseGet(() -> corpus.rows().count());
    int wanted = settings.cells(rows);
    stages.begin("train centroids");
    int dimension = dimension(corpus.rows());
    HashedRows chosen =
        HashedRows.of(
            settings.idColumn(), rows, CellTraining.wanted(wanted, dimension), settings.heldOut());
    float[] sample = sample(corpus.rows(), chosen, dimension);
    Centroids trained = train(sample, dimension, wanted);
    stages.begin("assign rows");
    CellBalance balanced =
        new BalanceCells(indexed, chosen, settings.seed()).of(trained, wanted, stages.progress());
    Map<Integer, Long> counts = balanced.counts();
    noteCells(wanted, balanced.centroids().count(), stages.progress());
    corpus.requireAll(sum(counts));
    Broadcast<Centroids> centroids =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(balanced.centroids());
    stages.begin("measure recall");
    Questions questions =
        chosen.questions(
            corpus.rows(), settings.embeddingColumn(), settings.similarity(), settings.heldOut());
    List<ProbeRecall> recalls = indexed.recalls(centroids, questions, counts);
    noteShortfall(recalls, stages.progress());
    IndexInfo info = info(dimension, counts, questions, recalls);
    stages.begin("write index");
    WrittenTable written = write(indexed, rows, centroids, info, run);
    return new BuiltIndex(
        run, info, sample.length / dimension, written, Duration.ofNanos(System.nanoTime() - start));
  }

  private static StructType indexed(StructType corpus) {
    StructType all = corpus;
    for (var field : IndexColumns.ASSIGNED.fields()) {
      all = all.add(field);
    }
    return all.add(
        IndexColumns.CENTROID, DataTypes.createArrayType(DataTypes.FloatType, false), true);
  }

  private Dataset<Row> vectors(Dataset<Row> rows) {
    return rows.select(
        ColumnNames.column(settings.idColumn()), ColumnNames.column(settings.embeddingColumn()));
  }

  private boolean isUsable(PackedRow row) {
    return row.isUsable(settings.similarity());
  }

  /** Elements of the first embedding that can be compared. */
  private int dimension(Dataset<Row> rows) {
    Iterator<PackedRow> packed = PackRows.of(vectors(rows), key(rows)).toLocalIterator();
    while (packed.hasNext()) {
      PackedRow row = packed.next();
      if (isUsable(row)) {
        return row.vector().length;
      }
    }
    throw new IllegalArgumentException(
        "Cannot index: no embedding of column '%s' can be compared, all are null, not finite or zero"
            .formatted(settings.embeddingColumn()));
  }

  private StructType key(Dataset<Row> rows) {
    return new StructType()
        .add(settings.idColumn(), rows.schema().apply(settings.idColumn()).dataType(), true);
  }

  /** {@code [rows, dimension]}: vectors, or their directions. */
  private float[] sample(Dataset<Row> rows, HashedRows chosen, int dimension) {
    List<PackedRow> packed =
        PackRows.of(vectors(rows.where(chosen.isTrained())), key(rows)).collect();
    List<float[]> usable =
        packed.stream()
            .filter(this::isUsable)
            .map(row -> AssignCells.compared(row.vector(), settings.similarity()))
            .toList();
    if (usable.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot index: of the rows to train centroids on, %,d, none can be compared"
              .formatted(packed.size()));
    }
    float[] sample = new float[Math.multiplyExact(usable.size(), dimension)];
    for (int row = 0; row < usable.size(); row++) {
      AssignCells.requireDimension(dimension, usable.get(row).length);
      requireProducts(usable.get(row));
      System.arraycopy(usable.get(row), 0, sample, row * dimension, dimension);
    }
    return sample;
  }

  /** Cells are found by products in float32, half of whose range is left for sums of others. */
  private static void requireProducts(float[] vector) {
    double length = VectorCode.length(vector);
    if (length * length > Float.MAX_VALUE / 2) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot index: products of embeddings must be finite in float32, found one of length"
                  + " %.1e; divide all of them by the same number, which changes no order",
              length));
    }
  }

  /** On the driver, with all its cores. */
  private Centroids train(float[] sample, int dimension, int cells) {
    int threads = Runtime.getRuntime().availableProcessors();
    try (BlockProduct product = BlockProduct.open(DeviceSettings.cpu(threads))) {
      return new CellTraining(
              sample,
              dimension,
              settings.similarity().ranking().orElseThrow(),
              product,
              settings.seed())
          .centroids(cells);
    }
  }

  private static long sum(Map<Integer, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  private static void noteCells(int wanted, int found, Progress progress) {
    if (found != wanted) {
      progress.note(
          String.format(
              Locale.ROOT,
              "Cells: %,d instead of %,d: cells are divided until none has more than %.1f times the"
                  + " mean of those wanted, and cells without rows are left out",
              found,
              wanted,
              CellBalance.MOST_OF_MEAN));
    }
  }

  /** Recall with all cells asked; empty if no question was held out. */
  private static Optional<Double> most(List<ProbeRecall> recalls) {
    return recalls.isEmpty()
        ? Optional.empty()
        : Optional.of(recalls.get(recalls.size() - 1).recall());
  }

  private void noteShortfall(List<ProbeRecall> recalls, Progress progress) {
    most(recalls)
        .filter(most -> most < settings.recall() - ROUNDING)
        .ifPresent(
            most ->
                progress.note(
                    String.format(
                        Locale.ROOT,
                        "Recall: with all %,d cells asked it is %.3f, below the %s of %s; the rest is"
                            + " lost by codes of a byte per element, and found by"
                            + " jobs/search.sh --input",
                        recalls.size(),
                        most,
                        settings.recall(),
                        IndexOptions.RECALL.option())));
  }

  private IndexInfo info(
      int dimension, Map<Integer, Long> counts, Questions questions, List<ProbeRecall> recalls) {
    double target = Math.min(most(recalls).orElse(1.0), settings.recall() + MARGIN);
    Optional<ProbeRecall> enough =
        recalls.stream().filter(each -> each.recall() >= target).findFirst();
    IndexState built = IndexState.of(counts, enough.map(ProbeRecall::recall));
    int probe = enough.map(ProbeRecall::probe).orElse(built.cells());
    return IndexInfo.built(
        settings.similarity(),
        settings.idColumn(),
        settings.embeddingColumn(),
        dimension,
        probe,
        questions.count() == 0 ? 0 : settings.heldOut(),
        HeldOutRecall.some(recalls, probe),
        built);
  }

  private WrittenTable write(
      IndexedCorpus corpus,
      long count,
      Broadcast<Centroids> centroids,
      IndexInfo info,
      RunInfo run) {
    int tasks =
        IndexedCorpus.tasks(
            corpus.rows().sparkSession(), info.compared(), info.dimension(), info.cells());
    Dataset<Row> table =
        corpus
            .withCentroids(corpus.assigned(centroids), centroids, tasks)
            .withMetadata(IndexColumns.CODE, info.made(corpus.made()).toMetadata())
            .withMetadata(IndexColumns.CELL, info.state(corpus.made()).toMetadata());
    return TableWriter.write(table, OptionalLong.of(count), List.of(), settings.table(), run);
  }
}
