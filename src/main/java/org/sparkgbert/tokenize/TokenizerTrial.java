package org.sparkgbert.tokenize;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.util.Platform;
import com.google.gson.Gson;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.sparkgbert.files.Checksums;
import org.sparkgbert.files.CodeLocation;
import org.sparkgbert.files.Directories;

/**
 * Tries a tokenizer that nobody has opened before on odd texts, in a process of its own with limits
 * of time and memory: a native tokenizer that crashes takes its JVM along.
 *
 * <p>It takes about a second, and is done once per JVM and content.
 *
 * @param most time for all texts
 * @param bytes address space of the process, where the system can limit that
 */
public record TokenizerTrial(Duration most, long bytes) {
  /** Enough for vocabularies of 250,000 words, on a busy machine. */
  public static final TokenizerTrial DEFAULT = new TokenizerTrial(Duration.ofMinutes(2), 4L << 30);

  private static final Set<String> PASSED = ConcurrentHashMap.newKeySet();

  private static final int OUT_OF_MEMORY = 3;

  /** Libraries of the process, besides this one. */
  private static final List<Class<?>> LIBRARIES =
      List.of(
          TokenizerTrial.class,
          HuggingFaceTokenizer.class,
          Platform.class,
          Gson.class,
          Logger.class);

  /**
   * Tries a tokenizer.
   *
   * @param refusal how messages begin, such as "Cannot import NAME: its tokenizer is refused, "
   * @throws IllegalArgumentException if it has unknown components, crashes, or needs too much time
   *     or memory
   * @throws IllegalStateException if the process does not start
   * @throws UncheckedIOException if the file cannot be read
   */
  public void require(Path file, String refusal) {
    TokenizerFile.require(file, refusal);
    try {
      String checksum = Checksums.sha256(file);
      if (!PASSED.contains(checksum)) {
        requireUnchecked(file, refusal);
        PASSED.add(checksum);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot try tokenizer %s: %s".formatted(file, e), e);
    }
  }

  /** The same for a file of which nothing is known. */
  void requireUnchecked(Path file, String refusal) throws IOException {
    Path folder = Files.createTempDirectory("spark-gbert-tokenizer");
    try {
      Path out = folder.resolve("out");
      Process process =
          builder(file.toAbsolutePath(), folder)
              .redirectOutput(out.toFile())
              .redirectError(folder.resolve("err").toFile())
              .start();
      boolean ended = await(process);
      judge(ended, process.exitValue(), folder, refusal);
    } finally {
      Directories.delete(folder);
    }
  }

  private boolean await(Process process) {
    try {
      process.getOutputStream().close();
      return process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot try a tokenizer: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Cannot try a tokenizer: interrupted", e);
    } finally {
      kill(process);
    }
  }

  private static void kill(Process process) {
    process.destroyForcibly();
    boolean interrupted = false;
    while (process.isAlive()) {
      try {
        process.waitFor();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void judge(boolean ended, int code, Path folder, String refusal) throws IOException {
    String last =
        lines(folder.resolve("out")).stream()
            .filter(line -> line.startsWith(TokenizerTrialProcess.MARK))
            .reduce("", (first, second) -> second)
            .replace(TokenizerTrialProcess.MARK, "");
    if (ended && code == 0 && last.equals(TokenizerTrialProcess.PASSED)) {
      return;
    }
    if (ended && last.isEmpty()) {
      throw new IllegalStateException(
          refusal + "the process that tries it did not start: " + reason(folder));
    }
    if (last.startsWith(TokenizerTrialProcess.REJECTED)) {
      throw new IllegalArgumentException(
          refusal + last.substring(TokenizerTrialProcess.REJECTED.length()));
    }
    throw new IllegalArgumentException(
        "%s%s when %s"
            .formatted(refusal, end(ended, code, folder), last.isEmpty() ? "it starts" : last));
  }

  private String end(boolean ended, int code, Path folder) throws IOException {
    if (!ended) {
      return "it did not end within %d s".formatted(most.toSeconds());
    }
    return code == OUT_OF_MEMORY || reason(folder).contains("memory")
        ? "it needs more than %d MB of memory".formatted(bytes >> 20)
        : "its process ended with exit code %d".formatted(code);
  }

  private static List<String> lines(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
  }

  /** The first line that says anything. */
  private static String reason(Path folder) throws IOException {
    return lines(folder.resolve("err")).stream()
        .filter(line -> !line.isBlank())
        .findFirst()
        .orElse("it said nothing");
  }

  private ProcessBuilder builder(Path file, Path folder) {
    List<String> command = new ArrayList<>();
    if (File.separatorChar == '/') {
      // Where a limit cannot be set, there is none.
      String limits =
          "ulimit -c 0 2>/dev/null; ulimit -v %d 2>/dev/null; exec \"$@\"".formatted(bytes >> 10);
      command.addAll(List.of("sh", "-c", limits, "sh"));
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:ReservedCodeCacheSize=32m",
            "-XX:CompressedClassSpaceSize=32m",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:-CreateCoredumpOnCrash",
            "-XX:ErrorFile=" + folder.resolve("crash"),
            "-Dfile.encoding=UTF-8",
            "-cp",
            classPath()));
    for (String key : List.of("java.io.tmpdir", "ENGINE_CACHE_DIR", "ai.djl.offline")) {
      if (System.getProperty(key) != null) {
        command.add(command.size() - 2, "-D" + key + "=" + System.getProperty(key));
      }
    }
    command.addAll(List.of(TokenizerTrialProcess.class.getName(), file.toString()));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    Map<String, String> environment = builder.environment();
    // Options of this JVM may need more than the limits allow.
    environment
        .keySet()
        .removeAll(Set.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS"));
    environment.put("MALLOC_ARENA_MAX", "2");
    return builder;
  }

  /** Where the libraries were loaded from; what they need besides is on the class path. */
  private static String classPath() {
    Set<String> paths = new LinkedHashSet<>();
    for (Class<?> library : LIBRARIES) {
      paths.add(CodeLocation.of(library).toString());
    }
    paths.add(System.getProperty("java.class.path"));
    return String.join(File.pathSeparator, paths);
  }
}
