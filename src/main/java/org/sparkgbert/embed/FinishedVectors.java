package org.sparkgbert.embed;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.KnownNotContainsNull;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.corpus.InputPaths;
import org.sparkgbert.corpus.ParquetFile;
import org.sparkgbert.encode.EmbeddingStatus;
import org.sparkgbert.lake.BinaryVectors;
import org.sparkgbert.lake.EmbeddingColumns;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.lake.FinishedFiles;
import org.sparkgbert.lake.Int8Vectors;
import org.sparkgbert.lake.OutputPrecision;
import org.sparkgbert.lake.StoredVectors;

/**
 * Vectors that interrupted runs had finished, by their texts: each row of a corpus whose very text
 * is among them gets that vector, and only the others are encoded.
 *
 * <p>In which task a row was, and in which order, does not matter, so the corpus may have changed
 * meanwhile. Rows are joined with the vectors by their texts, and then brought back into the tasks
 * and the order in which the corpus is divided.
 *
 * @param rows columns {@code text}, {@code embedding}, {@code embedding_status} and {@code
 *     embedding_tokens}; no text twice
 */
record FinishedVectors(Dataset<Row> rows) {
  private static final String TEXT = "text";
  private static final EmbeddingColumns VECTOR = new EmbeddingColumns("embedding");

  /** Among so many tasks the rows without a text are divided. */
  private static final int SHARES = 1_000;

  /**
   * Where files have their texts and vectors.
   *
   * @param text the column with the texts
   * @param vectors the columns with the vectors
   * @param made what made them
   */
  private record Place(String text, EmbeddingColumns vectors, EmbeddingProvenance made) {}

  /**
   * Vectors that are wanted.
   *
   * @param fingerprint what they have to be made by
   * @param precision how elements are stored: what was rounded gives nothing but the same again
   * @param mean of {@code binary}, the mean about which bits are; else null
   * @param floatsToo whether vectors that were not rounded serve, too
   */
  record Wanted(
      String fingerprint, OutputPrecision precision, List<Double> mean, boolean floatsToo) {
    private boolean includes(EmbeddingProvenance made) {
      boolean isSame = made.elements() == precision && Objects.equals(made.mean(), mean);
      boolean isExact =
          floatsToo && made.elements() == OutputPrecision.FLOAT32 && made.mean() == null;
      return fingerprint.equals(made.fingerprint()) && (isSame || isExact);
    }
  }

  /**
   * The vectors in files of interrupted runs.
   *
   * @return empty if there are none
   */
  static Optional<FinishedVectors> of(SparkSession spark, FinishedFiles finished, Wanted wanted) {
    Map<Place, List<String>> files = new LinkedHashMap<>();
    for (ParquetFile file : finished.files()) {
      place(file, wanted)
          .filter(place -> file.columns().contains(place.text()))
          .ifPresent(
              place -> files.computeIfAbsent(place, any -> new ArrayList<>()).add(file.path()));
    }
    return files.entrySet().stream()
        .map(entry -> read(spark, entry.getKey(), entry.getValue()))
        .reduce(Dataset::union)
        .map(rows -> new FinishedVectors(rows.dropDuplicates(TEXT)));
  }

  /** Rows in files with such vectors that cannot be told apart, since they lack their texts. */
  static long withoutText(FinishedFiles finished, Wanted wanted) {
    return finished.files().stream()
        .filter(
            file ->
                place(file, wanted)
                    .filter(place -> !file.columns().contains(place.text()))
                    .isPresent())
        .mapToLong(ParquetFile::rows)
        .sum();
  }

