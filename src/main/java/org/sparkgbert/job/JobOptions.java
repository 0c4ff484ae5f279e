package org.sparkgbert.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.sparkgbert.files.Json;
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

  private JobOptions() {}

  /**
   * Checks at the start that a file can be written at the end.
   *
   * @throws IllegalArgumentException if the path is a directory, or is below a file
   */
  static void requireWritable(Setting<Optional<Path>> setting, Settings settings) {
    settings.get(setting).ifPresent(file -> requireWritable(setting, file));
  }

  /** The same for a file derived from the setting's value. */
  static void requireWritable(Setting<?> setting, Path file) {
    Path existing = file.toAbsolutePath().getParent();
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    if (Files.isDirectory(file) || existing == null || !Files.isDirectory(existing)) {
      throw new IllegalArgumentException(
          "Cannot run: %s must be a file that can be written, found %s"
              .formatted(setting.option(), file));
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
