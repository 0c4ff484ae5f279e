package org.sparkgbert.search;

import java.util.Collection;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.onnx.DeviceSettings;

/**
 * Finds the rows with the best codes in the cells that questions ask: the first pass over an index.
 *
 * @param questions the questions, at least one
 * @param centroids those of all cells
 * @param probe cells that each question asks, at least 1
 * @param idColumn column with the id
 * @param kept most candidates of a question
 * @param device where blocks are multiplied
 */
record FindCandidates(
    Questions questions,
    Centroids centroids,
    int probe,
    String idColumn,
    int kept,
    DeviceSettings device) {
  /** Candidates per row that is found. */
  private static final int TIMES = 8;

  /** Of codes, so that a block takes little memory beside those of vectors. */
  private static final int BLOCK_ROWS = 1_024;

  /**
   * How many candidates of a question are scored with their full vectors.
   *
   * @param topK rows that are found
   */
  static int number(int topK) {
    return (int) Math.min(Integer.MAX_VALUE / 2, (long) TIMES * topK);
  }

  /**
   * Finds them.
   *
   * @param rows ids, and the columns {@link IndexColumns#ASSIGNED}
   * @param read counts the rows whose codes are compared
   */
  Candidates of(Dataset<Row> rows, RowsRead read) {
    var spark = (org.apache.spark.sql.classic.SparkSession) rows.sparkSession();
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    ProbedQuestions probed = ProbedQuestions.of(questions, centroids, probe);
    Dataset<Row> codes =
        inCells(rows, probed.cells())
            .select(
                ColumnNames.column(idColumn),
                functions.col(IndexColumns.CELL),
                functions.col(IndexColumns.CODE),
                functions.col(IndexColumns.SCALE),
                functions.col(IndexColumns.ALONG));
    StructType id = new StructType().add(idColumn, codes.schema().apply(0).dataType(), true);
    JavaRDD<InternalRow> found =
        ExactSearch.onFewTasks(PackRows.internal(codes), context)
            .mapPartitions(
                new SearchCodes(
                    context.broadcast(probed),
                    id,
                    centroids.dimension(),
                    kept,
                    BLOCK_ROWS,
                    device,
                    read));
    return Candidates.of(
        spark
            .internalCreateDataFrame(found.rdd(), SearchCodes.found(id), false)
            .withColumn(SearchColumns.RANK, rank(id))
            .where(functions.col(SearchColumns.RANK).leq(kept))
            .select(SearchColumns.NUMBER, SearchCodes.SCORE, IndexColumns.CELL, SearchCodes.KEY)
            .collectAsList());
  }

  private static Column rank(StructType id) {
    return functions
        .row_number()
        .over(
            Window.partitionBy(SearchColumns.NUMBER)
                .orderBy(
                    functions.col(SearchCodes.SCORE).desc(),
                    IdOrder.of(functions.col(SearchCodes.ID), id.apply(0).dataType()).asc(),
                    functions.col(IndexColumns.CELL).asc(),
                    functions.col(SearchCodes.KEY).asc()));
  }

  /** Spark reads no files of other cells. */
  static Dataset<Row> inCells(Dataset<Row> rows, Collection<Integer> cells) {
    return rows.where(functions.col(IndexColumns.CELL).isin(cells.toArray()));
  }
}
