package org.sparkgbert.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.Silently;
import org.sparkgbert.TestSpark;
import org.sparkgbert.action.Progress;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.onnx.DeviceChoice;
import org.sparkgbert.onnx.DeviceOptions;
import org.sparkgbert.settings.Settings;

/** Measures as a Java program does. */
class RunBenchTest {
  private static final String TINY = "1,32,2,64,600,64";

  @TempDir private Path work;

  private final List<String> lines = new ArrayList<>();

  private Settings settings() {
    return Settings.NONE
        .with(BenchOptions.SHAPE, List.of(TINY))
        .with(BenchOptions.TEXTS, "40")
        .with(BenchOptions.ROUNDS, 1)
        .with(DeviceOptions.DEVICE, DeviceChoice.CPU)
        .with(BenchOptions.SKIP_JOB, true)
        .with(BenchOptions.WORK_DIR, Optional.of(work.resolve("kept")));
  }

  @Test
  void theResultHoldsTheModelsFigures() {
    RunBench action = new RunBench(BenchSettings.of(settings()));
    Progress progress =
        new Progress() {
          @Override
          public void note(String line) {
            lines.add(line);
          }
        };
    BenchResult result = Silently.run(() -> action.run(progress));
    assertThat(result.candidates())
        .singleElement()
        .satisfies(
            model -> {
              assertThat(model.name()).isEqualTo(TINY + " float32");
              assertThat(model.texts().count()).isEqualTo(40);
              assertThat(model.jobs()).isEmpty();
            });
    assertThat(result.command()).isEmpty();
    assertThat(result.withCommand("jobs/bench.sh").command()).isEqualTo("jobs/bench.sh");
    assertThat(lines)
        .contains("Making a model of shape %s, float32".formatted(TINY))
        .anyMatch(line -> line.startsWith("Round 1 of 1: encoder, "));
    assertThat(work.resolve("kept/" + TINY + "-float32/bundle.json")).exists();
  }

  /** A twentieth of the texts is long, and few texts are encoded. */
  @Test
  void aCorpusIsEstimatedFromAllTextsThatWereRead() {
    String corpus = work.resolve("corpus").toString();
    TestSpark.session()
        .sql(
            "SELECT CASE WHEN id % 3 = 0 THEN NULL"
                + " WHEN id % 20 = 1 THEN repeat(concat('Satz ', id, ' '), 9)"
                + " ELSE concat('Satz ', id) END AS text FROM range(120)")
        .write()
        .parquet(corpus);
    Settings measured =
        settings()
            .with(BenchOptions.TEXTS, "4")
            .with(BenchOptions.CORES, 1)
            .with(BenchOptions.INPUT, Optional.of(corpus));
    BenchResult result =
        Silently.run(() -> new RunBench(BenchSettings.of(measured)).run(Progress.NONE));
    ModelResult model = result.candidates().get(0);
    CorpusEstimate estimate = model.corpus();
    double rate = model.encoderOnMostCores().tokensPerSecond().median();
    assertThat(estimate.rows()).isEqualTo(120);
    assertThat(estimate.rowsRead()).isEqualTo(120);
    assertThat(estimate.rowsWithoutText()).isEqualTo(40);
    assertThat(model.texts().count()).isEqualTo(4);
    assertThat(estimate.tokens()).isEqualTo(tokensOf(corpus));
    assertThat(estimate.hours() * 3600 * rate).isCloseTo(estimate.tokens(), withinPercentage(1));
    assertThat(estimate.hoursOn1000Cores())
        .isCloseTo(estimate.hours() * estimate.cores() / 1000, withinPercentage(1e-6));
    assertThat(estimate.vectorBytes()).isEqualTo(80 * 32 * 4);
    assertThat(BenchTable.lines(result))
        .contains("this corpus             120 rows, 40 without text")
        .anyMatch(line -> line.endsWith(" tokens, 10.2 kB of vectors"))
        .anyMatch(
            line -> line.matches("  at the encoder's rate .* s on 1 core, .*0.1 s on 1,000 .*"))
        .allMatch(line -> line.length() <= 100);
  }

  private long tokensOf(String corpus) {
    Bundle bundle = Bundle.open(work.resolve("kept/" + TINY + "-float32"));
    try (TokenCounter counter = TokenCounter.open(bundle)) {
      return CorpusTexts.read(corpus, "text", counter::count, 120).take(120).stream()
          .mapToLong(CountedText::tokens)
          .sum();
    }
  }

  @Test
  void withoutALauncherJobsAreRefused() {
    Settings withJob = settings().with(BenchOptions.SKIP_JOB, false);
    assertThatThrownBy(() -> BenchSettings.of(withJob))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot run: measuring jobs requires jobs/bench.sh");
  }

  @Test
  void coresThatAreLeftOpenAreThoseOfTheMachine() {
    assertThat(BenchSettings.of(settings()).cores())
        .isEqualTo(Runtime.getRuntime().availableProcessors());
  }
}
