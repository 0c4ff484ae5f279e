package org.sparkgbert.convert;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.convert.ChildProcess.Outcome;

/** What users type to import and verify a model. */
class ModelLaunchersIT {
  private static final Path JOBS = Path.of("jobs").toAbsolutePath();

  @TempDir private Path scratch;

  @Test
  void aCheckpointBecomesABundleThatHolds() throws IOException, InterruptedException {
    Path folder = Files.createDirectory(scratch.resolve("models of mine"));
    Path checkpoint = TestCheckpoints.FOLDER.resolve("bert-cased-vocab");
    Path reference = checkpoint.resolve("golden.jsonl");
    Path importModel = link("import-model.sh", folder);
    Path verifyModel = link("verify-model.sh", folder);
    String bundle = folder.resolve("bundle").toString();

    succeed(importModel.toString(), checkpoint.toString(), "--output", bundle);
    Outcome verified = succeed(verifyModel.toString(), bundle, "--reference", reference.toString());
    assertThat(verified.output()).endsWith("Verification passed.\n");
  }

  @Test
  void optionsOfJavaReachJava() throws IOException, InterruptedException {
    Outcome outcome =
        ChildProcess.run(
            List.of(JOBS.resolve("import-model.sh").toString(), "--list"),
            "-Xmx200m -XX:+PrintFlagsFinal");
    assertThat(outcome.code()).as(outcome.output()).isZero();
    assertThat(outcome.output()).containsPattern("MaxHeapSize +:?= 209715200 ");
  }

  @Test
  void anUnbuiltCheckoutSaysWhatToDo() throws IOException, InterruptedException {
    Path jobs = Files.createDirectory(scratch.resolve("jobs"));
    try (Stream<Path> launchers = Files.list(JOBS)) {
      for (Path launcher : launchers.toList()) {
        Files.copy(launcher, jobs.resolve(launcher.getFileName()));
      }
    }
    Outcome outcome = ChildProcess.run(List.of(jobs + "/import-model.sh", "--list"), "");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.output())
        .startsWith("spark-gbert: Cannot run: it is not built")
        .hasLineCount(1);
  }

  private static Path link(String launcher, Path folder) throws IOException {
    return Files.createSymbolicLink(folder.resolve(launcher), JOBS.resolve(launcher));
  }

  private static Outcome succeed(String... command) throws IOException, InterruptedException {
    Outcome outcome = ChildProcess.run(List.of(command), "-Xmx512m");
    assertThat(outcome.code()).as(outcome.output()).isZero();
    return outcome;
  }
}
