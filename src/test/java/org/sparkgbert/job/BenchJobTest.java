package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchJobTest {
  private static final String TINY = "2,32,2,64,600,64";

  @TempDir private Path folder;

  private final CapturedConsole console = new CapturedConsole();

  private int run(String... options) {
    List<String> words = new ArrayList<>(List.of("bench"));
    words.addAll(List.of(options));
    return console.run(words.toArray());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --shape huge         | a shape must be gbert-large, base, small, or six numbers LAYERS,HIDDEN,HEADS,INNER,VOCABULARY,POSITIONS, found 'huge'
          --shape 2,33,2,4,600,9 | heads must divide the hidden size, found 2 layers, hidden size 33, 2 heads
          --shape 2,32,2,4,9,9 | its vocabulary needs at least
          --rounds 0           | --rounds must be at least 1, found 0
          --seconds 0          | --seconds must be at least 1, found 0
          --cores -1           | --cores must be at least 0, found -1
          --texts none         | --texts must be auto or a number from 1 to 10000000, found 'none'
          --texts 0            | --texts must be auto or a number from 1 to 10000000, found '0'
          --model nowhere      | Cannot open bundle nowhere
          --precision float64  | float64
          --lengths poems      | poems
          --input nowhere      | Cannot read nowhere: there is no such path
          """)
  void whatCannotWorkIsRefusedInOneLine(String options, String message) {
    List<String> words = new ArrayList<>(List.of(options.split(" ", -1)));
    words.add("--skip-job");
    if (!options.contains("--model") && !options.contains("--shape")) {
      words.addAll(List.of("--shape", TINY));
    }
    assertThat(run(words.toArray(String[]::new))).isEqualTo(Main.WRONG_USAGE);
    assertThat(console.err()).last().asString().startsWith("spark-gbert: ").contains(message);
  }

  @Test
  void withoutTheLauncherOfJobsThereIsNoJobToMeasure() {
    assertThat(run("--shape", TINY)).isEqualTo(Main.WRONG_USAGE);
    assertThat(console.text())
        .contains("Cannot run: measuring jobs requires jobs/bench.sh, found no");
  }

  @Test
  void twoModelsAreMeasuredInTurnsAndCompared() throws IOException {
    Path work = folder.resolve("work");
    Path output = folder.resolve("results");
    String[] options = {
      "--shape",
      TINY,
      "--shape",
      "1,32,2,64,600,64",
      "--texts",
      "100",
      "--rounds",
      "2",
      "--skip-job",
      "--work-dir",
      work.toString(),
      "--output",
      output.toString()
    };
    assertThat(run(options)).as(console.text()).isEqualTo(Main.SUCCEEDED);
    assertThat(console.text())
        .contains("%s float32".formatted(TINY))
        .contains("1,32,2,64,600,64 float32 over %s float32, sentences/s on".formatted(TINY))
        .contains("limit int8, GFLOP/s")
        .doesNotContain("job, tokens/s");
    assertThat(output.resolve("bench.json")).content().contains("\"share_of_limit\"");
    assertThat(work)
        .as("checkpoints are not kept")
        .isDirectoryNotContaining(path -> path.toString().endsWith("checkpoint"));
    assertThat(work.resolve(TINY + "-float32/bundle.json")).exists();
  }

  @Test
  void aJobThatFailsEndsTheBenchAndShowsWhy() throws IOException {
    Path launcher = folder.resolve("embed.sh");
    Files.writeString(launcher, "#!/bin/sh\necho 'spark-gbert: Cannot do it' >&2\nexit 3\n");
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThat(run("--launcher", launcher.toString(), "--shape", TINY, "--texts", "10"))
        .isEqualTo(Main.FAILED);
    assertThat(console.err())
        .endsWith(
            "spark-gbert: Cannot do it",
            "spark-gbert: Cannot measure the job: %s failed with exit code 3".formatted(launcher));
  }
}
