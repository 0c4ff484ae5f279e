package org.sparkgbert.bench;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.sparkgbert.action.Progress;
import org.sparkgbert.model.Version;

/**
 * Measures models against the machine's limit and each other.
 *
 * <pre>{@code
 * Settings settings =
 *     Settings.NONE
 *         .with(BenchOptions.MODEL, List.of("models/a", "models/b"))
 *         .with(BenchOptions.SKIP_JOB, true);
 * BenchResult result = new RunBench(BenchSettings.of(settings)).run(Progress.NONE);
 * }</pre>
 *
 * @param settings what to do
 */
public record RunBench(BenchSettings settings) {
  /**
   * Runs the action.
   *
   * @param progress receives a line about each measurement
   * @return the result, without a command line
   * @throws IllegalArgumentException if a model cannot be opened or generated, or there are too few
   *     texts
   * @throws IllegalStateException if a job fails
   */
  public BenchResult run(Progress progress) {
    try (Scratch scratch = Scratch.make()) {
      progress.begin("open models");
      List<BenchModel> models =
          new BenchModels(settings.workDir().orElse(scratch.directory()), progress).open(settings);
      progress.end();
      progress.begin("measure");
      return result(Bench.run(models, settings, scratch.directory(), progress::note));
    } finally {
      progress.end();
    }
  }

  private BenchResult result(Bench.Measured measured) {
    String spark = settings.withJobs() ? org.apache.spark.package$.MODULE$.SPARK_VERSION() : "";
    return new BenchResult(
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        "",
        Version.CURRENT,
        Machines.here(measured.device(), spark),
        settings.rounds(),
        measured.candidates(),
        measured.comparisons());
  }
}
