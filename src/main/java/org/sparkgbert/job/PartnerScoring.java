package org.sparkgbert.job;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.corpus.CorpusSource.Corpus;
import org.sparkgbert.embed.DerivedProvenance;
import org.sparkgbert.embed.EmbedTally;
import org.sparkgbert.embed.EmbedWork;
import org.sparkgbert.embed.EmbeddingProvenance;
import org.sparkgbert.lake.StatusColumn;
import org.sparkgbert.sts.AllPairs;
import org.sparkgbert.sts.AllPairsSettings;
import org.sparkgbert.sts.Similarity;

/**
 * Scores all pairs of one corpus and keeps the best of each row.
 *
 * @param table the pairs
 * @param rows most pairs there can be, if the corpus' rows are counted
 * @param provenance what made the embeddings, if they say so
 * @param work what encoding took, nothing if the corpus had embeddings
 * @param encoded the encoded corpus, held on the executors' disks; empty likewise
 */
record PartnerScoring(
    Dataset<Row> table,
    OptionalLong rows,
    Optional<EmbeddingProvenance> provenance,
    EmbedWork work,
    Optional<Dataset<Row>> encoded)
    implements Scoring {

  /**
   * Reads the embeddings of the corpus, or encodes its texts if it has none.
   *
   * @throws IllegalArgumentException if a column is missing, or ids are not unique
   */
  static PartnerScoring start(
      SparkSession spark, Corpus corpus, StsOptions options, Console console) {
    ColumnNames.require("compare", List.of(options.idColumn), corpus.rows().schema());
    ColumnNames.require("keep", options.keepColumns, corpus.rows().schema());
    List<String> columns = Arrays.asList(corpus.rows().schema().fieldNames());
    if (columns.contains(options.embeddingColumn)) {
      return of(corpus.rows(), corpus, options, EmbedWork.NONE, Optional.empty());
    }
    EmbedTally tally = new EmbedTally();
    spark.sparkContext().register(tally, Progress.TALLY);
    Dataset<Row> encoded = encode(corpus, options, tally);
    try (Progress progress = Progress.start(spark, console, corpus.count())) {
      encoded.count();
      progress.draw();
    }
    return of(encoded, corpus, options, tally.value(), Optional.of(encoded));
  }

  private static Dataset<Row> encode(Corpus corpus, StsOptions options, EmbedTally tally) {
    Spread spread = options.model.spread(options.output);
    return options
        .model
        .embedder()
        .setInputCol(options.textColumn)
        .setOutputCol(options.columns().prefix())
        .transformCounting(spread.overTasks(corpus.rows()), tally)
        .persist(StorageLevel.DISK_ONLY());
  }

  private static PartnerScoring of(
      Dataset<Row> embedded,
      Corpus corpus,
      StsOptions options,
      EmbedWork work,
      Optional<Dataset<Row>> encoded) {
    Optional<EmbeddingProvenance> made =
        EmbeddingProvenance.of(embedded.schema().apply(options.embeddingColumn));
    Dataset<Row> partners = AllPairs.partners(embedded, settings(embedded, options));
    OptionalLong rows =
        corpus.count().isPresent()
            ? OptionalLong.of(corpus.count().getAsLong() * options.topK)
            : OptionalLong.empty();
    return new PartnerScoring(
        withProvenance(partners, options.similarities.get(0), made), rows, made, work, encoded);
  }

  private static AllPairsSettings settings(Dataset<Row> embedded, StsOptions options) {
    return new AllPairsSettings(
        options.idColumn,
        options.embeddingColumn,
        options.similarities.get(0),
        options.topK,
        options.minScore,
        options.unordered,
        options.blockRows,
        options.keepColumns,
        options.model.device(embedded.sparkSession()));
  }

  private static Dataset<Row> withProvenance(
      Dataset<Row> partners, Similarity similarity, Optional<EmbeddingProvenance> made) {
    DerivedProvenance derived = new DerivedProvenance(similarity.column(), made.stream().toList());
    List<Column> columns = new ArrayList<>();
    for (String name : partners.columns()) {
      Column column = ColumnNames.column(name);
      columns.add(
          name.equals(similarity.column()) ? column.as(name, derived.toMetadata()) : column);
    }
    return partners.select(columns.toArray(Column[]::new));
  }

  @Override
  public List<StatusColumn> statuses() {
    return List.of();
  }

  @Override
  public void close() {
    encoded.ifPresent(Dataset::unpersist);
  }
}
