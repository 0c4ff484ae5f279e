package org.sparkgbert.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a user types commands: a working directory and an environment, without the settings of
 * whoever runs the tests. Temporary files of the commands lie in a scratch directory.
 *
 * @param scratch directory for output and temporary files of the commands
 * @param directory working directory
 * @param environment variables that differ from those of the tests; empty values are removed
 */
record Shell(Path scratch, Path directory, Map<String, String> environment) {
  /** The checkout whose launchers are tested. */
  static final Path CHECKOUT = Path.of("").toAbsolutePath();

  /** Start-up counts more than peak speed in JVMs that live for seconds. */
  static final String QUICK_START = "-XX:TieredStopAtLevel=1";

  private static final List<String> FOREIGN =
      List.of("SPARK_HOME", "SPARK_CONF_DIR", "LOG4J_CONFIGURATION_FILE", "JAVA_TOOL_OPTIONS");

  /** A shell in the checkout. */
  static Shell in(Path scratch) throws IOException {
    Path temporary = Files.createDirectories(scratch.resolve("tmp"));
    Map<String, String> environment = new HashMap<>();
    FOREIGN.forEach(name -> environment.put(name, ""));
    environment.put("SPARK_LOCAL_IP", "127.0.0.1");
    environment.put("SPARK_LOCAL_DIRS", temporary.toString());
    environment.put("SPARK_SUBMIT_OPTS", QUICK_START + " -Djava.io.tmpdir=" + temporary);
    return new Shell(scratch, CHECKOUT, environment);
  }

  /** The same shell with another variable. */
  Shell with(String variable, String value) {
    Map<String, String> changed = new HashMap<>(environment);
    changed.put(variable, value);
    return new Shell(scratch, directory, changed);
  }

  /** The same shell after {@code cd}. */
  Shell cd(Path other) {
    return new Shell(scratch, other, environment);
  }

  /** Runs a command to its end. */
  RunningCommand.Outcome run(List<String> command) throws IOException {
    try (RunningCommand running = start(command)) {
      return running.await();
    }
  }

  /** Runs a launcher of the checkout to its end. */
  RunningCommand.Outcome run(String launcher, String... options) throws IOException {
    try (RunningCommand running = start(launcher, options)) {
      return running.await();
    }
  }

  /** Starts a launcher of the checkout. */
  RunningCommand start(String launcher, String... options) throws IOException {
    List<String> command = new ArrayList<>(List.of(CHECKOUT.resolve(launcher).toString()));
    command.addAll(List.of(options));
    return start(command);
  }

  /** Starts a command. */
  RunningCommand start(List<String> command) throws IOException {
    Path out = Files.createTempFile(scratch, "command", ".out");
    Path err = Files.createTempFile(scratch, "command", ".err");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    environment.forEach(
        (name, value) -> {
          if (value.isEmpty()) {
            builder.environment().remove(name);
          } else {
            builder.environment().put(name, value);
          }
        });
    return new RunningCommand(builder.start(), String.join(" ", command), out, err);
  }
}
