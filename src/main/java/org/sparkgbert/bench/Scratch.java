package org.sparkgbert.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.sparkgbert.files.Directories;

/**
 * A directory for corpora and the output of jobs, which is deleted when the bench ends. If the JVM
 * ends early, it also ends the job being measured, which would otherwise continue on its own.
 *
 * <p><b>Ownership:</b> owns the directory.
 */
final class Scratch implements AutoCloseable {
  private final Path directory;
  private final Thread atExit = new Thread(this::cleanUp);

  private Scratch(Path directory) {
    this.directory = directory;
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  static Scratch make() {
    try {
      return new Scratch(Files.createTempDirectory("spark-gbert-bench"));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot measure: " + e.getMessage(), e);
    }
  }

  Path directory() {
    return directory;
  }

  private void cleanUp() {
    try (Stream<ProcessHandle> jobs = ProcessHandle.current().descendants()) {
      jobs.forEach(ProcessHandle::destroyForcibly);
      Directories.delete(directory);
    } catch (IOException e) {
      // What remains is in the directory for temporary files.
    }
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      return; // The JVM ends, and the hook is at work.
    }
    Directories.deleteUnchecked(directory);
  }
}
