package org.sparkgbert.embed;

import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.encode.EncoderSettings;
import org.sparkgbert.lake.EmbeddingColumns;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.model.Bundle;

/**
 * Adds sentence embeddings to a Dataset, batch or streaming; a stage for MLlib pipelines.
 *
 * <pre>{@code
 * new SentenceEmbedder().setInputCol("body").transform(articles)
 * }</pre>
 *
 * <p>Rows in = rows out, in the same order inside a partition; null and blank texts get a null
 * embedding and the status {@code empty}. The columns are those of {@link EmbeddingColumns}; the
 * embedding's metadata holds its {@link EmbeddingProvenance}. MLlib estimators want {@code
 * functions.array_to_vector(embedding)} where the embedding comes back from Parquet.
 *
 * <p>Each executor JVM opens the bundle for itself, once, and all its tasks share one session.
 */
public final class SentenceEmbedder extends SentenceEmbedderParams
    implements DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  /** With the default model and a random uid. */
  public SentenceEmbedder() {
    this(Identifiable.randomUID("sentenceEmbedder"));
  }

  /** With the default model and the given uid. */
  public SentenceEmbedder(String uid) {
    super(uid);
  }

  /** Reads one that was saved. */
  public static SentenceEmbedder load(String path) {
    return read().load(path);
  }

  /** Reader for what {@link #write} wrote; pipelines call it. */
  public static MLReader<SentenceEmbedder> read() {
    return new DefaultParamsReader<>();
  }

  /**
   * The input's schema with the embedding columns.
   *
   * @throws IllegalArgumentException if the text's column is missing or no string, if the input has
   *     a column of an embedding's name, or if the bundle cannot be opened
   */
  @Override
  public StructType transformSchema(StructType schema) {
    return outputSchema(schema, modelReference().open(), encoderSettings(1));
  }

  private StructType outputSchema(StructType schema, Bundle bundle, EncoderSettings settings) {
    requireText(schema);
    return columns()
        .addTo(
            schema,
            EmbeddingProvenance.of(bundle, settings, getOrDefault(inputCol())).toMetadata());
  }

  private void requireText(StructType schema) {
    String name = getOrDefault(inputCol());
    ColumnNames.require("embed", List.of(name), schema);
    if (!schema.apply(name).dataType().equals(DataTypes.StringType)) {
      throw new IllegalArgumentException(
          "Cannot embed column '%s': it must be a string, found %s"
              .formatted(name, schema.apply(name).dataType().simpleString()));
    }
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    return transformCounting(dataset, null);
  }

  /**
   * The same as {@link #transform(Dataset)}, and sums what it took.
   *
   * @param tally registered with the Spark context; null if nobody asks
   */
  public Dataset<Row> transformCounting(Dataset<?> dataset, EmbedTally tally) {
    int taskCpus =
        Integer.parseInt(
            dataset.sparkSession().sparkContext().getConf().get("spark.task.cpus", "1"));
    EncoderSettings settings = encoderSettings(taskCpus);
    Dataset<Row> rows = dataset.toDF();
    StructType output = outputSchema(rows.schema(), modelReference().open(), settings);
    int textIndex = rows.schema().fieldIndex(getOrDefault(inputCol()));
    Dataset<Row> embedded =
        rows.mapPartitions(
            new EmbedPartition(modelReference(), settings, textIndex, tally),
            EmbeddedRows.encoder(output, columns().embedding()));
    return embedded.select(withMetadata(output));
  }

  /** Encoders drop the metadata of columns, the input's as well as ours. */
  private static Column[] withMetadata(StructType schema) {
    return Stream.of(schema.fields())
        .map(field -> ColumnNames.column(field.name()).as(field.name(), field.metadata()))
        .toArray(Column[]::new);
  }

  @Override
  public SentenceEmbedder copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** Sets {@link #model()}. */
  public SentenceEmbedder setModel(String value) {
    set(model(), value);
    return this;
  }

  /** Sets {@link #modelCache()}. */
  public SentenceEmbedder setModelCache(String value) {
    set(modelCache(), value);
    return this;
  }

  /** Sets {@link #inputCol()}. */
  public SentenceEmbedder setInputCol(String value) {
    set(inputCol(), value);
    return this;
  }

  /** Sets {@link #outputCol()}. */
  public SentenceEmbedder setOutputCol(String value) {
    set(outputCol(), value);
    return this;
  }

  /** Sets {@link #normalizeUnicode()}. */
  public SentenceEmbedder setNormalizeUnicode(String value) {
    set(normalizeUnicode(), value);
    return this;
  }

  /** Sets {@link #maxCharacters()}. */
  public SentenceEmbedder setMaxCharacters(int value) {
    set(maxCharacters(), value);
    return this;
  }

  /** Sets {@link #maxSeqLength()}. */
  public SentenceEmbedder setMaxSeqLength(int value) {
    set(maxSeqLength(), value);
    return this;
  }

  /** Sets {@link #longText()}. */
  public SentenceEmbedder setLongText(String value) {
    set(longText(), value);
    return this;
  }

  /** Sets {@link #tokenBudget()}. */
  public SentenceEmbedder setTokenBudget(int value) {
    set(tokenBudget(), value);
    return this;
  }

  /** Sets {@link #windowRows()}. */
  public SentenceEmbedder setWindowRows(int value) {
    set(windowRows(), value);
    return this;
  }

  /** Sets {@link #dedupe()}. */
  public SentenceEmbedder setDedupe(boolean value) {
    set(dedupe(), value);
    return this;
  }

  /** Sets {@link #device()}. */
  public SentenceEmbedder setDevice(String value) {
    set(device(), value);
    return this;
  }

  /** Sets {@link #threads()}. */
  public SentenceEmbedder setThreads(int value) {
    set(threads(), value);
    return this;
  }

  /** Sets {@link #gpuMemoryLimit()}. */
  public SentenceEmbedder setGpuMemoryLimit(long value) {
    set(gpuMemoryLimit(), value);
    return this;
  }

  /** Sets {@link #gpuArena()}. */
  public SentenceEmbedder setGpuArena(String value) {
    set(gpuArena(), value);
    return this;
  }
}
