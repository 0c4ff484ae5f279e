package org.sparkgbert.job;

import static org.sparkgbert.job.OptionChecks.atLeast;
import static org.sparkgbert.job.OptionChecks.inRange;
import static org.sparkgbert.job.OptionChecks.named;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.sparkgbert.bench.BenchSettings;
import org.sparkgbert.bench.TextChoice;
import org.sparkgbert.bench.TextLengths;
import org.sparkgbert.convert.RandomCheckpoint;
import org.sparkgbert.convert.graph.ElementType;
import org.sparkgbert.corpus.SampleTables;
import org.sparkgbert.onnx.DeviceChoice;
import picocli.CommandLine.Option;

/** The settings of the bench. */
final class BenchOptions {
  private static final int MOST_CORES = 1024;
  private static final int MOST_TEXTS = 10_000_000;

  @Option(
      names = "--model",
      paramLabel = "BUNDLE",
      description =
          "default, or a bundle's directory; repeatable: models are measured in turns. default if"
              + " neither model nor shape is given.")
  List<String> models = new ArrayList<>();

  @Option(
      names = "--shape",
      paramLabel = "SHAPE",
      description =
          "gbert-large, base, small, or LAYERS,HIDDEN,HEADS,INNER,VOCABULARY,POSITIONS: a model of"
              + " random weights; repeatable.")
  List<String> shapes = new ArrayList<>();

  @Option(
      names = "--precision",
      split = ",",
      defaultValue = "float32",
      description = "Precision of models of a shape, several allowed.")
  List<ElementType> precisions;

  @Option(
      names = "--lengths",
      defaultValue = "stsb",
      description = "stsb (sentences) or news (100 to 400 tokens): length of texts that are made.")
  TextLengths lengths;

  @Option(
      names = "--input",
      paramLabel = "PATH",
      description = "Corpus in Parquet to measure with, in place of texts that are made.")
  String input;

  @Option(
      names = "--text-column",
      defaultValue = "text",
      paramLabel = "NAME",
      description = "Column with the text, a string.")
  String textColumn;

  @Option(
      names = "--texts",
      defaultValue = "auto",
      paramLabel = "N",
      description = "Texts of a pass: auto (as many as take --seconds), or a number.")
  String texts;

  @Option(
      names = "--seconds",
      defaultValue = "20",
      paramLabel = "N",
      description = "Time that the encoder should take for the texts of a pass. At least 1.")
  int seconds;

  @Option(
      names = "--rounds",
      defaultValue = "3",
      paramLabel = "N",
      description = "Rounds, after a warm-up. At least 1.")
  int rounds;

  @Option(
      names = "--cores",
      defaultValue = "0",
      paramLabel = "N",
      description = "Cores that are measured besides one; 0 for all. At most 1024.")
  int cores;

  @Option(names = "--device", defaultValue = "auto", description = "auto, cpu or cuda.")
  DeviceChoice device;

  @Option(
      names = "--memory-tasks",
      defaultValue = "4",
      paramLabel = "N",
      description = "Tasks at once whose memory is compared with that of one; 0 for none.")
  int memoryTasks;

  @Option(names = "--skip-job", description = "Leave Spark out.")
  boolean skipJob;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "Directory for bench.json and bench.html.")
  Path output;

  @Option(
      names = "--work-dir",
      paramLabel = "DIR",
      description = "Directory that keeps models of a shape; a temporary one if none.")
  Path workDir;

  @Option(names = "--verbose", description = "Show stack traces.")
  boolean verbose;

  @Option(
      names = "--launcher",
      hidden = true,
      paramLabel = "FILE",
      description = "The launcher of the embed job.")
  Path launcher;

  /** Names of bundles; that of the build if nothing else is to be measured. */
  List<String> bundles() {
    return models.isEmpty() && shapes.isEmpty() ? List.of("default") : models;
  }

  List<RandomCheckpoint.Shape> randomShapes() {
    return shapes.stream().map(RandomCheckpoint.Shape::parse).toList();
  }

  TextChoice textChoice() {
    return input == null
        ? new TextChoice.Generated(lengths, SampleTables.texts())
        : new TextChoice.Corpus(input, named("--text-column", textColumn));
  }

  /**
   * @param scratch directory for corpora and what jobs write
   * @throws IllegalArgumentException if a value is out of range
   */
  BenchSettings settings(Path scratch) {
    int all = Runtime.getRuntime().availableProcessors();
    return new BenchSettings(
        inRange(0, MOST_CORES, "--cores", cores) == 0 ? all : cores,
        atLeast(1, "--rounds", rounds),
        atLeast(1, "--seconds", seconds),
        countOfTexts(),
        device,
        inRange(0, MOST_CORES, "--memory-tasks", memoryTasks),
        skipJob ? null : requireLauncher(),
        scratch);
  }

  private int countOfTexts() {
    if (texts.equals("auto")) {
      return 0;
    }
    if (!texts.matches("[1-9]\\d{0,7}") || Integer.parseInt(texts) > MOST_TEXTS) {
      throw new IllegalArgumentException(
          "Cannot run: --texts must be auto or a number from 1 to %d, found '%s'"
              .formatted(MOST_TEXTS, texts));
    }
    return Integer.parseInt(texts);
  }

  private Path requireLauncher() {
    if (launcher == null || !Files.isExecutable(launcher)) {
      throw new IllegalArgumentException(
          "Cannot run: to measure jobs it has to be run by jobs/bench.sh, found no launcher; or"
              + " give --skip-job");
    }
    return launcher;
  }

  /**
   * @throws IllegalArgumentException if the directory for results cannot be one
   */
  void requireWritable() {
    if (output != null) {
      OptionChecks.requireWritable("--output", output.resolve("bench.json"));
    }
    if (workDir != null) {
      OptionChecks.requireWritable("--work-dir", workDir.resolve("model"));
    }
  }
}
