package org.sparkgbert.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The JVM's temporary directory, where libraries unpack their native code. */
final class TemporaryDirectory {
  private TemporaryDirectory() {}

  /**
   * Finds out before any work whether native code can be loaded from it.
   *
   * @throws IllegalArgumentException if it cannot be written, or what is in it cannot be executed
   */
  static void requireUsable() {
    requireUsable(Path.of(System.getProperty("java.io.tmpdir")));
  }

  static void requireUsable(Path directory) {
    if (!executes(directory)) {
      throw new IllegalArgumentException(
          "Cannot run: native libraries cannot be loaded from the temporary directory %s, which is mounted noexec; choose another one, %s"
              .formatted(directory, remedy()));
    }
  }

  /** The kernel denies to execute any file on such a mount. */
  private static boolean executes(Path directory) {
    try {
      Path probe = Files.createTempFile(directory, "spark-gbert", ".probe");
      try {
        if (Files.getFileStore(probe).supportsFileAttributeView("posix")) {
          Files.setPosixFilePermissions(probe, PosixFilePermissions.fromString("rwx------"));
        }
        return Files.isExecutable(probe);
      } finally {
        Files.delete(probe);
      }
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "Cannot run: the temporary directory %s cannot be written: %s; choose another one, %s"
              .formatted(directory, e, remedy()),
          e);
    }
  }

  private static String remedy() {
    return "with --driver-java-options -Djava.io.tmpdir=DIR -- before the job's options, or JAVA_OPTS=-Djava.io.tmpdir=DIR for jobs without Spark";
  }
}
