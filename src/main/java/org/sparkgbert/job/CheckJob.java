package org.sparkgbert.job;

import java.util.concurrent.Callable;
import org.sparkgbert.check.TableCheck;
import org.sparkgbert.embed.ModelReference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Verifies a finished table: one line a finding, and an exit code. */
@Command(
    name = "check",
    description =
        "Verify a finished table: manifest, files, page checksums, rows, values; and encode a"
            + " sample again.",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true)
final class CheckJob implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "TABLE", description = "Directory of the table.")
  private String table;

  @Option(
      names = "--model",
      defaultValue = "",
      paramLabel = "BUNDLE",
      description = "Where the model is, if not where the run found it.")
  private String model;

  @Option(
      names = "--sample",
      defaultValue = "32",
      paramLabel = "N",
      description = "Rows to encode again, 0 for none (default: ${DEFAULT-VALUE}).")
  private int sample;

  @Option(names = "--verbose", description = "Show stack traces.")
  boolean verbose;

  CheckJob(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (sample < 0) {
      throw new IllegalArgumentException(
          "Cannot check: --sample must be at least 0, found " + sample);
    }
    // Which model made the table is known too late for it to travel.
    String shipped = model.isEmpty() ? ModelReference.DEFAULT : model;
    try (JobSession session = JobSession.open("spark-gbert check", shipped)) {
      TableCheck.Result result = TableCheck.check(session.spark(), table, model, sample);
      result.findings().forEach(console::print);
      if (!result.findings().isEmpty()) {
        int findings = result.findings().size();
        console.print(
            "Table %s has %d finding%s".formatted(table, findings, findings == 1 ? "" : "s"));
        return Main.FAILED;
      }
      console.print(
          "Table %s is sound: %,d rows in %d files, %d rows encoded again"
              .formatted(table, result.rows(), result.files(), result.sampled()));
      return Main.SUCCEEDED;
    }
  }
}
