package org.sparkgbert.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.action.Progress;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.corpus.Corpus;
import org.sparkgbert.lake.BinaryVectors;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.lake.InputProvenance;
import org.sparkgbert.lake.StoredVectors;
import org.sparkgbert.vector.Directions;

/**
 * The corpus of a search, opened and checked.
 *
 * @param corpus its rows
 * @param vectors its column with the embedding as floats
 * @param made what made its embeddings, if that is known
 * @param textColumn its column with the text that is shown; empty if none is
 * @param carried its columns that are carried along: those that the result has, and the text
 */
record SearchedCorpus(
    Corpus corpus,
    String vectors,
    Optional<EmbeddingProvenance> made,
    Optional<String> textColumn,
    List<String> carried) {
  /**
   * The name of a text that is only shown while it is carried, which is no column's of a result.
   */
  private static final String SHOWN = "spark_gbert_text";

  /** The name of the column in most tables. */
  private static final String TEXT = "text";

  /**
   * Opens the corpus.
   *
   * @param index the corpus if it is an index, which was opened without its condition
   * @param showsTexts whether texts are wanted
   * @param progress is told what users should know of the corpus
   * @throws IllegalArgumentException if it cannot be read, was made by several models, or has not
   *     the columns
   */
  static SearchedCorpus open(
      SparkSession spark,
      SearchSettings settings,
      Optional<Corpus> index,
      boolean showsTexts,
      Progress progress) {
    Corpus opened = opened(spark, settings, index, progress);
    StructType schema = opened.rows().schema();
    ColumnNames.require(
        "search by", List.of(settings.idColumn(), settings.embeddingColumn()), schema);
    ComparedColumns.requireOrder("search", schema.apply(settings.idColumn()));
    ColumnNames.require("keep", settings.keepColumns(), schema);
    ColumnNames.require("show", settings.textColumn().stream().toList(), schema);
    List<String> used =
        Stream.concat(settings.keepColumns().stream(), Stream.of(settings.embeddingColumn()))
            .toList();
    Corpus stored = new InputProvenance("search", settings.corpus()).of(opened, used);
    String vectors =
        StoredVectors.compared(schema, settings.embeddingColumn(), settings.keepColumns());
    Corpus corpus =
        stored.withRows(
            StoredVectors.asFloats("search", stored.rows(), settings.embeddingColumn(), vectors));
    ComparedColumns.requireFloats("search", corpus.rows().schema().apply(vectors));
    corpus.requireInEveryFile(settings.idColumn(), settings.embeddingColumn());
    corpus.requireInEveryFile(settings.keepColumns());
    corpus.notes(settings.idColumn(), settings.embeddingColumn()).forEach(progress::note);
    Optional<EmbeddingProvenance> made =
        EmbeddingProvenance.of(corpus.rows().schema().apply(settings.embeddingColumn()));
    Directions.require("search", made, List.of(settings.similarity()));
    Optional<String> text = showsTexts ? text(schema, settings, made) : Optional.empty();
    corpus.requireInEveryFile(text.stream().toList());
    if (text.filter(name -> isTaken(name, settings)).isPresent()) {
      Column shown = ColumnNames.column(text.get()).as(SHOWN);
      corpus = corpus.withRows(corpus.rows().select(functions.col("*"), shown));
      text = Optional.of(SHOWN);
    }
    return new SearchedCorpus(corpus, vectors, made, text, carried(settings.keepColumns(), text));
  }

  /**
   * Embeddings of questions with the origin of those of the corpus: if these are about a mean, it
   * is subtracted from questions, unless they are about a mean, too.
   */
  Dataset<Row> likeCorpus(Dataset<Row> questions, String column) {
    List<Double> mean = made.map(EmbeddingProvenance::mean).orElse(null);
    boolean isAboutNone =
        EmbeddingProvenance.of(questions.schema().apply(column))
            .filter(asked -> asked.mean() == null)
            .isPresent();
    return mean != null && isAboutNone ? BinaryVectors.centred(questions, column, mean) : questions;
  }

  /** A condition may hold for no row: then nothing is found, but the user should know why. */
  private static Corpus opened(
      SparkSession spark, SearchSettings settings, Optional<Corpus> index, Progress progress) {
    if (settings.corpus().where().isEmpty()) {
      return index.orElseGet(() -> settings.corpus().open(spark));
    }
    Corpus opened =
        index
            .map(settings.corpus()::filtered)
            .orElseGet(() -> settings.corpus().openPerhapsEmpty(spark));
    if (settings.corpus().hasNoRows(opened)) {
      progress.note("Corpus: there is no row where " + settings.corpus().where() + ".");
    }
    return opened;
  }

  private static Optional<String> text(
      StructType schema, SearchSettings settings, Optional<EmbeddingProvenance> made) {
    List<String> names = Arrays.asList(schema.fieldNames());
    return settings
        .textColumn()
        .or(() -> made.map(EmbeddingProvenance::textColumn).filter(names::contains))
        .or(() -> Optional.of(TEXT).filter(names::contains))
        .filter(name -> !name.equals(settings.idColumn()))
        .filter(name -> isText(schema, name, settings));
  }

  /** Whether a column that is not kept has the name of one of the result. */
  private static boolean isTaken(String name, SearchSettings settings) {
    return !settings.keepColumns().contains(name)
        && List.of(SearchColumns.QUERY_ID, SearchColumns.RANK, SearchColumns.SCORE).stream()
            .anyMatch(name::equalsIgnoreCase);
  }

  /** A column that was named is shown whatever its type. */
  private static boolean isText(StructType schema, String name, SearchSettings settings) {
    return settings.textColumn().isPresent()
        || schema.apply(name).dataType().equals(DataTypes.StringType);
  }

  private static List<String> carried(List<String> kept, Optional<String> text) {
    List<String> carried = new ArrayList<>(kept);
    text.filter(name -> !kept.contains(name)).ifPresent(carried::add);
    return List.copyOf(carried);
  }
}
