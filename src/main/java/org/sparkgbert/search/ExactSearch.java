package org.sparkgbert.search;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.corpus.ColumnNames;

/**
 * Exact search for the rows of a corpus that are nearest to questions.
 *
 * <p>The questions are broadcast in blocks, and the corpus streams past them once, by partitions.
 * Blocks are multiplied in a byte per element on a CPU, and in float32 on a GPU; such a score only
 * serves to discard rows that cannot be among the best, whatever its error; all others are scored
 * again in double precision, by a sum over the elements in their order. So the result is a function
 * of questions and corpus alone: partitions, blocks and devices do not change it.
 *
 * <p><b>Memory:</b> a task holds a block of the corpus, its product with a block of questions, and
 * the best rows of all questions so far; an executor holds the questions.
 *
 * @param questions the questions
 * @param settings what is looked for
 */
record ExactSearch(Questions questions, ExactSearchSettings settings) {
  /** Candidates that one task sorts. */
  private static final long FEW = 1_000_000;

  /**
   * Finds rows. A higher score, in double precision, is better; among equal scores the lower id,
   * and among rows of one id any fixed order of the carried columns.
   *
   * <p>A row is not found if its embedding is null or has an element that is null, NaN or infinite,
   * or if all elements are zero and the similarity is not defined for zero vectors; and nothing is
   * found for such a question.
   *
   * <p><b>Columns:</b> {@link SearchColumns#NUMBER}, the question's number, and {@link
   * SearchColumns#HIT}, a struct of those of {@link #schema}. Sorted by question and rank.
   *
   * @param corpus rows with embeddings
   * @param read counts the rows of the corpus when the result is computed; none are read if there
   *     is no question
   * @throws IllegalArgumentException if a column is missing, of the wrong type or would occur twice
   *     in the result; and when the result is computed, if a row has no id, or an embedding of
   *     another dimension than the questions
   */
  Dataset<Row> find(Dataset<Row> corpus, RowsRead read) {
    SearchColumns columns = columns(corpus.schema());
    return ranked(candidates(corpus, columns, read), columns, settings.topK(), questions.count());
  }

  /**
   * Columns of the result, before any row is read.
   *
   * @param corpus columns of the corpus
   * @throws IllegalArgumentException if a column is missing, of the wrong type or would occur twice
   */
  static StructType schema(StructType corpus, StructType questions, ExactSearchSettings settings) {
    return SearchColumns.of(corpus, questions.apply(0), settings).result();
  }

  private SearchColumns columns(StructType corpus) {
    return SearchColumns.of(corpus, questions.id(), settings);
  }

  /** The best rows of each partition. */
  private Dataset<Row> candidates(Dataset<Row> corpus, SearchColumns columns, RowsRead read) {
    var spark = (org.apache.spark.sql.classic.SparkSession) corpus.sparkSession();
    if (questions.blocks().isEmpty()) {
      return spark.createDataFrame(List.of(), columns.numberedResult());
    }
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    List<Broadcast<VectorBlock>> broadcasts =
        questions.blocks().stream().map(context::broadcast).toList();
    JavaRDD<InternalRow> found =
        onFewTasks(
                PackRows.of(corpus.select(ColumnNames.columns(columns.read())), columns.key()),
                context)
            .mapPartitions(
                new SearchPartition(
                    settings, questions.keys(), new RowKeys(columns.key()), broadcasts, read));
    return spark.internalCreateDataFrame(found.rdd(), columns.numberedResult(), false);
  }

  /** Each task has its own best rows of all questions, so more tasks than are useful cost more. */
  static <T> JavaRDD<T> onFewTasks(JavaRDD<T> rows, JavaSparkContext context) {
    int most = Slice.TASKS_PER_CORE * context.defaultParallelism();
    return rows.getNumPartitions() > most ? rows.coalesce(most) : rows;
  }

  /**
   * The best of the rows that were found for each question, with their ranks. If they are few, one
   * task sorts them: Spark would divide them among hundreds, and a table of them among as many
   * files.
   *
   * @param candidates rows of {@link SearchColumns#numberedResult}
   * @param questions how many
   */
  static Dataset<Row> ranked(
      Dataset<Row> candidates, SearchColumns columns, int topK, int questions) {
    long most = (long) questions * topK * candidates.rdd().getNumPartitions();
    if (most > FEW) {
      return best(candidates, columns, topK)
          .orderBy(SearchColumns.NUMBER, SearchColumns.RANK)
          .drop(SearchColumns.RANK);
    }
    return best(candidates.repartition(1), columns, topK)
        .sortWithinPartitions(SearchColumns.NUMBER, SearchColumns.RANK)
        .drop(SearchColumns.RANK);
  }

  private static Dataset<Row> best(Dataset<Row> candidates, SearchColumns columns, int topK) {
    Column hit = functions.col(SearchColumns.HIT);
    Column score = hit.getField(SearchColumns.SCORE);
    String id = columns.key().fieldNames()[0];
    Column order = IdOrder.of(hit.getField(id), columns.key().apply(0).dataType());
    Column rank =
        functions
            .row_number()
            .over(
                Window.partitionBy(SearchColumns.NUMBER)
                    .orderBy(score.desc(), order.asc(), functions.col(SearchColumns.KEY).asc()));
    return candidates
        .withColumn(SearchColumns.RANK, rank)
        .where(functions.col(SearchColumns.RANK).leq(topK))
        .select(
            functions.col(SearchColumns.NUMBER),
            functions.col(SearchColumns.RANK),
            hit.withField(SearchColumns.RANK, functions.col(SearchColumns.RANK))
                .as(SearchColumns.HIT));
  }
}
