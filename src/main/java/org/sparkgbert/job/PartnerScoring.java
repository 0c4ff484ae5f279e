package org.sparkgbert.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.corpus.CorpusSource.Corpus;
import org.sparkgbert.corpus.UniqueIds;
import org.sparkgbert.embed.EmbedTally;
import org.sparkgbert.embed.EmbedWork;
import org.sparkgbert.embed.SentenceEmbedder;
import org.sparkgbert.lake.DerivedProvenance;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.lake.StatusColumn;
import org.sparkgbert.search.NearestNeighbours;
import org.sparkgbert.search.NeighbourSettings;

/**
 * Scores all pairs of one corpus and keeps the best of each row. Reads the embeddings of the
 * corpus, or encodes its texts if it has none.
 */
final class PartnerScoring implements Scoring {
  private final Dataset<Row> embedded;
  private final OptionalLong corpusRows;
  private final Optional<EmbedTally> tally;
  private final NeighbourSettings settings;
  private final Console console;

  private PartnerScoring(
      Dataset<Row> embedded,
      OptionalLong corpusRows,
      Optional<EmbedTally> tally,
      NeighbourSettings settings,
      Console console) {
    this.embedded = embedded;
    this.corpusRows = corpusRows;
    this.tally = tally;
    this.settings = settings;
    this.console = console;
  }

  /**
   * Plans the work.
   *
   * @param embedder encodes as the settings say
   * @throws IllegalArgumentException if a column is missing or of a wrong type, a name is taken,
   *     ids are not unique, or the model cannot be opened
   */
  static PartnerScoring of(
      Corpus corpus, StsOptions options, SentenceEmbedder embedder, Console console) {
    Dataset<Row> rows = corpus.rows();
    ColumnNames.require("compare", List.of(options.idColumn), rows.schema());
    ColumnNames.require("keep", options.keepColumns, rows.schema());
    Optional<EmbedTally> tally = Optional.empty();
    Dataset<Row> embedded = rows;
    if (!options.hasEmbeddings(rows.schema())) {
      EmbedTally counts = Progress.tally(rows.sparkSession());
      embedded = encoded(rows, options, embedder, counts);
      tally = Optional.of(counts);
    }
    NeighbourSettings settings = settings(rows.sparkSession(), options);
    PartnerScoring scoring = new PartnerScoring(embedded, corpus.count(), tally, settings, console);
    scoring.schema();
    if (tally.isPresent()) {
      UniqueIds.require("find partners", rows, options.idColumn);
    }
    return scoring;
  }

  private static Dataset<Row> encoded(
      Dataset<Row> rows, StsOptions options, SentenceEmbedder embedder, EmbedTally tally) {
    return embedder
        .setInputCol(options.textColumn)
        .setOutputCol(options.columns().prefix())
        .transformCounting(options.model.spread(options.output).overTasks(rows), tally);
  }

  private static NeighbourSettings settings(SparkSession spark, StsOptions options) {
    return new NeighbourSettings(
        options.idColumn,
        options.embeddingColumn,
        options.similarities.get(0),
        options.topK,
        options.minScore,
        options.unordered,
        options.blockRows,
        options.keepColumns,
        options.model.device(spark));
  }

  @Override
  public StructType schema() {
    return NearestNeighbours.schema(embedded.schema(), settings);
  }

  @Override
  public Dataset<Row> table() {
    if (tally.isPresent()) {
      Progress.encode(embedded, console, corpusRows);
    }
    return withProvenance(NearestNeighbours.find(embedded, settings));
  }

  private Dataset<Row> withProvenance(Dataset<Row> partners) {
    String score = settings.similarity().column();
    DerivedProvenance derived = new DerivedProvenance(score, provenance().stream().toList());
    List<Column> columns = new ArrayList<>();
    for (String name : partners.columns()) {
      Column column = ColumnNames.column(name);
      columns.add(name.equals(score) ? column.as(name, derived.toMetadata()) : column);
    }
    return partners.select(columns.toArray(Column[]::new));
  }

  /** As many as there can be. */
  @Override
  public OptionalLong rows() {
    return corpusRows.isPresent()
        ? OptionalLong.of(corpusRows.getAsLong() * settings.topK())
        : OptionalLong.empty();
  }

  @Override
  public List<StatusColumn> statuses() {
    return List.of();
  }

  @Override
  public Optional<EmbeddingProvenance> provenance() {
    return EmbeddingProvenance.of(embedded.schema().apply(settings.embeddingColumn()));
  }

  @Override
  public EmbedWork work() {
    return tally.map(EmbedTally::value).orElse(EmbedWork.NONE);
  }

  @Override
  public void close() {
    if (tally.isPresent()) {
      embedded.unpersist();
    }
  }
}
