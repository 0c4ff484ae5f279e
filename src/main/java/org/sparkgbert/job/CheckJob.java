package org.sparkgbert.job;

import java.util.List;
import org.sparkgbert.action.Amount;
import org.sparkgbert.check.CheckOptions;
import org.sparkgbert.check.CheckSettings;
import org.sparkgbert.check.CheckTable;
import org.sparkgbert.check.Findings;
import org.sparkgbert.embed.ModelReference;
import org.sparkgbert.settings.SettingGroup;

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
  public List<SettingGroup> groups() {
    return List.of(
        new SettingGroup("Table", CheckOptions.ALL),
        new SettingGroup("Run", List.of(JobOptions.VERBOSE)));
  }

  @Override
  public String example() {
    return "articles_embedded";
  }

  @Override
  public int run(Invocation invocation) {
    CheckSettings settings = CheckSettings.of(invocation.settings());
    // Which model made the table is known too late to ship it.
    String shipped = settings.model().isEmpty() ? ModelReference.DEFAULT : settings.model();
    try (JobSession session = JobSession.open("spark-gbert check", shipped, invocation.console());
        TerminalProgress progress = new TerminalProgress(invocation.console())) {
      Findings findings = new CheckTable(settings).run(session.spark(), progress);
      print(settings.table(), findings, invocation.console());
      return findings.isValid() ? Main.SUCCEEDED : Main.FAILED;
    }
  }

  /** Tables of other formats than Parquet track their own files. */
  private static String files(Findings findings) {
    return findings.files() == 0 ? "" : " in " + Amount.of(findings.files(), "file");
  }

  private static void print(String table, Findings findings, Console console) {
    findings.lines().forEach(console::print);
    findings.notes().forEach(console::print);
    if (findings.isValid()) {
      console.print(
          "Table %s is valid: %s%s, %s encoded again"
              .formatted(
                  table,
                  Amount.of(findings.rows(), "row"),
                  files(findings),
                  Amount.of(findings.sampled(), "row")));
    } else {
      console.print(
          "Table %s has %s".formatted(table, Amount.of(findings.lines().size(), "finding")));
    }
  }
}
