package org.sparkgbert.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.Silently;
import org.sparkgbert.action.Progress;
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

  @Test
  void aCorpusIsEstimatedFromTheTextsThatWereMeasured() {
    List<CountedText> file =
        IntStream.range(0, 60).mapToObj(i -> new CountedText("Satz " + i, 1)).toList();
    String corpus = work.resolve("corpus").toString();
    CorpusFiles.write(List.of(file, file), Path.of(corpus));
    Settings measured = settings().with(BenchOptions.INPUT, Optional.of(corpus));
    BenchResult result =
        Silently.run(() -> new RunBench(BenchSettings.of(measured)).run(Progress.NONE));
    ModelResult model = result.candidates().get(0);
    CorpusEstimate estimate = model.corpus();
    double rate = model.encoderOnMostCores().tokensPerSecond().median();
    assertThat(estimate.rows()).isEqualTo(120);
    assertThat(estimate.tokens()).isEqualTo(Math.round(120 * model.texts().meanTokens()));
    assertThat(estimate.hours() * 3600 * rate).isCloseTo(estimate.tokens(), withinPercentage(1));
    assertThat(estimate.hoursOn1000Cores())
        .isCloseTo(estimate.hours() * estimate.cores() / 1000, withinPercentage(1e-6));
    assertThat(estimate.vectorBytes()).isEqualTo(120 * 32 * 4);
    assertThat(BenchTable.lines(result))
        .anyMatch(line -> line.startsWith("this corpus             120 rows, about "))
        .anyMatch(line -> line.endsWith(" on 1,000 executor cores"))
        .allMatch(line -> line.length() <= 100);
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
