package org.sparkgbert.job;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.sparkgbert.action.Amount;
import org.sparkgbert.enrich.EnrichCounts;
import org.sparkgbert.enrich.EnrichPlan;
import org.sparkgbert.enrich.EnrichResult;
import org.sparkgbert.files.Secrets;

/**
 * Summary of an enrichment.
 *
 * @param runId the run
 * @param output the table
 * @param dryRun whether only the plan was wanted
 * @param published whether the table was written; it is not if nothing changed
 * @param model the model's name
 * @param revision its revision
 * @param bundleChecksum SHA-256 of the bundle's manifest
 * @param counts what became of rows and texts
 * @param plan what the run costs
 * @param sources where vectors were looked up
 * @param rowsByStatus rows of the table by status; empty if it was not written
 * @param rows rows of the table; 0 if it was not written
 * @param files its files
 * @param bytes their length
 * @param tokens tokens that went through the model, without padding
 * @param seconds wall time
 * @param warning a warning to the user, empty if there is none
 */
@JsonNaming(SnakeCaseStrategy.class)
record EnrichSummary(
    String runId,
    String output,
    boolean dryRun,
    boolean published,
    String model,
    String revision,
    String bundleChecksum,
    EnrichCounts counts,
    EnrichPlan plan,
    List<String> sources,
    Map<String, Long> rowsByStatus,
    long rows,
    int files,
    long bytes,
    long tokens,
    double seconds,
    String warning) {

  static EnrichSummary of(EnrichResult result, boolean dryRun) {
    return new EnrichSummary(
        result.runId(),
        Secrets.hide(result.location()),
        dryRun,
        result.written().isPresent(),
        result.model().manifest().name(),
        result.model().manifest().revision(),
        result.model().checksum(),
        result.counts(),
        result.plan(),
        result.sources().stream().map(Secrets::hide).toList(),
        result.rowsByStatus(),
        result.written().map(table -> table.rows()).orElse(0L),
        result.written().map(table -> table.files()).orElse(0),
        result.written().map(table -> table.bytes()).orElse(0L),
        result.work().encoding().tokens(),
        result.took().toNanos() / 1e9,
        result.written().map(table -> table.warning()).orElse(""));
  }

  /** Prints it, and writes it as JSON if requested. */
  void report(Job.Invocation invocation) {
    print(invocation.console());
    JobOptions.writeSummary(this, invocation.settings());
  }

  private void print(Console console) {
    console.line("Table", "%s%s", output, state());
    console.line("Model", "%s, revision %s", model, revision);
    console.line(
        "Rows",
        "%,d added, %,d changed, %,d refreshed, %,d unchanged, %,d removed%s",
        counts.added(),
        counts.changed(),
        counts.refreshed(),
        counts.unchanged(),
        counts.removed(),
        counts.kept() > 0 ? ", %,d kept".formatted(counts.kept()) : "");
    console.line(
        "Vectors",
        "%,d reused, %,d %s: %s",
        counts.reusedRows(),
        counts.encodedRows(),
        dryRun ? "to encode" : "encoded",
        Amount.of(counts.encodedTexts(), "distinct text"));
    if (counts.laterTexts() > 0) {
      console.line(
          "Later",
          "%,d rows wait for the next run: %s",
          counts.laterRows(),
          Amount.of(counts.laterTexts(), "distinct text"));
    }
    if (dryRun) {
      printPlan(console);
    }
    console.line("Time", "%s", time(seconds));
    if (!warning.isEmpty()) {
      console.line("Warning", "%s", warning);
    }
  }

  private String state() {
    if (dryRun) {
      return ", dry run: nothing is written";
    }
    if (!published) {
      return ", not written";
    }
    // Table formats track their own files.
    return files == 0
        ? " (%s)".formatted(Amount.of(rows, "row"))
        : " (%s, %s, %s)"
            .formatted(Amount.of(rows, "row"), Amount.of(files, "file"), Amount.bytes(bytes));
  }

  private void printPlan(Console console) {
    double encoding = plan.seconds(counts.encodedTexts());
    console.line(
        "Plan",
        "%.1f tokens per text, %s, %s replaced",
        plan.tokensPerText(),
        encoding > 0 ? "about " + time(encoding) + " of encoding" : "no rate of an earlier run",
        Amount.bytes(plan.bytesReplaced()));
  }

  private static String time(double seconds) {
    return Amount.time(Duration.ofMillis(Math.round(1e3 * seconds)));
  }
}
