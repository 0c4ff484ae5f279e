package org.sparkgbert.job;

import java.util.List;
import org.sparkgbert.check.CheckOptions;
import org.sparkgbert.check.CheckSettings;
import org.sparkgbert.check.CheckTable;
import org.sparkgbert.check.Findings;
import org.sparkgbert.embed.ModelReference;
import org.sparkgbert.settings.Setting;

/** Verifies a finished table: one line per finding, and an exit code. */
final class CheckJob implements Job {
  @Override
  public String name() {
    return "check";
  }

  @Override
  public String description() {
    return "Verify a finished table: manifest, files, page checksums, rows, values; and encode a"
        + " sample again.";
  }

  @Override
  public List<Setting<?>> settings() {
    return Setting.all(CheckOptions.ALL, List.of(JobOptions.VERBOSE));
  }

  @Override
  public int run(Invocation invocation) {
    CheckSettings settings = CheckSettings.of(invocation.settings());
    // Which model made the table is known too late to ship it.
    String shipped = settings.model().isEmpty() ? ModelReference.DEFAULT : settings.model();
    try (JobSession session = JobSession.open("spark-gbert check", shipped);
        TerminalProgress progress = new TerminalProgress(invocation.console())) {
      Findings findings = new CheckTable(settings).run(session.spark(), progress);
      print(settings.table(), findings, invocation.console());
      return findings.isValid() ? Main.SUCCEEDED : Main.FAILED;
    }
  }

  private static void print(String table, Findings findings, Console console) {
    findings.lines().forEach(console::print);
    if (findings.isValid()) {
      console.print(
          "Table %s is valid: %,d rows in %d files, %d rows encoded again"
              .formatted(table, findings.rows(), findings.files(), findings.sampled()));
    } else {
      int count = findings.lines().size();
      console.print("Table %s has %d finding%s".formatted(table, count, count == 1 ? "" : "s"));
    }
  }
}
