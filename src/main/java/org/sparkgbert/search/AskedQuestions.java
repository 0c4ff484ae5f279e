package org.sparkgbert.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.action.Progress;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.corpus.Corpus;
import org.sparkgbert.corpus.UniqueIds;
import org.sparkgbert.embed.EmbedTally;
import org.sparkgbert.embed.EmbedWork;
import org.sparkgbert.embed.EncodedRows;
import org.sparkgbert.embed.SentenceEmbedder;
import org.sparkgbert.encode.EmbeddingStatus;
import org.sparkgbert.lake.EmbeddingColumns;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.lake.InputProvenance;
import org.sparkgbert.lake.StoredVectors;

/**
 * The questions of a search before they are read; those that are texts are encoded when they are.
 *
 * @param corpus where they come from
 * @param rows {@link SearchColumns#QUERY_ID}, perhaps {@link #TEXT}, {@link #EMBEDDING}; if they
 *     are encoded, also the other {@link EmbeddingColumns}
 * @param tally sums the work of encoding; empty if they have embeddings
 */
record AskedQuestions(Corpus corpus, Dataset<Row> rows, Optional<EmbedTally> tally) {
  /** The column with the text. */
  static final String TEXT = "text";

  /** The column with the embedding. */
  static final String EMBEDDING = "embedding";

  private static final EmbeddingColumns COLUMNS = new EmbeddingColumns(EMBEDDING);

  private static final StructType TYPED =
      new StructType()
          .add(SearchColumns.QUERY_ID, DataTypes.IntegerType, false)
          .add(TEXT, DataTypes.StringType, false);

  /**
   * Opens the questions.
   *
   * @param searched the corpus
   * @throws IllegalArgumentException if they cannot be read, a column is missing or of the wrong
   *     type, the model cannot be opened, or their embeddings cannot be compared with the corpus'
   */
  static AskedQuestions open(
      SparkSession spark, SearchSettings settings, SearchedCorpus searched, Progress progress) {
    if (settings.questions() instanceof QuestionSource.Table table) {
      Corpus opened = table.source().open(spark);
      opened.notes(table.idColumn()).forEach(progress::note);
      return table.encodes()
          ? encoded(texts(opened, table), settings, searched)
          : embedded(opened, table, settings, searched);
    }
    return encoded(typed(spark, (QuestionSource.Typed) settings.questions()), settings, searched);
  }

  private static Corpus typed(SparkSession spark, QuestionSource.Typed typed) {
    List<Row> rows = new ArrayList<>();
    typed.texts().forEach(text -> rows.add(RowFactory.create(rows.size() + 1, text)));
    return new Corpus(spark.createDataFrame(rows, TYPED).coalesce(1), OptionalLong.of(rows.size()));
  }

  private static Corpus texts(Corpus opened, QuestionSource.Table table) {
    String text = table.textColumn().orElseThrow();
    StructType schema = opened.rows().schema();
    ColumnNames.require("read questions by", List.of(table.idColumn(), text), schema);
    ComparedColumns.requireOrder("read questions", schema.apply(table.idColumn()));
    opened.requireInEveryFile(table.idColumn(), text);
    ColumnNames.requireString("read questions by", text, schema);
    return opened.withRows(
        opened
            .rows()
            .select(
                ColumnNames.column(table.idColumn()).as(SearchColumns.QUERY_ID),
                ColumnNames.column(text).as(TEXT)));
  }

  private static AskedQuestions encoded(
      Corpus texts, SearchSettings settings, SearchedCorpus searched) {
    SparkSession spark = texts.rows().sparkSession();
    EmbedTally tally = EmbedTally.registered(spark);
    Dataset<Row> divided =
        settings.questions() instanceof QuestionSource.Typed
            ? texts.rows()
            : settings.partitioning().overTasks(texts.rows());
    QuestionModel model = QuestionModel.of(settings, searched);
    Dataset<Row> rows =
        SentenceEmbedder.of(model.encoding())
            .setInputCol(TEXT)
            .setOutputCol(EMBEDDING)
            .transformBy(model.reference(), divided, tally);
    return new AskedQuestions(texts, searched.likeCorpus(rows, EMBEDDING), Optional.of(tally));
  }

  private static AskedQuestions embedded(
      Corpus opened, QuestionSource.Table table, SearchSettings settings, SearchedCorpus searched) {
    String embedding = settings.embeddingColumn();
    Corpus stored = new InputProvenance("search", table.source()).of(opened, List.of(embedding));
    Corpus corpus =
        stored.withRows(StoredVectors.asFloats("read questions", stored.rows(), embedding));
    Questions.require(corpus.rows().schema(), table.idColumn(), embedding);
    Dataset<Row> rows = searched.likeCorpus(corpus.rows(), embedding);
    StructType schema = rows.schema();
    corpus.requireInEveryFile(table.idColumn(), embedding);
    Optional<EmbeddingProvenance> made = EmbeddingProvenance.of(schema.apply(embedding));
    QuestionModel.requireSame(made, String.join(", ", table.source().paths()), settings, searched);
    List<Column> columns = new ArrayList<>();
    columns.add(ColumnNames.column(table.idColumn()).as(SearchColumns.QUERY_ID));
    made.map(EmbeddingProvenance::textColumn)
        .filter(name -> isText(schema, name))
        .ifPresent(name -> columns.add(ColumnNames.column(name).as(TEXT)));
    columns.add(ColumnNames.column(embedding).as(EMBEDDING));
    return new AskedQuestions(
        corpus, rows.select(columns.toArray(Column[]::new)), Optional.empty());
  }

  private static boolean isText(StructType schema, String name) {
    return Arrays.asList(schema.fieldNames()).contains(name)
        && schema.apply(name).dataType().equals(DataTypes.StringType);
  }

  /**
   * Reads them; texts are encoded first.
   *
   * @param progress is told how many texts are encoded
   * @throws IllegalArgumentException if an id is null or occurs twice, or embeddings differ in
   *     dimension
   * @throws IllegalStateException if a text could not be encoded
   */
  Questions read(SearchSettings settings, Progress progress) {
    try {
      if (tally.isPresent()) {
        EncodedRows.persist(rows, progress, corpus.count());
        requireNoneFailed();
      }
      Dataset<Row> asked =
          tally.isPresent() ? rows.select(SearchColumns.QUERY_ID, TEXT, EMBEDDING) : rows;
      Questions questions = Questions.read(asked, settings.similarity(), settings.blockRows());
      corpus.requireAll(questions.count() + questions.leftOut().size());
      return questions;
    } finally {
      rows.unpersist();
    }
  }

  private void requireNoneFailed() {
    Dataset<Row> failed =
        rows.where(functions.col(COLUMNS.status()).equalTo(EmbeddingStatus.FAILED.label()));
    List<Row> first =
        failed.select(SearchColumns.QUERY_ID, COLUMNS.error()).limit(1).collectAsList();
    if (!first.isEmpty()) {
      throw new IllegalStateException(
          "Cannot search: %d questions could not be encoded, such as %s: %s"
              .formatted(
                  failed.count(), UniqueIds.text(first.get(0).get(0)), first.get(0).getString(1)));
    }
  }

  /** The work of encoding. */
  EmbedWork work() {
    return tally.map(EmbedTally::value).orElse(EmbedWork.NONE);
  }
}
