package org.sparkgbert.search;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.action.Progress;
import org.sparkgbert.action.Stages;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.corpus.Corpus;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.lake.InputProvenance;
import org.sparkgbert.lake.RunInfo;
import org.sparkgbert.lake.RunManifest;
import org.sparkgbert.lake.TableWriter;
import org.sparkgbert.lake.WrittenTable;
import org.sparkgbert.onnx.BlockProduct;
import org.sparkgbert.onnx.DeviceSettings;
import org.sparkgbert.plan.WithColumns;

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
  /** What the held-out questions lose otherwise: by codes, and by being a sample. */
  private static final double MARGIN = 0.01;

  private static final int BLOCK_ROWS = 1_024;

  /** Of vectors, in a task that writes. */
  private static final long TASK_BYTES = 64L << 20;

  /**
   * Runs the action.
   *
   * @return what was built; the table is published
   * @throws IllegalArgumentException if the corpus cannot be read, has too few rows or no embedding
   *     that can be compared, a column is missing, of the wrong type or has a name of the index, or
   *     the table cannot be written
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
    Corpus corpus = open(spark, stages.progress());
    StructType schema = corpus.rows().schema();
    TableWriter.requireSchema(spark, indexed(schema), settings.table());
    RunInfo run =
        RunInfo.begin(RunManifest.Input.of(settings.corpus()), String.join(", ", inputs()));
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
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Map<Integer, Long> counts = counts(assigned(corpus.rows(), context.broadcast(trained)));
    corpus.requireAll(sum(counts));
    counts.remove(IndexColumns.NO_CELL);
    Centroids centroids = trained.only(used(trained, counts));
    Broadcast<Centroids> broadcast = context.broadcast(centroids);
    stages.begin("measure recall");
    Questions questions = heldOut(corpus.rows(), chosen);
    List<ProbeRecall> recalls =
        questions.count() == 0
            ? List.of()
            : recalls(assigned(corpus.rows(), broadcast), questions, centroids, counts);
    IndexInfo info = info(rows, dimension, counts, questions, recalls);
    stages.begin("write index");
    WrittenTable written = write(corpus.rows(), rows, broadcast, info, run);
    return new BuiltIndex(
        run, info, sample.length / dimension, written, Duration.ofNanos(System.nanoTime() - start));
  }

  private Corpus open(SparkSession spark, Progress progress) {
    Corpus opened = settings.corpus().open(spark);
    StructType schema = opened.rows().schema();
    ColumnNames.require(
        "index by", List.of(settings.idColumn(), settings.embeddingColumn()), schema);
    ComparedColumns.requireOrder("index", schema.apply(settings.idColumn()));
    ComparedColumns.requireFloats("index", schema.apply(settings.embeddingColumn()));
    IndexColumns.requireFree(schema);
    Corpus corpus =
        new InputProvenance("index", settings.corpus()).of(opened, List.of(schema.fieldNames()));
    corpus.requireInEveryFile(schema.fieldNames());
    corpus.notes(settings.idColumn(), settings.embeddingColumn()).forEach(progress::note);
    return corpus;
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
      System.arraycopy(usable.get(row), 0, sample, row * dimension, dimension);
    }
    return sample;
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

  private Dataset<Row> assigned(Dataset<Row> rows, Broadcast<Centroids> centroids) {
    AssignCells assign =
        new AssignCells(centroids, settings.similarity(), BLOCK_ROWS, settings.device());
    List<String> names = Arrays.asList(rows.columns());
    return WithColumns.of(
        rows,
        assign,
        List.of(names.indexOf(settings.idColumn()), names.indexOf(settings.embeddingColumn())),
        IndexColumns.ASSIGNED);
  }

  private static Map<Integer, Long> counts(Dataset<Row> assigned) {
    Map<Integer, Long> counts = new HashMap<>();
    assigned
        .groupBy(functions.col(IndexColumns.CELL))
        .count()
        .collectAsList()
        .forEach(row -> counts.put(row.getInt(0), row.getLong(1)));
    return counts;
  }

  private static long sum(Map<Integer, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  private static int[] used(Centroids trained, Map<Integer, Long> counts) {
    return IntStream.range(0, trained.count())
        .filter(centroid -> counts.containsKey(trained.cell(centroid)))
        .toArray();
  }

  private Questions heldOut(Dataset<Row> rows, HashedRows chosen) {
    return chosen.questions(
        rows, settings.embeddingColumn(), settings.similarity(), settings.heldOut());
  }

  private List<ProbeRecall> recalls(
      Dataset<Row> assigned, Questions questions, Centroids centroids, Map<Integer, Long> counts) {
    ExactSearchSettings exact =
        new ExactSearchSettings(
            settings.idColumn(),
            settings.embeddingColumn(),
            settings.similarity(),
            HeldOutRecall.AT + 1,
            null,
            SearchOptions.BLOCK_ROWS.defaultValue().orElseThrow(),
            List.of(IndexColumns.CELL),
            settings.device());
    Dataset<Row> found =
        new ExactSearch(questions, exact)
            .find(assigned, RowsRead.registered(assigned.sparkSession()));
    return new HeldOutRecall(questions, centroids, counts).of(found, settings.idColumn());
  }

  private IndexInfo info(
      long rows,
      int dimension,
      Map<Integer, Long> counts,
      Questions questions,
      List<ProbeRecall> recalls) {
    double target = Math.min(1, settings.recall() + MARGIN);
    int probe =
        recalls.stream()
            .filter(each -> each.recall() >= target)
            .findFirst()
            .map(ProbeRecall::probe)
            .orElse(counts.size());
    return new IndexInfo(
        settings.similarity(),
        settings.idColumn(),
        settings.embeddingColumn(),
        dimension,
        rows,
        sum(counts),
        counts.size(),
        counts.values().stream().mapToLong(Long::longValue).max().orElse(0),
        probe,
        questions.count() == 0 ? 0 : settings.heldOut(),
        HeldOutRecall.some(recalls, probe));
  }

  private WrittenTable write(
      Dataset<Row> rows, long count, Broadcast<Centroids> centroids, IndexInfo info, RunInfo run) {
    StructField embedding = rows.schema().apply(settings.embeddingColumn());
    Column cell = functions.col(IndexColumns.CELL);
    Column id = IdOrder.column(rows.schema().apply(settings.idColumn()));
    Column isFirst = functions.row_number().over(Window.partitionBy(cell).orderBy(id)).equalTo(1);
    UserDefinedFunction centroid =
        functions.udf(
            (UDF1<Integer, float[]>) of -> centroids.value().ofCell(of),
            DataTypes.createArrayType(DataTypes.FloatType, false));
    Dataset<Row> table =
        assigned(rows, centroids)
            .repartition(tasks(rows.sparkSession(), info), cell)
            // Sorts by cell and id, and leaves rows so.
            .withColumn(
                IndexColumns.CENTROID,
                functions.when(
                    isFirst.and(cell.notEqual(IndexColumns.NO_CELL)), centroid.apply(cell)))
            .withMetadata(
                IndexColumns.CODE, info.made(EmbeddingProvenance.of(embedding)).toMetadata());
    return TableWriter.write(table, OptionalLong.of(count), List.of(), settings.table(), run);
  }

  /** All rows of a cell go to one task, so that a cell is one file. */
  private static int tasks(SparkSession spark, IndexInfo info) {
    long bytes = info.compared() * info.dimension() * (Float.BYTES + 1);
    long wanted =
        Math.max(
            Slice.TASKS_PER_CORE * (long) spark.sparkContext().defaultParallelism(),
            bytes / TASK_BYTES);
    return (int) Math.max(1, Math.min(info.cells() + 1L, wanted));
  }
}
