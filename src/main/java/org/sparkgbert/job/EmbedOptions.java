package org.sparkgbert.job;

import static org.sparkgbert.job.OptionChecks.atLeast;
import static org.sparkgbert.job.OptionChecks.inRange;
import static org.sparkgbert.job.OptionChecks.named;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.sparkgbert.corpus.CorpusSource;
import org.sparkgbert.embed.EmbeddingColumns;
import org.sparkgbert.embed.SentenceEmbedder;
import org.sparkgbert.encode.DeviceChoice;
import org.sparkgbert.encode.DeviceSettings.ArenaGrowth;
import org.sparkgbert.lake.TableTarget;
import org.sparkgbert.lake.WriteMode;
import org.sparkgbert.tokenize.LongText;
import org.sparkgbert.tokenize.UnicodeForm;
import picocli.CommandLine.Option;

/** The settings of the embed job: name, default, range and meaning of each. */
final class EmbedOptions {
  private static final int MAX_THREADS = 1024;

  @Option(
      names = "--input",
      required = true,
      arity = "1..*",
      parameterConsumer = InputPaths.class,
      paramLabel = "PATH",
      description = "Corpus: files, directories or globs, several allowed.")
  List<String> input = new ArrayList<>();

  @Option(
      names = "--format",
      defaultValue = "parquet",
      paramLabel = "NAME",
      description = "Spark's data source of the corpus: parquet, csv, json, orc, iceberg, ...")
  String format;

  @Option(
      names = "--read-option",
      paramLabel = "KEY=VALUE",
      description = "Option of that data source, such as header=true; repeatable.")
  Map<String, String> readOptions = new LinkedHashMap<>();

  @Option(
      names = "--where",
      defaultValue = "",
      paramLabel = "SQL",
      description = "Condition that keeps rows, such as \"lang = 'de'\".")
  String where;

  @Option(
      names = "--text-column",
      defaultValue = "text",
      paramLabel = "NAME",
      description = "Column with the text, a string.")
  String textColumn;

  @Option(
      names = "--keep-columns",
      split = ",",
      paramLabel = "NAMES",
      description = "Columns of the corpus that the table keeps; all if none is named.")
  List<String> keepColumns = new ArrayList<>();

  @Option(
      names = "--output",
      required = true,
      paramLabel = "TABLE",
      description = "Table to write: a directory, or a name in the catalog for other formats.")
  String output;

  @Option(
      names = "--output-format",
      defaultValue = "parquet",
      paramLabel = "NAME",
      description = "parquet, or a table format through Spark's writer: iceberg, delta, ...")
  String outputFormat;

  @Option(
      names = "--mode",
      defaultValue = "error",
      description = "error or overwrite: what happens if the table exists.")
  WriteMode mode;

  @Option(
      names = "--partition-by",
      split = ",",
      paramLabel = "NAMES",
      description = "Columns to partition the table by.")
  List<String> partitionBy = new ArrayList<>();

  @Option(
      names = "--files",
      defaultValue = "0",
      paramLabel = "N",
      description = "Files of the table; 0 for one a task. At least 0.")
  int files;

  @Option(
      names = "--target-file-size",
      defaultValue = "0",
      paramLabel = "SIZE",
      description = "Size to aim at for files, such as 256m, in place of --files; 0 for none.")
  String targetFileSize;

  @Option(
      names = "--partitions",
      defaultValue = "auto",
      paramLabel = "N",
      description =
          "Tasks that encode: auto (at least two a core), keep (as Spark reads the corpus, which"
              + " keeps the order of rows), or a number.")
  String partitions;

  @Option(
      names = "--embedding-column",
      defaultValue = "embedding",
      paramLabel = "NAME",
      description = "Column for the embedding, prefix of _status, _tokens and _error.")
  String embeddingColumn;

  @Option(
      names = "--model",
      defaultValue = "default",
      paramLabel = "BUNDLE",
      description =
          "default, a directory that every node has, a name from --archives, or a Hadoop URI.")
  String model;

  @Option(
      names = "--model-cache",
      defaultValue = "",
      paramLabel = "DIR",
      description =
          "Directory on each node for copies of Hadoop URIs; in the temporary one if empty.")
  String modelCache;

