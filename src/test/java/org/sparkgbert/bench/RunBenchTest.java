package org.sparkgbert.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
