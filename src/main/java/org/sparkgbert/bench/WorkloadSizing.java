package org.sparkgbert.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.sparkgbert.encode.EncoderOptions;
import org.sparkgbert.model.BundleFile;
import org.sparkgbert.model.BundleManifest;
import org.sparkgbert.settings.Settings;

/**
 * Sizes the workloads of models. Models with the same tokenizer get the same texts, as many as the
 * slowest of them encodes in the time of a pass.
 *
 * @param settings source of texts, cores, and the time or number of texts
 * @param scratch directory for corpora
 * @param progress receives a line for each model
 */
record WorkloadSizing(BenchSettings settings, Path scratch, Consumer<String> progress) {
  private static final int WINDOW_ROWS = Settings.NONE.get(EncoderOptions.WINDOW_ROWS);
  private static final long SEED = 1;
  private static final long CALIBRATION_SEED = 2;
  private static final int FIRST_TEXTS = 8;
  private static final int MORE = 4;
  private static final double LONG_ENOUGH_SECONDS = 1;

  /** This many windows of a fast model are enough for any pass. */
  private static final int MOST_WINDOWS = 64;

  /** Gives each model its texts, and writes their corpora. */
  void choose(List<ModelUnderTest> models) {
    Map<String, List<ModelUnderTest>> byTokenizer = new LinkedHashMap<>();
    for (ModelUnderTest each : models) {
      byTokenizer.computeIfAbsent(tokenizer(each), key -> new ArrayList<>()).add(each);
    }
    int number = 0;
    for (List<ModelUnderTest> group : byTokenizer.values()) {
      chooseFor(group, "texts-" + number++);
    }
  }

  private static String tokenizer(ModelUnderTest tested) {
    BundleManifest manifest = tested.model().bundle().manifest();
    String file =
        manifest.files().stream()
            .filter(each -> each.name().equals(BundleManifest.TOKENIZER_FILE))
            .map(BundleFile::sha256)
            .findFirst()
            .orElse("");
    return file + "\n" + manifest.maxSeqLength() + "\n" + manifest.prompt();
  }

  private void chooseFor(List<ModelUnderTest> group, String directory) {
    try (TokenCounter counter = TokenCounter.open(group.get(0).model().bundle())) {
      TextSource source = open(counter);
      Workload workload = size(group, counter, source);
      for (ModelUnderTest each : group) {
        each.use(workload, source.sample(), scratch.resolve(directory));
      }
    }
    if (settings.withJobs()) {
      writeCorpora(group.get(0));
    }
  }

  /** Of a corpus, a window for each core is counted however few texts are encoded. */
  private TextSource open(TokenCounter counter) {
    int windows = settings.texts() > 0 ? 1 : MOST_WINDOWS;
    int most = Math.multiplyExact(windows * WINDOW_ROWS, settings.cores());
    return settings.textChoice().open(counter, Math.max(most, settings.texts()), SEED);
  }

  private Workload size(List<ModelUnderTest> group, TokenCounter counter, TextSource source) {
    int cores = settings.cores();
    if (settings.texts() > 0) {
      return Workload.ofTexts(source, cores, settings.texts());
    }
    double slowest = Double.POSITIVE_INFINITY;
    for (ModelUnderTest each : group) {
      double speed = tokensPerSecond(each, counter);
      progress.accept(
          String.format(Locale.ROOT, "%s: about %,.0f tokens/s", each.model().name(), speed));
      slowest = Math.min(slowest, speed);
    }
    return Workload.ofTokens(source, cores, slowest * settings.seconds());
  }

  /** The first texts are for warming up. */
  private double tokensPerSecond(ModelUnderTest tested, TokenCounter counter) {
    double longEnough = Math.min(LONG_ENOUGH_SECONDS, settings.seconds() / MORE);
    int cores = settings.cores();
    for (int each = FIRST_TEXTS; ; each *= MORE) {
      int texts = Math.multiplyExact(each, cores);
      TextSource source = settings.textChoice().open(counter, texts, CALIBRATION_SEED);
      List<CountedText> found = source.take(texts);
      Workload probe =
          Workload.ofTexts(new Rest(found), Math.min(cores, found.size()), found.size());
      EncoderPass pass =
          EncoderPass.run(tested.encoder(), probe.windows(probe.cores().size()), cores);
      boolean most = found.size() < texts || each >= WINDOW_ROWS;
      if (most || (each > FIRST_TEXTS && pass.seconds() >= longEnough)) {
        return pass.tokensPerSecond();
      }
    }
  }

  /** Texts that have already been generated. */
  private record Rest(List<CountedText> texts) implements TextSource {
    @Override
    public List<CountedText> take(int count) {
      return texts.subList(0, count);
    }
  }

  private void writeCorpora(ModelUnderTest tested) {
    for (int cores : settings.coreCounts()) {
      CorpusFiles.write(tested.workload().files(cores), tested.corpus(cores));
    }
    CorpusFiles.write(
        tested.workload().largestBatches(Math.max(1, settings.memoryTasks())),
        tested.memoryCorpus());
  }
}
