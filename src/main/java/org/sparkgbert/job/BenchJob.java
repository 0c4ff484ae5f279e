package org.sparkgbert.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.sparkgbert.bench.Bench;
import org.sparkgbert.bench.BenchModel;
import org.sparkgbert.bench.BenchResult;
import org.sparkgbert.bench.BenchSettings;
import org.sparkgbert.bench.BenchTable;
import org.sparkgbert.bench.Machines;
import org.sparkgbert.bench.TextChoice;
import org.sparkgbert.files.Directories;
import org.sparkgbert.files.Json;
import org.sparkgbert.model.Version;
import org.sparkgbert.report.BenchReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Measures models against the machine's limit and each other. */
@Command(
    name = "bench",
    description = "Measure speed: the machine's limit, the encoder alone, and whole jobs.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true)
final class BenchJob implements Callable<Integer> {
  private final Console console;

  @Mixin private BenchOptions options;

  @Spec private CommandSpec spec;

  BenchJob(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    Path scratch = Files.createTempDirectory("spark-gbert-bench");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> cleanUp(scratch)));
    try {
      options.requireWritable();
      BenchSettings settings = options.settings(scratch);
      TextChoice texts = options.textChoice();
      Path kept = options.workDir == null ? scratch : Files.createDirectories(options.workDir);
      List<BenchModel> models = new BenchModels(kept, console).open(options);
      Bench.Measured measured = Bench.run(models, texts, settings, console::note);
      report(result(measured));
    } finally {
      Directories.delete(scratch);
    }
    return Main.SUCCEEDED;
  }

  /** Also of a bench that is interrupted; its job would otherwise go on alone. */
  private static void cleanUp(Path scratch) {
    try (Stream<ProcessHandle> jobs = ProcessHandle.current().descendants()) {
      jobs.forEach(ProcessHandle::destroyForcibly);
      Directories.delete(scratch);
    } catch (IOException e) {
      // What is left lies in the directory for temporary files.
    }
  }

  private BenchResult result(Bench.Measured measured) {
    String spark = options.skipJob ? "" : org.apache.spark.package$.MODULE$.SPARK_VERSION();
    return new BenchResult(
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        command(),
        Version.CURRENT,
        Machines.here(measured.device(), spark),
        options.rounds,
        measured.candidates(),
        measured.comparisons());
  }

  /** What the user typed; the launcher added where the other one is. */
  private String command() {
    List<String> words = new ArrayList<>(spec.commandLine().getParseResult().originalArgs());
    words.remove(spec.name());
    int added = words.indexOf("--launcher");
    if (added >= 0) {
      words.subList(added, added + 2).clear();
    }
    return ("jobs/bench.sh " + String.join(" ", words)).strip();
  }

  private void report(BenchResult result) {
    BenchTable.lines(result).forEach(console::print);
    if (options.output != null) {
      write(result, options.output);
    }
  }

  /** The page goes beside the JSON. */
  private void write(BenchResult result, Path directory) {
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
