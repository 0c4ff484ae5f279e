package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A standalone Spark cluster on this machine, out of the jars that Maven resolved: a master and a
 * worker with two cores, each a JVM of its own.
 *
 * <p><b>Ownership:</b> closing kills both, and the executors of the worker.
 */
final class StandaloneCluster implements AutoCloseable {
  private static final Pattern MASTER = Pattern.compile("Starting Spark master at (spark://\\S+)");
  private static final String REGISTERED = "Successfully registered with master";

  private final RunningCommand master;
  private final RunningCommand worker;
  private final String url;

  private StandaloneCluster(RunningCommand master, RunningCommand worker, String url) {
    this.master = master;
    this.worker = worker;
    this.url = url;
  }

  /**
   * Starts a cluster and waits until its worker is there.
   *
   * @param scratch directory for all that the cluster writes
   */
  static StandaloneCluster start(Path scratch) throws IOException {
    SparkJars.link();
    Path temporary = Files.createDirectories(scratch.resolve("cluster-tmp"));
    Shell shell =
        Shell.in(scratch)
            .with("SPARK_HOME", SparkJars.HOME.toString())
            .with("SPARK_SCALA_VERSION", "2.13")
            .with("SPARK_LOCAL_DIRS", temporary.toString())
            .with("LOG4J_CONFIGURATION_FILE", logging(scratch))
            .with("JAVA_TOOL_OPTIONS", Shell.QUICK_START + " -Djava.io.tmpdir=" + temporary);
    RunningCommand master = shell.start(java("master.Master"));
    RunningCommand worker = null;
    try {
      String url = Poll.find(() -> masterUrl(master), master::output);
      String work = scratch.resolve("work").toString();
      worker = shell.start(java("worker.Worker", "-c", "2", "-m", "3g", "-d", work, url));
      StandaloneCluster cluster = new StandaloneCluster(master, worker, url);
      Poll.until(() -> cluster.worker.output().contains(REGISTERED), worker::output);
      return cluster;
    } catch (RuntimeException | Error e) {
      master.close();
      if (worker != null) {
        worker.close();
      }
      throw e;
    }
  }

  /** What master and worker say is read from their logs. */
  private static String logging(Path scratch) throws IOException {
    Path file = scratch.resolve("cluster-log4j2.properties");
    String settings =
        """
        rootLogger.level = info
        rootLogger.appenderRef.console.ref = console
        appender.console.type = Console
        appender.console.name = console
        appender.console.layout.type = PatternLayout
        appender.console.layout.pattern = %d{HH:mm:ss} %p %c{1}: %m%n%ex
        """;
    return Files.writeString(file, settings).toUri().toString();
  }

  private static List<String> java(String daemon, String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-cp", SparkJars.HOME + "/jars/*"));
    command.add("org.apache.spark.deploy." + daemon);
    command.addAll(List.of("--host", "127.0.0.1", "--webui-port", "0", "--port", "0"));
    command.addAll(List.of(options));
    return command;
  }

  private static Optional<String> masterUrl(RunningCommand master) {
    if (!master.isAlive()) {
      fail("The master ended: " + master.output());
    }
    Matcher url = MASTER.matcher(master.output());
    return url.find() ? Optional.of(url.group(1)) : Optional.empty();
  }

  /** What {@code --master} needs. */
  String url() {
    return url;
  }

  /** Process ids of the executors that run, the only processes that a worker starts. */
  List<Long> executors() {
    return worker.children();
  }

  @Override
  public void close() {
    worker.close();
    master.close();
  }
}
