package org.sparkgbert.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.sparkgbert.bench.BenchOptions;
import org.sparkgbert.bench.BenchResult;
import org.sparkgbert.bench.BenchSettings;
import org.sparkgbert.bench.BenchTable;
import org.sparkgbert.bench.RunBench;
import org.sparkgbert.files.Json;
import org.sparkgbert.files.Secrets;
import org.sparkgbert.lake.SeparateOutput;
import org.sparkgbert.report.BenchReport;
import org.sparkgbert.settings.Setting;
import org.sparkgbert.settings.SettingGroup;
import org.sparkgbert.settings.Settings;
import org.sparkgbert.settings.ValueType;

/** Measures models against the machine's limit and each other. */
final class BenchJob implements Job {
  private static final Setting<Optional<Path>> OUTPUT =
      Setting.optional("output", ValueType.PATH)
          .label("DIR")
          .meaning("Directory for bench.json and bench.html.");

  @Override
  public String name() {
    return "bench";
  }

  @Override
  public String description() {
    return "Measure speed: the machine's limit, the encoder alone, and whole jobs.";
  }

  @Override
  public List<SettingGroup> groups() {
    return List.of(
        new SettingGroup("Measurement", BenchOptions.ALL),
        new SettingGroup("Run", List.of(OUTPUT, JobOptions.VERBOSE)));
  }

  @Override
  public String example() {
    return "--model models/e5-small --rounds 1";
  }

  @Override
  public boolean usesSpark() {
    return false;
  }

  @Override
  public int run(Invocation invocation) {
    Settings settings = invocation.settings();
    requireWritable(OUTPUT, settings, "bench.json");
    requireWritable(BenchOptions.WORK_DIR, settings, "model");
    RunBench action = new RunBench(BenchSettings.of(settings));
    try (TerminalProgress progress = new TerminalProgress(invocation.console())) {
      BenchResult result = action.run(progress).withCommand(command(invocation.words()));
      BenchTable.lines(result).forEach(invocation.console()::print);
      settings.get(OUTPUT).ifPresent(directory -> write(result, directory, invocation.console()));
    }
    return Main.SUCCEEDED;
  }

  private static void requireWritable(
      Setting<Optional<Path>> setting, Settings settings, String file) {
    settings
        .get(setting)
        .ifPresent(
            directory -> {
              SeparateOutput.requireOutsideTables(
                  setting.option(),
                  new org.apache.hadoop.fs.Path(
                      "file", null, directory.toAbsolutePath().toString()),
                  new Configuration());
              JobOptions.requireWritable(setting, directory.resolve(file));
            });
  }

  /** What the user typed, without the launcher option that {@code jobs/bench.sh} adds. */
  private static String command(List<String> words) {
    List<String> typed = new ArrayList<>(words);
    int added = typed.indexOf(BenchOptions.LAUNCHER.option());
    if (added >= 0) {
      typed.subList(added, added + 2).clear();
    }
    return Secrets.hide(("jobs/bench.sh " + String.join(" ", typed)).strip());
  }

  /** Writes the page next to the JSON. */
  private static void write(BenchResult result, Path directory, Console console) {
    try {
      Files.createDirectories(directory);
      Files.writeString(directory.resolve("bench.json"), Json.text(result));
      Files.writeString(directory.resolve("bench.html"), new BenchReport(result).html());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + directory + ": " + e.getMessage(), e);
    }
    console.print("");
    console.line("Results", "%s", directory.resolve("bench.json"));
    console.line("Report", "%s", directory.resolve("bench.html"));
  }
}
