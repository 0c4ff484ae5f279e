package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A command in a process of its own.
 *
 * <p><b>Ownership:</b> closing kills the process and all that it started.
 */
final class RunningCommand implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Process process;
  private final String command;
  private final Path out;
  private final Path err;

  RunningCommand(Process process, String command, Path out, Path err) {
    this.process = process;
    this.command = command;
    this.out = out;
    this.err = err;
  }

  /**
   * How a command ended.
   *
   * @param code its exit code
   * @param out what it printed
   * @param err what it printed on standard error
   */
  record Outcome(int code, String out, String err) {
    /**
     * Lines on standard error, without those that name the model, say that Spark starts and, by the
     * JVM, name Spark's incubator module.
     */
    List<String> errorLines() {
      return err.lines()
          .filter(line -> !line.startsWith("WARNING: Using incubator"))
          .filter(line -> !line.startsWith("Model "))
          .filter(line -> !line.equals("Starting Spark ..."))
          .filter(line -> !line.matches(JobRun.PROGRESS))
          .toList();
    }

    /** Requires exit code 0. */
    Outcome succeeded() {
      assertThat(code).as("exit code; out: %s; err: %s", out, err).isZero();
      return this;
    }

    /** Requires exit code 2 and one line for the user, which says this. */
    void refusedWith(String message) {
      assertThat(code).as("exit code; out: %s; err: %s", out, err).isEqualTo(Main.WRONG_USAGE);
      assertThat(errorLines())
          .as("standard error")
          .singleElement()
          .asString()
          .startsWith("spark-gbert: ")
          .contains(message);
      assertThat(out).as("standard output").isEmpty();
    }
  }

  long pid() {
    return process.pid();
  }

  /** Process ids of what it started itself and runs still. */
  List<Long> children() {
    return process.children().filter(ProcessHandle::isAlive).map(ProcessHandle::pid).toList();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** What it printed on both streams so far. */
  String output() {
    return read(out) + read(err);
  }

  /** Waits for its end; a command that hangs fails the test. */
  Outcome await() {
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        fail("%s runs after %s; output: %s", command, PATIENCE, output());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail("Interrupted while it ran: " + command, e);
    }
    return new Outcome(process.exitValue(), read(out), read(err));
  }

  /** Kills it with -9 while it runs. */
  void kill() {
    assertThat(isAlive()).as("runs still; output: %s", output()).isTrue();
    signal("KILL", pid());
    assertThat(await().code()).as("exit code after kill -9").isEqualTo(128 + 9);
  }

  /** Sends a signal to the JVMs that it started. */
  void signalJvms(String name) {
    List<Long> jvms =
        process
            .descendants()
            .filter(child -> child.info().command().orElse("").endsWith("/java"))
            .map(ProcessHandle::pid)
            .toList();
    assertThat(jvms).as("JVMs; output: %s", output()).isNotEmpty();
    jvms.forEach(jvm -> signal(name, jvm));
  }

  /** Sends a signal to a process. */
  static void signal(String name, long pid) {
    try {
      Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start();
      assertThat(kill.waitFor()).as("exit code of kill").isZero();
    } catch (IOException e) {
      fail("Cannot signal process " + pid, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail("Interrupted", e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return fail("Cannot read " + file, e);
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
