package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.convert.RandomCheckpoint;

class TrainJobTest {
  @TempDir Path folder;

  @Test
  void aTrainingSaysWhatItWroteAndItsReportIsThere() throws IOException {
    JobRun run = run("model");
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .contains("Model     " + folder.resolve("model"))
        .contains("Bundle    " + folder.resolve("model/bundle"))
        .contains("Pairs     4 to learn from, 4 to evaluate on")
        .anyMatch(line -> line.matches("Steps     2 in .* on cpu"))
        .anyMatch(line -> line.matches("Dev       Spearman \\S+ at step 2, before training \\S+"));
    assertThat(run.err())
        .contains("2 of 4 pairs count as similar: their mapped score is at least 0.5.")
        .contains(
            "Warm-up takes 576 steps, but training ends after 2 steps: the learning rate only"
                + " rises, to 8.68e-09; lower --warmup-steps.");
    assertThat(folder.resolve("model/report.html"))
        .content()
        .contains("<h1 dir=\"auto\">model</h1>");
    JobRun again = run("model");
    assertThat(again.code()).isEqualTo(Main.WRONG_USAGE);
    assertThat(again.err().get(again.err().size() - 1))
        .startsWith("spark-gbert: Cannot write trained model: ")
        .endsWith("exists; choose another output or --mode overwrite");
  }

  @Test
  void whatMustBeGivenIsNamed() {
    JobRun run = JobRun.withoutSpark("train");
    assertThat(run.code()).isEqualTo(Main.WRONG_USAGE);
    assertThat(run.err().get(0)).contains("--model", "--train", "--dev", "--output");
  }

  private JobRun run(String output) throws IOException {
    Path base = folder.resolve("base");
    if (!Files.exists(base)) {
      RandomCheckpoint.write(RandomCheckpoint.Shape.parse("1,16,2,32,300,32"), base);
    }
    Path pairs = folder.resolve("pairs.csv");
    Files.writeString(pairs, "ba,be,1\nba,tu,0\nbo,bu,1\nte,ba,0\n");
    return JobRun.of(
        "train",
        "--model",
        base.toString(),
        "--train",
        pairs.toString(),
        "--dev",
        pairs.toString(),
        "--format",
        "csv",
        "--sentence1-column",
        "_c0",
        "--sentence2-column",
        "_c1",
        "--score-column",
        "_c2",
        "--epochs",
        "2",
        "--device",
        "cpu",
        "--output",
        folder.resolve(output).toString());
  }
}
