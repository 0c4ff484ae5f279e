package org.sparkgbert.enrich;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.sparkgbert.action.Progress;
import org.sparkgbert.corpus.InputPaths;
import org.sparkgbert.corpus.ParquetFiles;
import org.sparkgbert.embed.EmbedTally;
import org.sparkgbert.embed.EncodedRows;
import org.sparkgbert.embed.SentenceEmbedder;
import org.sparkgbert.lake.RunWork;
import org.sparkgbert.lake.VectorFiles;

/**
 * A durable directory in which a run encodes the texts that it misses, each once. Every task adds a
 * complete file, so that a run that dies loses what was in flight; the next one takes the files
 * over.
 *
 * <p><b>Ownership:</b> owns the run's directory until {@link #close}; what it holds stays unless
 * {@link #finish} was called.
 */
final class VectorStage implements AutoCloseable {
  /** Texts of a task: few enough that those in flight are few, and many enough for full batches. */
  private static final int MOST_TEXTS_PER_TASK = 4096;

  private static final int LEAST_TEXTS_PER_TASK = 64;

  /** Tasks per core, so that what is in flight when a run dies is a small part of the work. */
  private static final int TASKS_PER_CORE = 100;

  private static final String VECTORS = "vectors";

  private final SparkSession spark;
  private final RunWork work;

  private VectorStage(SparkSession spark, RunWork work) {
    this.spark = spark;
    this.work = work;
  }

  /**
   * Opens the directory of a run.
   *
   * @param root where the runs that write one table have theirs
   * @param fingerprint what makes the vectors; runs with another one are left alone
   */
  static VectorStage open(SparkSession spark, Path root, String fingerprint, String runId) {
    return new VectorStage(
        spark,
        RunWork.begin(new Path(root, fingerprint), runId, spark.sessionState().newHadoopConf()));
  }

  /** What dead runs had finished; empty if there is nothing. */
  Optional<KnownVectors> takenOver() {
    Configuration hadoop = spark.sessionState().newHadoopConf();
    List<String> files =
        work.takenOver().stream()
            .filter(left -> left.getName().endsWith(VECTORS))
            .flatMap(left -> ParquetFiles.complete(left, hadoop).stream())
            .toList();
    return files.isEmpty()
        ? Optional.empty()
        : Optional.of(new KnownVectors("an interrupted run", VectorRows.usable(read(files))));
  }

  /**
   * Encodes texts.
   *
   * @param missing the texts
   * @param tally sums the work
   * @return tokens per second of wall time; 0 if there was nothing to encode
   */
  double encode(
      MissingTexts missing, SentenceEmbedder embedder, EmbedTally tally, Progress progress) {
    long texts = missing.texts();
    if (texts == 0) {
      return 0;
    }
    long before = tally.value().encoding().tokens();
    long began = System.nanoTime();
    Dataset<Row> divided =
        missing
            .chosen()
            .select(VectorRows.KEY, MissingTexts.TEXT)
            .repartition(tasks(texts), functions.col(VectorRows.KEY));
    Dataset<Row> encoded =
        embedder
            .setInputCol(MissingTexts.TEXT)
            .setOutputCol(VectorRows.COLUMNS.prefix())
            .transformCounting(divided, tally)
            .drop(MissingTexts.TEXT);
    EncodedRows.during(
        spark,
        progress,
        OptionalLong.of(texts),
        () -> {
          encoded
              .write()
              .mode(SaveMode.Append)
              .options(VectorFiles.options(encoded.schema()))
              // A task's file is in place once the task ends, whatever becomes of the others.
              .option("mapreduce.fileoutputcommitter.algorithm.version", "2")
              .parquet(vectors());
          return texts;
        });
    return (tally.value().encoding().tokens() - before) * 1e9 / (System.nanoTime() - began);
  }

  private int tasks(long texts) {
    long wanted = (long) TASKS_PER_CORE * spark.sparkContext().defaultParallelism();
    long perTask =
        Math.max(
            LEAST_TEXTS_PER_TASK, Math.min(MOST_TEXTS_PER_TASK, (texts + wanted - 1) / wanted));
    return Math.toIntExact((texts + perTask - 1) / perTask);
  }

  /** What this run encoded, failures included; empty if it encoded nothing. */
  Optional<Dataset<Row>> encoded() {
    List<String> files =
        ParquetFiles.complete(new Path(vectors()), spark.sessionState().newHadoopConf());
    return files.isEmpty() ? Optional.empty() : Optional.of(read(files));
  }

  private Dataset<Row> read(List<String> files) {
    return InputPaths.verified(spark, Optional.of(VectorRows.SCHEMA))
        .parquet(files.toArray(String[]::new));
  }

  /** A new place in the directory of this run. */
  String place(String name) {
    return new Path(work.directory(), name).toString();
  }

  private String vectors() {
    return place(VECTORS);
  }

  /** Says that the vectors are where they belong: the directory is not needed any more. */
  void finish() {
    work.finish();
  }

  @Override
  public void close() {
    work.close();
  }
}
