package org.sparkgbert.search;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.action.Progress;
import org.sparkgbert.action.Stages;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.corpus.Corpus;
import org.sparkgbert.corpus.UniqueIds;
import org.sparkgbert.embed.EmbedTally;
import org.sparkgbert.embed.EmbedWork;
import org.sparkgbert.embed.EmbedderOptions;
import org.sparkgbert.embed.EncodedRows;
import org.sparkgbert.embed.SentenceEmbedder;
import org.sparkgbert.lake.DerivedProvenance;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.lake.InputProvenance;
import org.sparkgbert.lake.RunInfo;
import org.sparkgbert.lake.RunManifest;
import org.sparkgbert.lake.StoredVectors;
import org.sparkgbert.lake.TableWriter;
import org.sparkgbert.lake.WrittenTable;
import org.sparkgbert.sts.PairOptions;
import org.sparkgbert.vector.Directions;

/**
 * Finds the best partners of each row of a corpus in that corpus, and writes a table. Reads the
 * embeddings of the corpus, or encodes its texts if it has none.
 *
 * <pre>{@code
 * Settings settings =
 *     Settings.NONE
 *         .with(InputOptions.INPUT, List.of("articles_embedded"))
 *         .with(OutputOptions.OUTPUT, "neighbours")
 *         .with(NeighbourOptions.TOP_K, 5);
 * FoundNeighbours found =
 *     new FindNeighbours(FindNeighboursSettings.of(settings)).run(spark, Progress.NONE);
 * }</pre>
 *
 * @param settings what to do
 */
public record FindNeighbours(FindNeighboursSettings settings) {
  /**
   * Rows with embeddings, which are encoded when they are read.
   *
   * @param rows the rows
   * @param tally sums the work of encoding; empty if the corpus already has embeddings
   */
  private record Embedded(Dataset<Row> rows, Optional<EmbedTally> tally) {
    private EmbedWork work() {
      return tally.map(EmbedTally::value).orElse(EmbedWork.NONE);
    }

    /** Rows that had embeddings may be a cached view of the caller's, which stays. */
    private void release() {
      tally.ifPresent(encoded -> rows.unpersist());
    }
  }

  /**
   * Runs the action.
   *
   * @param progress is told how many texts are encoded
   * @return what was done; the table is published
   * @throws IllegalArgumentException if the corpus cannot be read, a column is missing or of the
   *     wrong type, a name is taken, ids are not unique, the model cannot be opened, settings of
   *     encoding are given for embeddings, or the table cannot be written
   */
  public FoundNeighbours run(SparkSession spark, Progress progress) {
    try (Stages stages = Stages.of(spark, "find neighbours", progress)) {
      return run(spark, stages);
    }
  }

  private FoundNeighbours run(SparkSession spark, Stages stages) {
    long start = System.nanoTime();
    stages.begin("read corpus");
    TableWriter.requireWritable(spark, settings.table(), settings.corpus().paths());
    Corpus corpus = corpus(spark, stages.progress());
    RunInfo run = RunInfo.begin(RunManifest.Input.of(settings.corpus()), modelLocation(corpus));
    NeighbourSettings comparison =
        settings.comparison(vectors(corpus), SentenceEmbedder.taskCpus(spark));
    Embedded embedded = embedded(corpus);
    Optional<EmbeddingProvenance> made =
        EmbeddingProvenance.of(embedded.rows().schema().apply(settings.embeddingColumn()));
    Directions.require("find partners", made, List.of(settings.similarity()));
    StructType result = NearestNeighbours.schema(embedded.rows().schema(), comparison);
    TableWriter.requireSchema(spark, result, settings.table());
    if (embedded.tally().isEmpty()) {
      requireNothingOfTexts();
    } else {
      UniqueIds.require("find partners", corpus.rows(), settings.idColumn());
      stages.begin("encode texts");
    }
    try {
      if (embedded.tally().isPresent()) {
        corpus.requireAll(EncodedRows.persist(embedded.rows(), stages.progress(), corpus.count()));
      }
      stages.begin("compare rows");
      Dataset<Row> partners =
          withProvenance(
              NearestNeighbours.find(
                  embedded.rows(), comparison, NearestNeighbours.SLICE_BYTES, corpus::requireAll),
              made);
      Dataset<Row> table = overFiles(partners, corpus, made);
      WrittenTable written = TableWriter.write(table, List.of(), settings.table(), run);
      return new FoundNeighbours(
          made, written, embedded.work(), Duration.ofNanos(System.nanoTime() - start));
    } finally {
      embedded.release();
    }
  }

