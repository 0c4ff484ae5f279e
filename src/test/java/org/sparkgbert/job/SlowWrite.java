package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * An embed job that writes for several seconds on any machine, since each row sleeps: eight tasks,
 * each with its own file, two at a time.
 *
 * @param shell where the job runs
 * @param master Spark's master
 * @param corpus the corpus, of {@value #FILES} files
 * @param table the table
 */
record SlowWrite(Shell shell, String master, String corpus, Path table) {
  static final int FILES = 8;

  private static final int MILLIS_PER_ROW = 10;

  /**
   * A run of the job.
   *
   * @param command its process
   * @param write the job
   * @param leftovers what earlier runs left behind
   */
  record Run(RunningCommand command, SlowWrite write, List<Path> leftovers)
      implements AutoCloseable {

    /** Waits until it has begun that many data files, and is writing. */
    void awaitFiles(int files) {
      Poll.until(
          () -> {
            assertThat(command.isAlive()).as("runs still; %s", command.output()).isTrue();
            return dataFiles() >= files;
          },
          () -> "%d data files; output: %s".formatted(dataFiles(), command.output()));
    }

    private long dataFiles() {
      return write.unpublished().stream()
          .filter(directory -> !leftovers.contains(directory))
          .mapToLong(SlowWrite::dataFiles)
          .sum();
    }

    @Override
    public void close() {
      command.close();
    }
  }

  /**
   * Starts a run that overwrites the table.
   *
   * @param wrapper command that starts the run's, if any
   */
  Run start(String... wrapper) throws IOException {
    List<String> command = new ArrayList<>(List.of(wrapper));
    command.add(Shell.CHECKOUT.resolve("jobs/embed.sh").toString());
    command.addAll(List.of("--master", master));
    command.addAll(List.of("--executor-memory", "768m"));
    // No two files of the corpus in one task.
    command.addAll(List.of("--conf", "spark.sql.files.maxPartitionBytes=100k"));
    command.addAll(List.of("--conf", "spark.sql.files.openCostInBytes=100k"));
    command.addAll(List.of("--", "--input", corpus, "--partitions", "keep"));
    command.addAll(List.of("--where", sleepPerRow(), "--window-rows", "16"));
    command.addAll(List.of("--model", GermanCorpus.TINY));
    command.addAll(
        List.of("--output", table.toString(), "--mode", "overwrite", "--keep-old", "none"));
    List<Path> leftovers = unpublished();
    return new Run(shell.start(command), this, leftovers);
  }

  private static String sleepPerRow() {
    return "java_method('java.lang.Thread', 'sleep', id * 0 + %dL) is null or true"
        .formatted(MILLIS_PER_ROW);
  }

  /** The hidden directory beside the table. */
  Path publication() {
    return table.resolveSibling("." + table.getFileName() + ".publish");
  }

  /** Tables that are being made or were left behind. */
  List<Path> unpublished() {
    return list(publication())
        .filter(path -> path.getFileName().toString().startsWith("new-"))
        .toList();
  }

  /** Files come and go while they are listed. */
  private static long dataFiles(Path directory) {
    long count = directory.getFileName().toString().endsWith(".parquet") ? 1 : 0;
    return count + list(directory).mapToLong(SlowWrite::dataFiles).sum();
  }

  private static Stream<Path> list(Path directory) {
    try (Stream<Path> children = Files.list(directory)) {
      return children.toList().stream();
    } catch (NotDirectoryException | NoSuchFileException e) {
      return Stream.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + directory, e);
    }
  }
}
