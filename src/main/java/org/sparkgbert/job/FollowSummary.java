package org.sparkgbert.job;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Duration;
import org.sparkgbert.action.Amount;
import org.sparkgbert.enrich.FollowCounts;
import org.sparkgbert.enrich.FollowResult;
import org.sparkgbert.files.Secrets;

/**
 * Summary of a run that followed a corpus.
 *
 * @param runId the run
 * @param output the table
 * @param model the model's name
 * @param revision its revision
 * @param bundleChecksum SHA-256 of the bundle's manifest
 * @param counts what became of rows and texts
 * @param tokens tokens that went through the model, without padding
 * @param seconds wall time
 */
@JsonNaming(SnakeCaseStrategy.class)
record FollowSummary(
    String runId,
    String output,
    String model,
    String revision,
    String bundleChecksum,
    @JsonUnwrapped FollowCounts counts,
    long tokens,
    double seconds) {

  static FollowSummary of(FollowResult result) {
    return new FollowSummary(
        result.runId(),
        Secrets.hide(result.location()),
        result.model().manifest().name(),
        result.model().manifest().revision(),
        result.model().checksum(),
        result.counts(),
        result.work().encoding().tokens(),
        result.took().toNanos() / 1e9);
  }

  /** Prints it, and writes it as JSON if requested. */
  void report(Job.Invocation invocation) {
    print(invocation.console());
    JobOptions.writeSummary(this, invocation.settings());
  }

  private void print(Console console) {
    console.line("Table", "%s", output);
    console.line("Model", "%s, revision %s", model, revision);
    console.line(
        "Rows",
        "%,d arrived, batches: %,d; %,d added, %,d changed, %,d refreshed, %,d unchanged, %,d removed",
        counts.arrived(),
        counts.batches(),
        counts.added(),
        counts.changed(),
        counts.refreshed(),
        counts.unchanged(),
        counts.removed());
    console.line(
        "Vectors",
        "%,d reused, %,d encoded: %s%s",
        counts.reusedRows(),
        counts.encodedRows(),
        Amount.of(counts.encodedTexts(), "distinct text"),
        counts.failedRows() > 0 ? "; %,d rows failed".formatted(counts.failedRows()) : "");
    console.line("Time", "%s", Amount.time(Duration.ofMillis(Math.round(1e3 * seconds))));
  }
}
