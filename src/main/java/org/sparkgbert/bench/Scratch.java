package org.sparkgbert.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.sparkgbert.files.Directories;

/**
 * A directory for corpora and what jobs write, which goes when the bench ends. If the JVM ends
 * before, the job that is measured ends with it; it would otherwise go on alone.
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
      // What is left lies in the directory for temporary files.
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
