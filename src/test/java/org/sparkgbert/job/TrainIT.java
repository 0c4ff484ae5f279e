package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.convert.RandomCheckpoint;
import org.sparkgbert.files.Checksums;
import org.sparkgbert.job.RunningCommand.Outcome;

/** Training as users start it, in a process of its own, which may be killed. */
@Tag("long")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class TrainIT {
  private static final String LAUNCHER = "jobs/train.sh";
  private static final int PAIRS = 40;

  @TempDir private Path scratch;

  @Test
  void aKilledTrainingContinuesToTheSameBits() throws IOException {
    Shell shell = Shell.in(scratch);
    RandomCheckpoint.write(
        RandomCheckpoint.Shape.parse("2,32,2,64,600,64"), scratch.resolve("base"));
    Files.writeString(scratch.resolve("pairs.csv"), pairs());
    Outcome whole = shell.run(LAUNCHER, options("whole")).succeeded();
    assertThat(whole.out()).contains("Pairs     40 to learn from, 40 to evaluate on");
    try (RunningCommand killed = shell.start(LAUNCHER, options("killed"))) {
      Path state = scratch.resolve(".killed.training");
      Poll.until(() -> hasSaved(state), () -> "nothing is saved; " + killed.output());
      killed.kill();
      assertThat(scratch.resolve("killed")).doesNotExist();
    }
    Outcome continued = shell.run(LAUNCHER, options("killed")).succeeded();
    assertThat(continued.err()).containsPattern("Continued after step \\d+0 of an interrupted run");
    assertThat(Checksums.sha256(scratch.resolve("killed/model.safetensors")))
        .isEqualTo(Checksums.sha256(scratch.resolve("whole/model.safetensors")));
    assertThat(scratch.toFile().list())
        .doesNotContain(".killed.training", ".killed.publish", ".whole.training");
  }

  private static String pairs() {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < PAIRS; i++) {
      rows.append("ba be %d,%s %d,%d%n".formatted(i, i % 2 == 0 ? "ba bi" : "tu ta", i, i % 2));
    }
    return rows.toString();
  }

  private static boolean hasSaved(Path state) {
    String[] names = state.toFile().list();
    return names != null && Arrays.stream(names).anyMatch(name -> name.matches("saved-\\d+"));
  }

  private String[] options(String output) {
    return new String[] {
      "--master",
      "local[1]",
      "--",
      "--model",
      scratch.resolve("base").toString(),
      "--train",
      scratch.resolve("pairs.csv").toString(),
      "--dev",
      scratch.resolve("pairs.csv").toString(),
      "--format",
      "csv",
      "--sentence1-column=_c0",
      "--sentence2-column=_c1",
      "--score-column=_c2",
      "--epochs=60",
      "--save-steps=50",
      "--device=cpu",
      "--output",
      scratch.resolve(output).toString()
    };
  }
}
