package org.sparkgbert.search;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.corpus.Corpus;
import org.sparkgbert.corpus.CorpusSource;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.lake.InputProvenance;
import org.sparkgbert.onnx.DeviceSettings;
import org.sparkgbert.plan.WithColumns;
import org.sparkgbert.vector.Similarity;

/**
 * Rows on their way into an index.
 *
 * @param what what is done with them, for messages, as in "Cannot index"
 * @param rows the rows, with the columns of the corpus
 * @param idColumn column with the id
 * @param embeddingColumn column with the embedding
 * @param similarity what rows and questions are compared by
 * @param device where blocks are multiplied
 */
record IndexedCorpus(
    String what,
    Dataset<Row> rows,
    String idColumn,
    String embeddingColumn,
    Similarity similarity,
    DeviceSettings device) {
  private static final int BLOCK_ROWS = 1_024;

  /** Of vectors, in a task that writes. */
  private static final long TASK_BYTES = 64L << 20;

  /**
   * Opens a corpus.
   *
   * @throws IllegalArgumentException if it cannot be read, a column is missing, of the wrong type
   *     or has a name of the index, or its embeddings are not all of one model, were rounded, or
   *     lost a mean
   */
  static Corpus open(
      CorpusSource source,
      String idColumn,
      String embeddingColumn,
      SparkSession spark,
      Progress progress) {
    Corpus opened = source.open(spark);
    StructType schema = opened.rows().schema();
    ColumnNames.require("index by", List.of(idColumn, embeddingColumn), schema);
    ComparedColumns.requireOrder("index", schema.apply(idColumn));
    ComparedColumns.requireFloats("index", schema.apply(embeddingColumn));
    IndexColumns.requireFree(schema);
    Corpus corpus = new InputProvenance("index", source).of(opened, List.of(schema.fieldNames()));
    EmbeddingProvenance.of(corpus.rows().schema().apply(embeddingColumn))
        .ifPresent(
            made -> made.requireNotRounded("index", "column '%s'".formatted(embeddingColumn)));
    corpus.requireInEveryFile(schema.fieldNames());
    corpus.notes(idColumn, embeddingColumn).forEach(progress::note);
    return corpus;
  }

  /** What made the embeddings; empty if that is not known. */
  Optional<EmbeddingProvenance> made() {
    return EmbeddingProvenance.of(rows.schema().apply(embeddingColumn));
  }

  /** The same columns of other rows. */
  IndexedCorpus of(Dataset<Row> others) {
    return new IndexedCorpus(what, others, idColumn, embeddingColumn, similarity, device);
  }

  private StructField id() {
    return rows.schema().apply(idColumn);
  }

  /** The rows with the cells of the nearest centroids: columns {@link IndexColumns#ASSIGNED}. */
  Dataset<Row> assigned(Broadcast<Centroids> centroids) {
    AssignCells assign = new AssignCells(what, id(), centroids, similarity, BLOCK_ROWS, device);
    List<String> names = Arrays.asList(rows.columns());
    return WithColumns.of(
        rows,
        assign,
        List.of(names.indexOf(idColumn), names.indexOf(embeddingColumn)),
        IndexColumns.ASSIGNED);
  }

  /** Numbers of rows by cell. */
  static Map<Integer, Long> counts(Dataset<Row> assigned) {
    Map<Integer, Long> counts = new HashMap<>();
    assigned
        .groupBy(functions.col(IndexColumns.CELL))
        .count()
        .collectAsList()
        .forEach(row -> counts.put(row.getInt(0), row.getLong(1)));
    return counts;
  }

  /**
   * Recall at 10 by number of cells asked; see {@link HeldOutRecall}. Reads all rows twice: their
   * vectors, and their codes.
   *
   * @param centroids those of all cells with rows
   * @param counts rows by cell
   */
  List<ProbeRecall> recalls(
      Broadcast<Centroids> centroids, Questions questions, Map<Integer, Long> counts) {
    if (questions.count() == 0) {
      return List.of();
    }
    ExactSearchSettings exact =
        new ExactSearchSettings(
            idColumn,
            embeddingColumn,
            similarity,
            HeldOutRecall.AT + 1,
            null,
            SearchOptions.BLOCK_ROWS.defaultValue().orElseThrow(),
            List.of(IndexColumns.CELL),
            device);
    Dataset<Row> assigned = assigned(centroids);
    Dataset<Row> found =
        new ExactSearch(questions, exact).find(assigned, RowsRead.registered(rows.sparkSession()));
    Candidates candidates =
        new FindCandidates(
                questions,
                centroids.value(),
                centroids.value().count(),
                idColumn,
                HeldOutRecall.CANDIDATES,
                device)
            .of(assigned, RowsRead.registered(rows.sparkSession()));
    Map<Integer, Long> inCells = new HashMap<>(counts);
    inCells.remove(IndexColumns.NO_CELL);
    return new HeldOutRecall(questions, centroids.value(), inCells).of(found, candidates, idColumn);
  }

  /**
   * Rows of cells in the order of the index, the first of each cell with the cell's centroid. All
   * rows of a cell go to one task, so that a cell is one file.
   *
   * @param assigned all rows of some cells
   * @param centroids those of these cells
   * @param tasks most tasks
   */
  Dataset<Row> withCentroids(Dataset<Row> assigned, Broadcast<Centroids> centroids, int tasks) {
    Column cell = functions.col(IndexColumns.CELL);
    // Sorts by cell and id, and leaves rows so.
    Column isFirst =
        functions
            .row_number()
            .over(Window.partitionBy(cell).orderBy(IdOrder.column(id())))
            .equalTo(1);
    UserDefinedFunction centroid =
        functions.udf(
            (UDF1<Integer, float[]>) of -> centroidOf(of, centroids.value()),
            DataTypes.createArrayType(DataTypes.FloatType, false));
    return assigned
        .repartition(tasks, cell)
        .withColumn(
            IndexColumns.CENTROID,
            functions.when(isFirst.and(cell.notEqual(IndexColumns.NO_CELL)), centroid.apply(cell)));
  }

  /** Near ties may be decided in another way once rows are read in other blocks. */
  private static float[] centroidOf(int cell, Centroids centroids) {
    float[] centroid = centroids.ofCell(cell);
    if (centroid == null) {
      throw new IllegalStateException(
          "Cannot index: a row was assigned to cell %d, which it was not when rows were counted; run again"
              .formatted(cell));
    }
    return centroid;
  }

  /**
   * How many tasks should write rows.
   *
   * @param count how many rows there are
   * @param cells how many cells they are divided among
   */
  static int tasks(SparkSession spark, long count, int dimension, int cells) {
    long bytes = count * dimension * (Float.BYTES + 1);
    long wanted =
        Math.max(
            Slice.TASKS_PER_CORE * (long) spark.sparkContext().defaultParallelism(),
            bytes / TASK_BYTES);
    return (int) Math.max(1, Math.min(cells + 1L, wanted));
  }
}
