package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.ChildJvm;

/** Jobs in processes of their own that are stopped in the middle, and the job that goes on. */
@Tag("long")
class ResumedEmbedTest {
  private static final int FILES = 8;
  private static final int PER_FILE = 30;
  private static final int MILLIS_PER_ROW = 40;
  private static final int CORES = 2;

  @TempDir private Path folder;

  @BeforeEach
  void writeCorpus() {
    GermanCorpus.write(folder.resolve("in"), FILES * PER_FILE, FILES);
  }

  /** A job that reads slowly. */
  private Process start(Path output) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "-Dspark.master=local[" + CORES + "]",
                "-Dspark.ui.enabled=false",
                "-Dspark.driver.host=127.0.0.1",
                "-Dspark.driver.bindAddress=127.0.0.1",
                // No two files of the corpus in one task.
                "-Dspark.sql.files.maxPartitionBytes=3k",
                "-Dspark.sql.files.openCostInBytes=3k",
                Main.class.getName()));
    command.addAll(
        List.of(
            JobRun.embedArguments(
                folder,
                "--partitions=keep",
                "--window-rows=4",
                "--where=java_method('java.lang.Thread', 'sleep', id * 0 + %dL) is null or true"
                    .formatted(MILLIS_PER_ROW))));
    return ChildJvm.of(command).redirectOutput(output.toFile()).start();
  }

  private long finishedFiles() {
    return files(folder.resolve(".out.publish"))
        .filter(path -> path.getFileName().toString().startsWith("new-"))
        .flatMap(ResumedEmbedTest::files)
        .filter(path -> path.getFileName().toString().endsWith(".parquet"))
        .count();
  }

  private static Stream<Path> files(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList().stream();
    } catch (NoSuchFileException e) {
      return Stream.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Lets a job finish two more files, and stops it.
   *
   * @return how many files are finished
   */
  private long stop(String signal, long before) throws IOException, InterruptedException {
    Path output = folder.resolve(signal);
    Process job = start(output);
    try {
      Poll.until(
          () -> !job.isAlive() || finishedFiles() >= before + 2,
          () -> "%d files, %s".formatted(finishedFiles(), read(output)));
      assertThat(job.isAlive()).as(read(output)).isTrue();
      RunningCommand.signal(signal, job.pid());
      assertThat(job.waitFor()).isEqualTo(signal.equals("KILL") ? 128 + 9 : 128 + 15);
    } finally {
      job.destroyForcibly().waitFor();
    }
    assertThat(folder.resolve("out")).doesNotExist();
    assertThat(finishedFiles()).as("files after " + signal).isGreaterThanOrEqualTo(before + 2);
    if (signal.equals("TERM")) {
      assertThat(read(output)).contains("Taken over from an interrupted run: ");
    }
    return finishedFiles();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Both count: what was written when a process was killed, and when it was asked to end. */
  @Test
  void whatFinishedTasksEncodedIsNeverEncodedAgain() throws Exception {
    long finished = 0;
    for (String signal : List.of("KILL", "TERM")) {
      finished = stop(signal, finished);
    }
    JobRun run =
        JobRun.embed(folder, "--summary-json=" + folder.resolve("summary"), "--partitions=keep");
    assertThat(run.code()).as(run.err().toString()).isZero();
    JsonNode summary = JsonMapper.builder().build().readTree(folder.resolve("summary").toFile());
    long takenOver = summary.get("taken_over").asLong();
    assertThat(takenOver).isGreaterThanOrEqualTo(finished * PER_FILE);
    assertThat(summary.get("distinct_texts").asLong()).isEqualTo(FILES * PER_FILE - takenOver);
    assertThat(run.output())
        .contains("Resumed   %d rows taken over from an interrupted run".formatted(takenOver));
    GermanCorpus.assertEmbedded(folder.resolve("out").toString(), FILES * PER_FILE);
    assertThat(folder.resolve(".out.publish")).doesNotExist();
  }
}
