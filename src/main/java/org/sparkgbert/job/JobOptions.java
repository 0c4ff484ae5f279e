package org.sparkgbert.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.sparkgbert.files.Json;
import org.sparkgbert.lake.RunManifest;
import org.sparkgbert.lake.SeparateOutput;
import org.sparkgbert.lake.TableTarget;
import org.sparkgbert.settings.Setting;
import org.sparkgbert.settings.Settings;
import org.sparkgbert.settings.ValueType;

/** Settings that commands share. */
final class JobOptions {
  /** File for the summary. */
  static final Setting<Optional<Path>> SUMMARY_JSON =
      Setting.optional("summary-json", ValueType.PATH)
          .label("FILE")
          .meaning("File for the summary as JSON.");

  /** File with settings; {@link ConfigFile} reads it before the command line is parsed. */
  static final Setting<Optional<Path>> CONFIG =
      Setting.optional("config", ValueType.PATH)
          .label("FILE")
          .meaning("File with settings; the command line takes precedence.");

  /** Whether to show stack traces. */
  static final Setting<Boolean> VERBOSE = Setting.flag("verbose").meaning("Show stack traces.");

  /** All of them. */
  static final List<Setting<?>> ALL = List.of(SUMMARY_JSON, CONFIG, VERBOSE);

  /** A summary is far smaller. */
  private static final long MOST_BYTES = 1L << 24;

  /** Each kind of summary has one of them. */
  private static final List<String> OF_SUMMARIES =
      List.of("task_seconds", "scanned_rows", "counts", "batches");

  private JobOptions() {}

  /**
   * Checks at the start that the summary can be written at the end, and takes the place of an older
   * summary at most.
   *
   * @throws IllegalArgumentException if it cannot be written, or another file is there
   */
  static void requireSummary(Settings settings) {
    settings
        .get(SUMMARY_JSON)
        .ifPresent(
            file -> {
              requireWritable(SUMMARY_JSON, file);
              if (Files.exists(file) && !isSummary(file)) {
                throw new IllegalArgumentException(
                    "Cannot write summary: %s exists and is no summary; choose another file"
                        .formatted(file));
              }
            });
  }

  /** An empty file is one that is yet to be written; what lies in a table of ours is its part. */
  private static boolean isSummary(Path file) {
    try {
      long bytes = Files.size(file);
      if (bytes == 0) {
        return true;
      }
      if (bytes > MOST_BYTES
          || Files.exists(file.toAbsolutePath().resolveSibling(RunManifest.FILE))) {
        return false;
      }
      JsonNode json = JsonMapper.builder().build().readTree(file.toFile());
      return json.has("run_id") && OF_SUMMARIES.stream().anyMatch(json::has);
    } catch (JsonProcessingException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  /**
   * Checks, before work is done, that the summary is written beside what the job reads and writes.
   *
   * @param inputs paths, globs or names of tables
   * @throws IllegalArgumentException if it is or lies in an input or the output
   */
  static void requireSummaryBeside(
      Settings settings, List<String> inputs, TableTarget output, SparkSession spark) {
    requireSummaryBeside(settings, inputs, Optional.of(output), spark);
  }

  /**
   * The same for a job that perhaps writes no table.
   *
   * @throws IllegalArgumentException likewise
   */
  static void requireSummaryBeside(
      Settings settings, List<String> inputs, Optional<TableTarget> output, SparkSession spark) {
    settings
        .get(SUMMARY_JSON)
        .map(file -> new org.apache.hadoop.fs.Path("file", null, file.toAbsolutePath().toString()))
        .ifPresent(
            file ->
                SeparateOutput.requireBeside(
                    "summary", file, inputs, output, spark.sessionState().newHadoopConf()));
  }

  /**
   * Checks at the start that a file can be written at the end.
   *
   * @throws IllegalArgumentException if the path is a directory or below a file, or its directory
   *     takes no new file
   */
  static void requireWritable(Setting<?> setting, Path file) {
    Path existing = file.toAbsolutePath().getParent();
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    boolean isWritable =
        !Files.exists(file) || (Files.isRegularFile(file) && Files.isWritable(file));
    if (!isWritable || existing == null || !takesFiles(existing)) {
      throw new IllegalArgumentException(
          "Cannot run: %s must be a file that can be written, found %s"
              .formatted(setting.option(), file));
    }
  }

  /** Permissions alone do not tell: a file system may be read-only, or no place for files. */
  private static boolean takesFiles(Path directory) {
    try {
      Files.delete(Files.createTempFile(directory, ".spark-gbert", ".probe"));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Writes a summary if one was requested; its directory is created if it is missing.
   *
   * @param summary becomes JSON
   */
  static void writeSummary(Object summary, Settings settings) {
    Optional<Path> file = settings.get(SUMMARY_JSON);
    if (file.isEmpty()) {
      return;
    }
    try {
      Files.createDirectories(file.get().toAbsolutePath().getParent());
      Files.writeString(file.get(), Json.text(summary));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot write summary %s: %s".formatted(file.get(), e.getMessage()), e);
    }
  }
}