  /**
   * The mean about which most bits are that runs left of this fingerprint; empty for none. Zero is
   * no mean of a corpus.
   */
  static Optional<List<Double>> mean(FinishedFiles finished, String fingerprint) {
    Map<List<Double>, Long> rows = new LinkedHashMap<>();
    for (ParquetFile file : finished.files()) {
      places(file)
          .map(Place::made)
          .filter(made -> made.elements() == OutputPrecision.BINARY)
          .filter(made -> fingerprint.equals(made.fingerprint()))
          .filter(made -> made.mean().stream().anyMatch(value -> value != 0))
          .forEach(made -> rows.merge(made.mean(), file.rows(), Long::sum));
    }
    return rows.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey);
  }

  private static Optional<Place> place(ParquetFile file, Wanted wanted) {
    return places(file).filter(place -> wanted.includes(place.made())).findFirst();
  }

  private static Stream<Place> places(ParquetFile file) {
    return file.metadata().entrySet().stream()
        .flatMap(column -> place(file, column.getKey(), column.getValue()).stream());
  }

  private static Optional<Place> place(ParquetFile file, String column, String metadata) {
    EmbeddingColumns vectors = new EmbeddingColumns(column);
    StructField field =
        new StructField(column, DataTypes.NullType, true, Metadata.fromJson(metadata));
    return EmbeddingProvenance.of(field)
        .map(made -> new Place(made.textColumn(), vectors, made))
        .filter(place -> file.columns().containsAll(vectors.names(place.made().elements())));
  }

  /** What a dead run left may be damaged; texts that cannot be read are encoded again. */
  private static Dataset<Row> read(SparkSession spark, Place place, List<String> files) {
    EmbeddingColumns vectors = place.vectors();
    StructType floats =
        new StructType()
            .add(place.text(), DataTypes.StringType)
            .add(
                vectors.embedding(),
                DataTypes.createArrayType(DataTypes.FloatType),
                true,
                place.made().toMetadata())
            .add(vectors.status(), DataTypes.StringType)
            .add(vectors.tokens(), DataTypes.IntegerType);
    StructType schema =
        switch (place.made().elements()) {
          case FLOAT32 -> floats;
          case INT8 -> Int8Vectors.schema(floats, vectors);
          case BINARY -> BinaryVectors.schema(floats, vectors);
        };
    Column status = ColumnNames.column(vectors.status());
    Dataset<Row> rows =
        InputPaths.verified(spark, Optional.of(schema))
            .option("recursiveFileLookup", "true")
            .option("ignoreCorruptFiles", "true")
            .option("ignoreMissingFiles", "true")
            .parquet(files.toArray(String[]::new))
            .where(status.isin(EmbeddingStatus.OK.label(), EmbeddingStatus.TRUNCATED.label()))
            .where(ColumnNames.column(place.text()).isNotNull());
    return floats(rows, place)
        .select(
            ColumnNames.column(place.text()).as(TEXT),
            // Floats of all runs are united; what the files say of their bits is no longer so.
            ColumnNames.column(vectors.embedding()).as(VECTOR.embedding(), Metadata.empty()),
            ColumnNames.column(vectors.status()).as(VECTOR.status()),
            ColumnNames.column(vectors.tokens()).as(VECTOR.tokens()));
  }

  /** Floats that give the same bytes or bits when they are rounded again. */
  private static Dataset<Row> floats(Dataset<Row> rows, Place place) {
    String vector = place.vectors().embedding();
    Dataset<Row> floats = StoredVectors.asFloats("take over vectors", rows, vector);
    return place.made().elements() == OutputPrecision.BINARY
        ? BinaryVectors.restored(floats, vector, place.made().mean())
        : floats;
  }

  /** How many rows of a corpus have their vector here. */
  long count(Dataset<Row> corpus, String textColumn) {
    return corpus
        .select(ColumnNames.column(textColumn).as("of_corpus"))
        .join(rows.select(TEXT), col("of_corpus").equalTo(col(TEXT)))
        .count();
  }

  /** Of the texts of these vectors, the share that a corpus has. */
  double shareIn(Dataset<Row> corpus, String textColumn) {
    Dataset<Row> texts = corpus.select(ColumnNames.column(textColumn).as("of_corpus"));
    long shared = rows.join(texts, col("of_corpus").equalTo(col(TEXT)), "left_semi").count();
    return (double) shared / Math.max(1, rows.count());
  }

  /**
   * Adds embeddings to a corpus as {@link SentenceEmbedder#transformCounting} does, in the same
   * tasks and the same order.
   *
   * @param tasks among how many tasks the corpus is divided
   * @param textColumn its column with the texts
   * @param columns the columns that are added
   */
  Dataset<Row> embed(
      Dataset<Row> corpus,
      int tasks,
      String textColumn,
      EmbeddingColumns columns,
      SentenceEmbedder embedder,
      EmbedTally tally) {
    Hidden hidden = Hidden.beside(corpus.schema());
    Column text = ColumnNames.column(textColumn);
    Column isKnown = col(hidden.known).isNotNull();
    Dataset<Row> found =
        join(corpus, text, hidden)
            .repartitionById(tasks, col(hidden.task))
            .sortWithinPartitions(hidden.position);
    // A text that is null is not encoded.
    Column missing = when(isKnown, lit(null)).otherwise(text);
    Dataset<Row> embedded =
        embedder.transformCounting(
            found.withColumn(hidden.text, text).withColumn(textColumn, missing), tally);
    StructType schema = embedded.schema();
    Column[] table =
        Stream.concat(Arrays.stream(corpus.columns()), columns.names().stream())
            .map(
                name -> {
                  Column column = ColumnNames.column(name);
                  Column value =
                      name.equals(textColumn)
                          ? col(hidden.text)
                          : known(name, columns, hidden)
                              .map(known -> coalesce(known, column))
                              .orElse(column);
                  StructType source = name.equals(textColumn) ? corpus.schema() : schema;
                  return value.as(name, source.apply(name).metadata());
                })
            .toArray(Column[]::new);
    return embedded.select(table);
  }

  private Dataset<Row> join(Dataset<Row> corpus, Column text, Hidden hidden) {
    Column position = functions.monotonically_increasing_id();
    Dataset<Row> numbered =
        corpus
            .withColumn(hidden.task, functions.spark_partition_id())
            .withColumn(hidden.position, position)
            // Rows without a text find nothing, and must not all go to one task for it.
            .withColumn(
                hidden.share,
                when(text.isNull(), functions.pmod(col(hidden.position), lit(SHARES)))
                    .otherwise(lit(0)));
    Dataset<Row> known =
        rows.select(
            col(TEXT).as(hidden.text),
            lit(0).as(hidden.knownShare),
            functions
                .struct(col(VECTOR.embedding()), col(VECTOR.status()), col(VECTOR.tokens()))
                .as(hidden.known));
    Column same =
        text.equalTo(col(hidden.text)).and(col(hidden.share).equalTo(col(hidden.knownShare)));
    return numbered.join(known, same, "left_outer").drop(hidden.text, hidden.knownShare);
  }

  private static Optional<Column> known(String name, EmbeddingColumns columns, Hidden hidden) {
    Column known = col(hidden.known);
    if (name.equals(columns.embedding())) {
      return Optional.of(
          ExpressionUtils.column(
              new KnownNotContainsNull(
                  ExpressionUtils.expression(known.getField(VECTOR.embedding())))));
    }
    if (name.equals(columns.status())) {
      return Optional.of(known.getField(VECTOR.status()));
    }
    return name.equals(columns.tokens())
        ? Optional.of(known.getField(VECTOR.tokens()))
        : Optional.empty();
  }

  /**
   * Names of columns that are there for a while only.
   *
   * @param task the task that the row is in
   * @param position its place in the order of rows
   * @param share spreads rows without a text
   * @param known the vector of the text, null if it has to be encoded
   * @param knownShare {@code share} of the vectors
   * @param text the text
   */
  private record Hidden(
      String task, String position, String share, String known, String knownShare, String text) {
    /** Names that no column of a corpus has. */
    static Hidden beside(StructType corpus) {
      StringBuilder prefix = new StringBuilder("finished_");
      while (Arrays.stream(corpus.fieldNames())
          .anyMatch(name -> name.toLowerCase(Locale.ROOT).startsWith(prefix.toString()))) {
        prefix.append('_');
      }
      return new Hidden(
          prefix + "task",
          prefix + "position",
          prefix + "share",
          prefix + "known",
          prefix + "known_share",
          prefix + "text");
    }
  }
}
