package org.sparkgbert.job;

import static org.sparkgbert.job.OptionChecks.atLeast;
import static org.sparkgbert.job.OptionChecks.inRange;
import static org.sparkgbert.job.OptionChecks.share;

import org.apache.spark.sql.SparkSession;
import org.sparkgbert.embed.EmbedderOptions;
import org.sparkgbert.embed.ModelReference;
import org.sparkgbert.embed.SentenceEmbedder;
import org.sparkgbert.encode.EncoderOptions;
import org.sparkgbert.lake.Partitioning;
import org.sparkgbert.onnx.DeviceChoice;
import org.sparkgbert.onnx.DeviceOptions;
import org.sparkgbert.onnx.DeviceSettings;
import org.sparkgbert.onnx.DeviceSettings.ArenaGrowth;
import org.sparkgbert.settings.Settings;
import org.sparkgbert.tokenize.LongText;
import org.sparkgbert.tokenize.TextOptions;
import org.sparkgbert.tokenize.UnicodeForm;
import picocli.CommandLine.Option;

/** Settings of how text is encoded: name, default, range and meaning of each. */
final class ModelOptions {
  private static final int MAX_THREADS = 1024;

  @Option(
      names = "--partitions",
      defaultValue = "auto",
      paramLabel = "N",
      description =
          "Tasks that encode: auto (at least two per core), keep (as Spark reads the corpus, which"
              + " keeps the order of rows), or a number.")
  String partitions;

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
      description = "Number of UTF-16 units of a text that are read. At least 1.")
  int maxCharacters;

  @Option(
      names = "--max-seq-length",
      defaultValue = "0",
      paramLabel = "N",
      description =
          "Maximum number of tokens per text, at most the model's limit; 0 for that limit.")
  int maxSeqLength;

  @Option(
      names = "--long-text",
      defaultValue = "cut",
      description = "cut, or chunks for the token-weighted mean of all parts.")
  LongText longText;

  @Option(
      names = "--token-budget",
      defaultValue = "0",
      paramLabel = "N",
      description =
          "Maximum number of tokens per batch, padding included; 0 for 512 on a CPU and 16384 on a GPU.")
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
      description = "Threads per run on the CPU; 0 for spark.task.cpus. At most 1024.")
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

  /** Encodes as these settings say; whose columns are left to the job. */
  SentenceEmbedder embedder() {
    return SentenceEmbedder.of(
        Settings.NONE
            .with(EmbedderOptions.MODEL, model)
            .with(EmbedderOptions.MODEL_CACHE, modelCache)
            .with(TextOptions.NORMALIZE_UNICODE, normalizeUnicode)
            .with(TextOptions.MAX_CHARACTERS, maxCharacters)
            .with(EncoderOptions.MAX_SEQ_LENGTH, maxSeqLength)
            .with(TextOptions.LONG_TEXT, longText)
            .with(EncoderOptions.TOKEN_BUDGET, tokenBudget)
            .with(EncoderOptions.WINDOW_ROWS, windowRows)
            .with(EncoderOptions.DEDUPE, dedupe)
            .with(DeviceOptions.DEVICE, device)
            .with(DeviceOptions.THREADS, threads)
            .with(DeviceOptions.GPU_MEMORY_LIMIT, Sizes.bytes("--gpu-memory-limit", gpuMemoryLimit))
            .with(DeviceOptions.GPU_ARENA, gpuArena));
  }

  /** Where matrices are multiplied, in that Spark's tasks. */
  DeviceSettings device(SparkSession spark) {
    int taskCpus = Integer.parseInt(spark.sparkContext().getConf().get("spark.task.cpus", "1"));
    return new DeviceSettings(
        device,
        threads == 0 ? taskCpus : inRange(0, MAX_THREADS, "--threads", threads),
        "0",
        Sizes.bytes("--gpu-memory-limit", gpuMemoryLimit),
        gpuArena);
  }

  /** Where the model is. */
  ModelReference reference() {
    return new ModelReference(model, modelCache);
  }

  /** Share of rows that may fail. */
  double maxFailed() {
    return share("--max-failed", maxFailed);
  }

  /** How rows are divided among tasks, and among the files of a table. */
  Partitioning spread(OutputOptions output) {
    return new Partitioning(
        partitions,
        atLeast(0, "--files", output.files),
        Sizes.bytes("--target-file-size", output.targetFileSize));
  }
}
