package org.sparkgbert.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.sparkgbert.onnx.DeviceChoice;
import org.sparkgbert.settings.Labels;

/**
 * Measures models against the machine and each other. What is compared is measured alternately, so
 * that other load on the machine slows down both sides.
 *
 * <p><b>Threads:</b> for one thread; it starts as many as the settings say.
 */
final class Bench implements AutoCloseable {
  private static final double LIMIT_SHARE = 1.0 / 40;
  private static final double MOST_LIMIT_SECONDS = 1;
  private static final double MOST_TRIAL_SECONDS = 0.2;

  private final BenchSettings settings;
  private final Path scratch;
  private final Consumer<String> progress;
  private final List<ModelUnderTest> models = new ArrayList<>();
  private final Map<ModelShape, Limits> limits = new LinkedHashMap<>();
  private final Optional<EmbedLauncher> launcher;

  private Bench(BenchSettings settings, Path scratch, Consumer<String> progress) {
    this.settings = settings;
    this.scratch = scratch;
    this.progress = progress;
    this.launcher = settings.launcher().map(file -> new EmbedLauncher(file, scratch, progress));
  }

  /**
   * The result of all measurements.
   *
   * @param device where the models ran
   * @param candidates one per model, in order
   * @param comparisons one for each model except the first
   */
  record Measured(String device, List<ModelResult> candidates, List<Comparison> comparisons) {}

  /**
   * Measures the models.
   *
   * @param models at least one
   * @param scratch an existing directory for corpora and the output of jobs
   * @param progress receives lines that say what is being measured
   * @throws IllegalArgumentException if there are too few texts, or a model cannot be opened
   * @throws IllegalStateException if a job fails
   */
  static Measured run(
      List<BenchModel> models, BenchSettings settings, Path scratch, Consumer<String> progress) {
    try (Bench bench = new Bench(settings, scratch, progress)) {
      bench.open(models);
      bench.warmUp();
      for (int round = 1; round <= settings.rounds(); round++) {
        bench.round(round);
      }
      return bench.measured();
    }
  }

  private void open(List<BenchModel> wanted) {
    for (BenchModel model : wanted) {
      models.add(ModelUnderTest.open(model, settings.device()));
    }
    DeviceChoice device = models.get(0).device();
    for (BenchModel model : wanted) {
      limits.computeIfAbsent(model.shape(), shape -> Limits.open(shape, device));
    }
    new WorkloadSizing(settings, scratch, progress).choose(models);
  }

  private void warmUp() {
    double seconds = Math.min(MOST_TRIAL_SECONDS, limitSeconds());
    limits.values().forEach(each -> each.prepare(settings.cores(), seconds));
    for (ModelUnderTest each : models) {
      List<List<String>> windows =
          each.workload().largestBatches(settings.cores()).stream()
              .map(batch -> batch.stream().map(CountedText::text).toList())
              .toList();
      EncoderPass.run(each.encoder(), windows, settings.cores());
    }
    if (settings.withJobs()) {
      models.forEach(this::measureMemory);
    }
  }

  private double limitSeconds() {
    return Math.min(MOST_LIMIT_SECONDS, settings.seconds() * LIMIT_SHARE);
  }

  /** The first job of a model also warms up the machine's file cache. */
  private void measureMemory(ModelUnderTest tested) {
    JobPass one = memoryJob(tested, 1);
    if (settings.memoryTasks() > 1) {
      JobPass several = memoryJob(tested, settings.memoryTasks());
      if (one.peakBytes().isPresent() && several.peakBytes().isPresent()) {
        double[] base = {one.peakBytes().getAsLong()};
        double[] more = {several.peakBytes().getAsLong()};
        tested.remember(
            new TaskMemory(
                settings.memoryTasks(),
                MedianAndRange.of(base),
                MedianAndRange.of(more),
                MedianAndRange.ofRatios(more, base)));
      }
    }
  }

  private JobPass memoryJob(ModelUnderTest tested, int tasks) {
    JobPass pass = job(tested, tested.memoryCorpus(), tasks);
    say("Memory", tested, tasks, "%,.0f MB", pass.peakBytes().orElse(0) / 1e6);
    return pass;
  }

  private JobPass job(ModelUnderTest tested, Path corpus, int cores) {
    String device = Labels.of(tested.device());
    return launcher.orElseThrow().run(tested.model().bundle().directory(), corpus, cores, device);
  }

  private void round(int round) {
    String name = "Round %d of %d".formatted(round, settings.rounds());
    for (Map.Entry<ModelShape, Limits> each : limits.entrySet()) {
      each.getValue().measure(settings.coreCounts(), limitSeconds());
      progress.accept("%s: limit of hidden size %d".formatted(name, each.getKey().hidden()));
    }
    for (int cores : settings.coreCounts()) {
      for (ModelUnderTest each : models) {
        EncoderPass pass = EncoderPass.run(each.encoder(), each.workload().windows(cores), cores);
        each.add(cores, pass);
        say(name + ": encoder", each, cores, "%,.0f tokens/s", pass.tokensPerSecond());
      }
    }
    if (settings.withJobs()) {
      for (int cores : settings.coreCounts()) {
        for (ModelUnderTest each : models) {
          JobPass pass = job(each, each.corpus(cores), cores);
          each.add(cores, pass);
          say(name + ": job", each, cores, "%,.0f tokens/s", pass.tokensPerSecond());
        }
      }
    }
  }

  private void say(String what, ModelUnderTest tested, int cores, String format, double value) {
    progress.accept(
        "%s, %s, %s: %s"
            .formatted(
                what,
                tested.model().name(),
                cores == 1 ? "1 core" : cores + " cores",
                String.format(Locale.ROOT, format, value)));
  }

  private Measured measured() {
    List<RoundSummary> summaries =
        models.stream()
            .map(each -> new RoundSummary(each, limits.get(each.model().shape())))
            .toList();
    String device = models.get(0).encoder().device().toString();
    return new Measured(
        device,
        summaries.stream().map(each -> each.result(settings.textChoice())).toList(),
        summaries.stream().skip(1).map(each -> each.against(summaries.get(0))).toList());
  }

  @Override
  public void close() {
    models.forEach(ModelUnderTest::close);
    limits.values().forEach(Limits::close);
  }
}