  /** The corpus, with floats where it has embeddings. */
  private Corpus corpus(SparkSession spark, Progress progress) {
    Corpus opened = settings.corpus().open(spark);
    Corpus stored = new InputProvenance("find partners", settings.corpus()).of(opened, used());
    Corpus corpus =
        stored.withRows(
            StoredVectors.asFloats(
                "find partners", stored.rows(), settings.embeddingColumn(), vectors(stored)));
    corpus.requireInEveryFile(settings.idColumn(), source(corpus));
    corpus.requireInEveryFile(settings.keepColumns());
    corpus.notes(settings.idColumn(), source(corpus)).forEach(progress::note);
    return corpus;
  }

  private Dataset<Row> overFiles(
      Dataset<Row> partners, Corpus corpus, Optional<EmbeddingProvenance> made) {
    return settings
        .partitioning()
        .overFiles(
            partners,
            new Corpus(corpus.rows(), mostPairs(corpus)),
            made.map(EmbeddingProvenance::dimension).orElse(0),
            settings.table().partitionBy());
  }

  /** Columns that carry what made them to the result. */
  private List<String> used() {
    return Stream.concat(settings.keepColumns().stream(), Stream.of(settings.embeddingColumn()))
        .toList();
  }

  private boolean hasEmbeddings(Corpus corpus) {
    return Arrays.asList(corpus.rows().columns()).contains(settings.embeddingColumn());
  }

  /** The column by which rows are compared, once texts are encoded. */
  private String vectors(Corpus stored) {
    return hasEmbeddings(stored)
        ? StoredVectors.compared(
            stored.rows().schema(), settings.embeddingColumn(), settings.keepColumns())
        : settings.embeddingColumn();
  }

  /** The column with the embedding, or with the text that is encoded. */
  private String source(Corpus corpus) {
    return hasEmbeddings(corpus) ? settings.embeddingColumn() : settings.textColumn();
  }

  private String modelLocation(Corpus corpus) {
    return hasEmbeddings(corpus)
        ? String.join(", ", settings.corpus().paths())
        : settings.encoding().get(EmbedderOptions.MODEL);
  }

  private Embedded embedded(Corpus corpus) {
    ColumnNames.require("compare", List.of(settings.idColumn()), corpus.rows().schema());
    ColumnNames.require("keep", settings.keepColumns(), corpus.rows().schema());
    if (settings.encoding().has(PairOptions.EMBEDDING_COLUMN)) {
      ColumnNames.require("compare", List.of(settings.embeddingColumn()), corpus.rows().schema());
    }
    if (hasEmbeddings(corpus)) {
      return new Embedded(corpus.rows(), Optional.empty());
    }
    EmbedTally tally = EmbedTally.registered(corpus.rows().sparkSession());
    Dataset<Row> rows =
        SentenceEmbedder.of(settings.encoding())
            .setInputCol(settings.textColumn())
            .setOutputCol(settings.embeddingColumn())
            .transformCounting(settings.partitioning().overTasks(corpus.rows()), tally);
    return new Embedded(rows, Optional.of(tally));
  }

  private void requireNothingOfTexts() {
    settings
        .encoding()
        .requireNone(
            NeighbourOptions.OF_TEXTS,
            "does not apply to an input with embeddings, found column '%s'"
                .formatted(settings.embeddingColumn()));
  }

  private Dataset<Row> withProvenance(Dataset<Row> partners, Optional<EmbeddingProvenance> made) {
    String score = settings.similarity().column();
    DerivedProvenance derived = new DerivedProvenance(score, made.stream().toList());
    return partners.withMetadata(score, derived.toMetadata());
  }

  /** The maximum possible number of pairs. */
  private OptionalLong mostPairs(Corpus corpus) {
    return corpus.count().isPresent()
        ? OptionalLong.of(corpus.count().getAsLong() * settings.topK())
        : OptionalLong.empty();
  }
}
