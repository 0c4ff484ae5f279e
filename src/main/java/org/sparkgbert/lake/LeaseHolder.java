package org.sparkgbert.lake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * The process that writes a table.
 *
 * @param runId its run
 * @param host its host
 * @param processSpace the namespace of its process id: containers have their own
 * @param pid its process id
 * @param processStarted when the process started, since ids are reused
 * @param since when the run began
 */
@JsonNaming(SnakeCaseStrategy.class)
@JsonIgnoreProperties(ignoreUnknown = true)
record LeaseHolder(
    String runId, String host, String processSpace, long pid, String processStarted, String since) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** This process. */
  static LeaseHolder self(String runId) {
    ProcessHandle self = ProcessHandle.current();
    return new LeaseHolder(
        runId, hostName(), processSpaceName(), self.pid(), startOf(self), Instant.now().toString());
  }

  /**
   * Whether the process is alive, as far as this machine can tell.
   *
   * @return empty if it ran elsewhere
   */
  Optional<Boolean> isAlive() {
    if (!host.equals(hostName()) || !processSpace.equals(processSpaceName())) {
      return Optional.empty();
    }
    return Optional.of(
        ProcessHandle.of(pid)
            .filter(process -> process.isAlive() && !isZombie())
            .filter(process -> startOf(process).equals(processStarted))
            .isPresent());
  }

  /** On Linux, a process that ended stays in the table until its parent asks how. */
  private boolean isZombie() {
    try {
      // The state follows the name, which is in brackets and may contain some.
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"), ISO_8859_1);
      return stat.startsWith(") Z", stat.lastIndexOf(')'));
    } catch (IOException notLinux) {
      return false;
    }
  }

  private static String startOf(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toString).orElse("");
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }

  private static String processSpaceName() {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
    } catch (IOException | UnsupportedOperationException notLinux) {
      return "";
    }
  }

  /** The process as a person would look for it. */
  @Override
  public String toString() {
    return "process %d on %s, since %s".formatted(pid, host, since);
  }

  byte[] toJson() {
    try {
      return JSON.writeValueAsBytes(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write the lease of run " + runId, e);
    }
  }

  /** Empty for a lease that is being written. */
  static Optional<LeaseHolder> parse(byte[] json) {
    try {
      return Optional.of(JSON.readValue(json, LeaseHolder.class));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
