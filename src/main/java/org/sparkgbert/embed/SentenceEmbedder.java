package org.sparkgbert.embed;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.encode.EncoderSettings;
import org.sparkgbert.encode.Fingerprint;
import org.sparkgbert.encode.VectorForm;
import org.sparkgbert.lake.EmbeddingColumns;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.model.BundleManifest;
import org.sparkgbert.plan.WithColumns;
import org.sparkgbert.settings.Setting;
import org.sparkgbert.settings.Settings;

/**
 * Adds sentence embeddings to a Dataset, batch or streaming; a stage for MLlib pipelines.
 *
 * <pre>{@code
 * new SentenceEmbedder()
 *     .setInputCol("body")
 *     .set(EncoderOptions.MAX_SEQ_LENGTH, 128)
 *     .transform(articles)
 * }</pre>
 *
 * <p>Rows in = rows out, in the same order inside a partition; null and blank texts get a null
 * embedding and the status {@code empty}. The columns are those of {@link EmbeddingColumns}; the
 * embedding's metadata holds its {@link EmbeddingProvenance}. MLlib estimators need {@code
 * functions.array_to_vector(embedding)} if the embedding is read back from Parquet.
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

  /** With the given settings of the model and its encoder. */
  public static SentenceEmbedder of(Settings settings) {
    SentenceEmbedder embedder = new SentenceEmbedder();
    EmbedderOptions.ALL.stream()
        .filter(settings::has)
        .forEach(setting -> embedder.copy(setting, settings));
    return embedder;
  }

  private <T> void copy(Setting<T> setting, Settings settings) {
    set(setting, settings.get(setting));
  }

  /** Loads a saved one. */
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
   * @throws IllegalArgumentException if the text's column is missing or not a string, if the input
   *     already has one of the embedding columns, or if the bundle cannot be opened
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

  /**
   * @throws IllegalArgumentException if the text's column is missing or not a string
   */
  public void requireText(StructType schema) {
    String name = getOrDefault(inputCol());
    ColumnNames.require("embed", List.of(name), schema);
    ColumnNames.requireString("embed", name, schema);
  }

  /** What a user should know of the vectors that it makes; empty if nothing. */
  public Optional<String> warning() {
    BundleManifest model = modelReference().open().manifest();
    return VectorForm.of(model, encoderSettings(1)).warning(model);
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    warning().ifPresent(LoggedOnce::warn);
    return transformCounting(dataset, null);
  }

  /**
   * Like {@link #transform(Dataset)}, and sums the work.
   *
   * @param tally registered with the Spark context; null if not needed
   */
  public Dataset<Row> transformCounting(Dataset<?> dataset, EmbedTally tally) {
    return transformBy(modelReference(), dataset, tally);
  }

  /**
   * The same by another model than that of its Params.
   *
   * @param model where it is
   */
  public Dataset<Row> transformBy(ModelReference model, Dataset<?> dataset, EmbedTally tally) {
    EncoderSettings settings = encoderSettings(taskCpus(dataset.sparkSession()));
    Dataset<Row> rows = dataset.toDF();
    Bundle bundle = model.open();
    StructType output = outputSchema(rows.schema(), bundle, settings);
    int carried = rows.schema().size();
    StructType columns =
        new StructType(Arrays.copyOfRange(output.fields(), carried, output.size()));
    return WithColumns.of(
        rows,
        new EmbedTexts(model, bundle.identity(), settings, tally),
        List.of(rows.schema().fieldIndex(getOrDefault(inputCol()))),
        columns);
  }

  /** What makes its vectors; see {@link Fingerprint}. */
  String fingerprint(SparkSession spark) {
    return Fingerprint.of(modelReference().open(), encoderSettings(taskCpus(spark))).sha256();
  }

  /** Threads that Spark gives a task. */
  public static int taskCpus(SparkSession spark) {
    return Integer.parseInt(spark.sparkContext().getConf().get("spark.task.cpus", "1"));
  }

  @Override
  public SentenceEmbedder copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /**
   * Which bundle: {@code default}, a directory that every node has, a name unpacked by {@code
   * --archives}, or a Hadoop URI.
   */
  public SentenceEmbedder setModel(String value) {
    return set(EmbedderOptions.MODEL, value);
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

  /**
   * Sets the Param of a setting.
   *
   * @param setting one of {@link EmbedderOptions#ALL}
   * @throws IllegalArgumentException if it is none of them, or the value is out of range
   */
  public <T> SentenceEmbedder set(Setting<T> setting, T value) {
    EmbedderOptions.named(setting.name());
    set(param(setting.name()), asParam(setting, value));
    return this;
  }
}
