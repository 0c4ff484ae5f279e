package org.sparkgbert.search;

import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.corpus.ColumnNames;

/**
 * Search of an index: of the rows in the cells that a question asks, those with the best codes are
 * scored as {@link ExactSearch} scores, and the best of these are found.
 *
 * <p>Two passes: one reads ids and codes of the cells that any question asks; the other the
 * vectors, and the carried columns, of the cells with candidates. A score is exact; which rows have
 * one is not: a row in a cell that is not asked is not found, however near it is.
 *
 * <p><b>Memory:</b> the driver and each executor hold the questions and their candidates; a task
 * holds a block of codes.
 *
 * @param questions the questions
 * @param settings what is looked for
 * @param index the index
 * @param probe cells that each question asks, at least 1
 */
record IndexedSearch(
    Questions questions, ExactSearchSettings settings, OpenedIndex index, int probe) {
  /** More ids are not worth a condition. */
  private static final int MOST_IDS = 4_096;

  /**
   * Finds rows, likewise sorted, in the columns of {@link ExactSearch#find}.
   *
   * @param rows the index, or those of its rows that a condition holds for
   * @param read counts the rows whose codes are compared
   * @throws IllegalArgumentException if the questions have another dimension than the index, or a
   *     column is missing, of the wrong type or would occur twice in the result
   */
  Dataset<Row> find(Dataset<Row> rows, RowsRead read) {
    SearchColumns columns = SearchColumns.of(rows.schema(), questions.id(), settings);
    var spark = (org.apache.spark.sql.classic.SparkSession) rows.sparkSession();
    if (questions.blocks().isEmpty()) {
      return spark.createDataFrame(List.of(), columns.numberedResult());
    }
    requireDimension();
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Candidates candidates =
        new FindCandidates(
                questions,
                index.centroids(),
                probe,
                settings.idColumn(),
                FindCandidates.number(settings.topK()),
                settings.device())
            .of(rows, read);
    Dataset<Row> selected =
        FindCandidates.inCells(rows, candidates.cells())
            .where(perhaps(candidates, columns))
            .select(
                ColumnNames.columns(
                    Stream.concat(columns.read().stream(), Stream.of(IndexColumns.CELL)).toList()));
    JavaRDD<InternalRow> found =
        ExactSearch.onFewTasks(PackRows.internal(selected), context)
            .mapPartitions(
                new ScoreCandidates(
                    settings,
                    questions.keys(),
                    new RowKeys(columns.key()),
                    questions.blocks().stream().map(context::broadcast).toList(),
                    context.broadcast(candidates)));
    return ExactSearch.ranked(
        spark.internalCreateDataFrame(found.rdd(), columns.numberedResult(), false),
        columns,
        settings.topK(),
        questions.count());
  }

  private void requireDimension() {
    int asked = questions.dimension().orElseThrow();
    if (asked != index.info().dimension()) {
      throw new IllegalArgumentException(
          "Cannot search: embeddings of the index have %d dimensions, found %d in those of questions"
              .formatted(index.info().dimension(), asked));
    }
  }

  /** A condition that holds for candidates, and for few other rows, if there are not too many. */
  private Column perhaps(Candidates candidates, SearchColumns columns) {
    List<byte[]> ids = candidates.ids();
    RowKeys keys = new RowKeys(new StructType().add(columns.key().apply(0)));
    boolean isPlain =
        List.of(DataTypes.LongType, DataTypes.IntegerType, DataTypes.StringType)
            .contains(columns.key().apply(0).dataType());
    return isPlain && ids.size() <= MOST_IDS
        ? ColumnNames.column(settings.idColumn())
            .isin(ids.stream().map(keys::shownId).distinct().toArray())
        : functions.lit(true);
  }
}