  @Option(
      names = "--normalize-unicode",
      defaultValue = "nfc",
      description = "nfc (umlauts become one character) or none.")
  UnicodeForm normalizeUnicode;

  @Option(
      names = "--max-characters",
      defaultValue = "65536",
      paramLabel = "N",
      description = "UTF-16 units of a text that are read. At least 1.")
  int maxCharacters;

  @Option(
      names = "--max-seq-length",
      defaultValue = "0",
      paramLabel = "N",
      description = "Tokens of a text that are read; 0 for the model's limit, never more than it.")
  int maxSeqLength;

  @Option(
      names = "--long-text",
      defaultValue = "cut",
      description = "cut, or chunks for the token-weighted mean of all parts.")
  LongText longText;

  @Option(
      names = "--token-budget",
      defaultValue = "2048",
      paramLabel = "N",
      description = "Tokens of a batch, padding included. At least 1.")
  int tokenBudget;

  @Option(
      names = "--window-rows",
      defaultValue = "2048",
      paramLabel = "N",
      description = "Rows that are sorted and batched together. At least 1.")
  int windowRows;

  @Option(
      names = "--dedupe",
      defaultValue = "true",
      arity = "1",
      description = "true or false: encode equal texts of a window once.")
  boolean dedupe;

  @Option(names = "--device", defaultValue = "auto", description = "auto, cpu or cuda.")
  DeviceChoice device;

  @Option(
      names = "--threads",
      defaultValue = "0",
      paramLabel = "N",
      description = "Threads of a run on the CPU; 0 for spark.task.cpus. At most 1024.")
  int threads;

  @Option(
      names = "--gpu-memory-limit",
      defaultValue = "0",
      paramLabel = "SIZE",
      description = "Memory of the GPU to use, such as 8g; 0 for no limit.")
  String gpuMemoryLimit;

  @Option(
      names = "--gpu-arena",
      defaultValue = "same_as_requested",
      description = "same_as_requested or next_power_of_two: how the GPU's arena grows.")
  ArenaGrowth gpuArena;

  @Option(
      names = "--max-failed",
      defaultValue = "0.001",
      paramLabel = "SHARE",
      description = "Share of rows that may fail; above it nothing is written. From 0 to 1.")
  double maxFailed;

  @Option(
      names = "--summary-json",
      paramLabel = "FILE",
      description = "File for the summary as JSON.")
  Path summaryJson;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "File with settings; the command line counts more.")
  Path config;

  @Option(names = "--verbose", description = "Show stack traces.")
  boolean verbose;

  CorpusSource source() {
    input.forEach(path -> named("--input", path));
    return new CorpusSource(input, format, readOptions, where);
  }

  TableTarget target() {
    if (!(maxFailed >= 0 && maxFailed <= 1)) {
      throw new IllegalArgumentException(
          "Cannot embed: --max-failed must be from 0 to 1, found " + maxFailed);
    }
    return new TableTarget(named("--output", output), outputFormat, mode, partitionBy, maxFailed);
  }

  EmbeddingColumns columns() {
    return new EmbeddingColumns(embeddingColumn);
  }

  SentenceEmbedder embedder() {
    return new SentenceEmbedder()
        .setModel(named("--model", model))
        .setModelCache(modelCache)
        .setInputCol(named("--text-column", textColumn))
        .setOutputCol(named("--embedding-column", embeddingColumn))
        .setNormalizeUnicode(label(normalizeUnicode))
        .setMaxCharacters(atLeast(1, "--max-characters", maxCharacters))
        .setMaxSeqLength(atLeast(0, "--max-seq-length", maxSeqLength))
        .setLongText(label(longText))
        .setTokenBudget(atLeast(1, "--token-budget", tokenBudget))
        .setWindowRows(atLeast(1, "--window-rows", windowRows))
        .setDedupe(dedupe)
        .setDevice(label(device))
        .setThreads(inRange(0, MAX_THREADS, "--threads", threads))
        .setGpuMemoryLimit(Sizes.bytes("--gpu-memory-limit", gpuMemoryLimit))
        .setGpuArena(label(gpuArena));
  }

  private static String label(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** How rows are divided among tasks and files. */
  Spread spread() {
    return new Spread(
        partitions,
        atLeast(0, "--files", files),
        Sizes.bytes("--target-file-size", targetFileSize));
  }
}
