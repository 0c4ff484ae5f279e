package org.sparkgbert.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.sparkgbert.files.Directories;

/**
 * Runs embed jobs as users do.
 *
 * @param launcher {@code jobs/embed.sh}
 * @param scratch existing directory for the output of the jobs
 * @param progress receives the last lines of a job that fails
 */
record EmbedLauncher(Path launcher, Path scratch, Consumer<String> progress) {
  private static final int LAST_LINES = 12;
  private static final long POLL_MILLIS = 100;

  /**
   * Embeds a corpus on this many cores, with one task per file.
   *
   * @param device {@code cpu} or {@code cuda}
   * @throws IllegalStateException if the job fails
   */
  JobPass run(Path model, Path corpus, int cores, String device) {
    Path output = scratch.resolve("table");
    Path summary = scratch.resolve("summary.json");
    Path log = scratch.resolve("job.log");
    List<String> command =
        List.of(
            launcher.toString(),
            "--master",
            "local[" + cores + "]",
            "--",
            "--input",
            corpus.toString(),
            "--output",
            output.toString(),
            "--partitions",
            "keep",
            "--model",
            model.toString(),
            "--device",
            device,
            "--summary-json",
            summary.toString());
    try {
      Files.deleteIfExists(summary);
      return run(command, summary, log);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot measure the job: " + e.getMessage(), e);
    } finally {
      Directories.deleteUnchecked(output);
    }
  }

  private JobPass run(List<String> command, Path summary, Path log) throws IOException {
    Instant launched = Instant.now();
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    ProcessMemory memory = new ProcessMemory(process.toHandle());
    int code = await(process, memory);
    double seconds = (System.nanoTime() - start) / 1e9;
    if (code != 0) {
      lastLines(log).forEach(progress);
      throw new IllegalStateException(
          "Cannot measure the job: %s failed with exit code %d".formatted(launcher, code));
    }
    return JobPass.read(summary, launched, seconds, memory.peakBytes());
  }

  private static int await(Process process, ProcessMemory memory) {
    try {
      while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        memory.poll();
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Cannot measure the job: interrupted", e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
    }
  }

  /** Bytes that are not UTF-8 are replaced. */
  private static List<String> lastLines(Path log) throws IOException {
    Charset utf8 = StandardCharsets.UTF_8;
    List<String> lines = new String(Files.readAllBytes(log), utf8).lines().toList();
    return lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size());
  }
}
