package org.sparkgbert.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.sparkgbert.convert.RandomCheckpoint;
import org.sparkgbert.convert.graph.ElementType;
import org.sparkgbert.corpus.SampleTables;
import org.sparkgbert.embed.ModelReference;
import org.sparkgbert.onnx.DeviceChoice;
import org.sparkgbert.onnx.DeviceOptions;
import org.sparkgbert.settings.Settings;

/**
 * What {@link RunBench} should do.
 *
 * @param models bundles to measure; {@code default} is the one made by the build
 * @param shapes models with random weights to measure, in the format of {@link
 *     RandomCheckpoint.Shape#parse}
 * @param precisions precisions of models of a shape
 * @param textChoice which texts to measure with
 * @param texts number of texts per pass; 0 for as many as take {@code seconds}
 * @param seconds how long a pass of the encoder should take
 * @param rounds number of rounds, after a warm-up
 * @param cores cores of a job, and threads of the encoder alone; 0 becomes all cores of this
 *     machine
 * @param device where the models run
 * @param memoryTasks concurrent tasks whose memory is compared with that of one; below 2 for none
 * @param launcher {@code jobs/embed.sh}; empty to leave jobs out
 * @param workDir directory that keeps models of a shape; a temporary one if empty
 */
public record BenchSettings(
    List<String> models,
    List<String> shapes,
    List<ElementType> precisions,
    TextChoice textChoice,
    int texts,
    int seconds,
    int rounds,
    int cores,
    DeviceChoice device,
    int memoryTasks,
    Optional<Path> launcher,
    Optional<Path> workDir) {
  /**
   * @throws IllegalArgumentException if a value is out of range, there is no model, or a shape is
   *     invalid
   */
  public BenchSettings {
    models = List.copyOf(models);
    shapes = List.copyOf(shapes);
    precisions = List.copyOf(precisions);
    shapes.forEach(RandomCheckpoint.Shape::parse);
    if (models.isEmpty() && shapes.isEmpty()) {
      throw new IllegalArgumentException("Cannot measure: give a model or a shape, found none");
    }
    Objects.requireNonNull(textChoice, "textChoice");
    Checks.notNegative("texts", texts);
    BenchOptions.SECONDS.require(seconds);
    BenchOptions.ROUNDS.require(rounds);
    cores =
        BenchOptions.CORES.require(cores) == 0 ? Runtime.getRuntime().availableProcessors() : cores;
    Objects.requireNonNull(device, "device");
    BenchOptions.MEMORY_TASKS.require(memoryTasks);
    Objects.requireNonNull(launcher, "launcher");
    Objects.requireNonNull(workDir, "workDir");
  }

  /**
   * Reads the settings of {@link BenchOptions}.
   *
   * @throws IllegalArgumentException if a shape is invalid, or jobs should be measured but there is
   *     no launcher
   */
  public static BenchSettings of(Settings settings) {
    settings.requireApplicable(BenchOptions.ALL);
    String texts = settings.get(BenchOptions.TEXTS);
    return new BenchSettings(
        models(settings),
        settings.get(BenchOptions.SHAPE),
        settings.get(BenchOptions.PRECISION),
        textChoice(settings),
        texts.equals("auto") ? 0 : Integer.parseInt(texts),
        settings.get(BenchOptions.SECONDS),
        settings.get(BenchOptions.ROUNDS),
        settings.get(BenchOptions.CORES),
        settings.get(DeviceOptions.DEVICE),
        settings.get(BenchOptions.MEMORY_TASKS),
        launcher(settings),
        settings.get(BenchOptions.WORK_DIR));
  }

  /** The default model if there is nothing else to measure. */
  private static List<String> models(Settings settings) {
    List<String> models = settings.get(BenchOptions.MODEL);
    return models.isEmpty() && settings.get(BenchOptions.SHAPE).isEmpty()
        ? List.of(ModelReference.DEFAULT)
        : models;
  }

  private static TextChoice textChoice(Settings settings) {
    Optional<String> input = settings.get(BenchOptions.INPUT);
    return input.isPresent()
        ? new TextChoice.Corpus(input.get(), settings.get(BenchOptions.TEXT_COLUMN))
        : new TextChoice.Generated(settings.get(BenchOptions.LENGTHS), SampleTables.texts());
  }

  private static Optional<Path> launcher(Settings settings) {
    if (settings.get(BenchOptions.SKIP_JOB)) {
      return Optional.empty();
    }
    Optional<Path> launcher = settings.get(BenchOptions.LAUNCHER).filter(Files::isExecutable);
    if (launcher.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot run: measuring jobs requires jobs/bench.sh, found no launcher; use that or"
              + " give --skip-job");
    }
    return launcher;
  }

  boolean withJobs() {
    return launcher.isPresent();
  }

  /** Numbers of cores to measure: one, and all. */
  int[] coreCounts() {
    return cores == 1 ? new int[] {1} : new int[] {1, cores};
  }
}
