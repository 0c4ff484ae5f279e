package org.sparkgbert.job;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.sparkgbert.action.Amount;
import org.sparkgbert.embed.EmbedResult;
import org.sparkgbert.embed.EmbedWork;
import org.sparkgbert.embed.ExecutorUse;
import org.sparkgbert.embed.WorkSpan;
import org.sparkgbert.encode.EncodingWork;
import org.sparkgbert.encode.StageNanos;
import org.sparkgbert.files.Secrets;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.lake.RunManifest;
import org.sparkgbert.lake.WrittenTable;
import org.sparkgbert.model.BundleManifest;
import org.sparkgbert.search.FoundNeighbours;
import org.sparkgbert.sts.ScoredPairs;

/**
 * Summary of a run.
 *
 * @param output the table
 * @param runId the run
 * @param started when it began to write, ISO 8601 in UTC
 * @param finished when the table was published
 * @param input where its rows came from
 * @param model the model's name
 * @param revision its revision
 * @param bundleChecksum SHA-256 of the bundle's manifest
 * @param description what users should know about the model
 * @param rows number of rows in the table
 * @param rowsByStatus the same by status
 * @param takenOver number of rows with vectors that an interrupted run had finished
 * @param distinctTexts number of texts that went through the model, each once in a window
 * @param tokens number of tokens that went through the model, without padding
 * @param paddingShare share of computed tokens that were padding, from 0 to 1
 * @param seconds wall time, from the start of the job to the published table
 * @param rowsPerSecond rows per second of wall time
 * @param tokensPerSecond tokens per second of wall time
 * @param firstBatchAt when the first batch was passed to the model, ISO 8601; null if none was
 * @param lastRowAt when the last row was written, before files were checked and published; likewise
 * @param taskSeconds time of tasks by activity, in seconds of one thread
 * @param executors what each executor ran on
 * @param files data files
 * @param bytes their length
 * @param warning a warning to the user, empty if there is none
 */
@JsonNaming(SnakeCaseStrategy.class)
record Summary(
    String output,
    String runId,
    String started,
    String finished,
    RunManifest.Input input,
    String model,
    String revision,
    String bundleChecksum,
    String description,
    long rows,
    Map<String, Long> rowsByStatus,
    long takenOver,
    long distinctTexts,
    long tokens,
    double paddingShare,
    double seconds,
    double rowsPerSecond,
    double tokensPerSecond,
    String firstBatchAt,
    String lastRowAt,
    TaskSeconds taskSeconds,
    List<ExecutorUse> executors,
    int files,
    long bytes,
    String warning) {

  /** Seconds of tasks, of one thread each. */
  record TaskSeconds(
      double reading,
      double tokenizing,
      double batching,
      double running,
      double copying,
      double writing) {
    private static TaskSeconds of(EmbedWork work) {
      StageNanos encoding = work.encoding().nanos();
      return new TaskSeconds(
          work.readNanos() / 1e9,
          encoding.tokenize() / 1e9,
          encoding.batch() / 1e9,
          encoding.run() / 1e9,
          encoding.copy() / 1e9,
          work.writeNanos() / 1e9);
    }
  }

  /** Summary of embedding a corpus. */
  static Summary of(EmbedResult result) {
    BundleManifest model = result.model().manifest();
    return of(
        new Made(model.name(), model.revision(), result.model().checksum(), model.description()),
        result.table(),
        result.rowsByStatus(),
        result.takenOver(),
        result.work(),
        result.took());
  }

  /** Summary of scoring pairs. */
  static Summary of(ScoredPairs result) {
    return of(
        Made.of(result.embeddings()),
        result.table(),
        result.rowsByStatus(),
        0,
        result.work(),
        result.took());
  }

  /** Summary of finding neighbours. */
  static Summary of(FoundNeighbours result) {
    return of(
        Made.of(result.embeddings()), result.table(), Map.of(), 0, result.work(), result.took());
  }

  /** What made embeddings. */
  private record Made(String model, String revision, String bundleChecksum, String description) {
    private static final Made UNKNOWN = new Made("unknown", "unknown", "unknown", "");

    private static Made of(Optional<EmbeddingProvenance> embeddings) {
      return embeddings
          .map(by -> new Made(by.model(), by.revision(), by.bundleChecksum(), ""))
          .orElse(UNKNOWN);
    }
  }

  private static Summary of(
      Made made,
      WrittenTable table,
      Map<String, Long> rowsByStatus,
      long takenOver,
      EmbedWork work,
      Duration took) {
    double seconds = took.toNanos() / 1e9;
    EncodingWork encoding = work.encoding();
    return new Summary(
        Secrets.hide(table.location()),
        table.run().runId(),
        table.run().started().toString(),
        Instant.now().toString(),
        table.run().input(),
        made.model(),
        made.revision(),
        made.bundleChecksum(),
        made.description(),
        table.rows(),
        rowsByStatus,
        takenOver,
        encoding.distinctTexts(),
        encoding.tokens(),
        encoding.paddingShare(),
        seconds,
        table.rows() / seconds,
        encoding.tokens() / seconds,
        instant(work.span(), work.span().firstBatchAt()),
        instant(work.span(), work.span().lastRowAt()),
        TaskSeconds.of(work),
        List.copyOf(work.executors().values()),
        table.files(),
        table.bytes(),
        table.warning());
  }

  private static String instant(WorkSpan span, long millis) {
    return span.isKnown() ? Instant.ofEpochMilli(millis).toString() : null;
  }

  /** Prints it for a person. */
  void print(Console console) {
    console.line("Table", "%s%s", output, size());
    console.line("Model", "%s, revision %s", model, revision);
    if (!description.isEmpty()) {
      console.line("", "%s", description);
    }
    console.line("Bundle", "sha256 %s", bundleChecksum);
    console.line("Rows", "%,d%s", rows, statuses());
    if (takenOver > 0) {
      console.line("Resumed", "%s taken over from an interrupted run", Amount.of(takenOver, "row"));
    }
    if (distinctTexts > 0) {
      printEncoding(console);
    } else {
      console.line("Time", "%s, %s rows/s", time(seconds), Amount.rate(rowsPerSecond));
    }
    for (ExecutorUse use : executors) {
      console.line(
          "Executor",
          "%s on %s: %s, sessions: %d%s",
          use.executor(),
          use.host(),
          use.device(),
          use.sessions(),
          use.note().isEmpty() ? "" : " (" + use.note() + ")");
    }
    if (!warning.isEmpty()) {
      console.line("Warning", "%s", warning);
    }
  }

  private void printEncoding(Console console) {
    console.line(
        "Work",
        "%s, %s, %.1f %% padding",
        Amount.of(distinctTexts, "distinct text"),
        Amount.of(tokens, "token"),
        100 * paddingShare);
    console.line(
        "Time",
        "%s, %s rows/s, %s tokens/s",
        time(seconds),
        Amount.rate(rowsPerSecond),
        Amount.rate(tokensPerSecond));
    console.line(
        "Task time",
        "reading %s, tokenizing %s, encoding %s, writing %s",
        time(taskSeconds.reading),
        time(taskSeconds.tokenizing),
        time(taskSeconds.batching + taskSeconds.running + taskSeconds.copying),
        time(taskSeconds.writing));
  }

  private static String time(double seconds) {
    return Amount.time(Duration.ofMillis(Math.round(1e3 * seconds)));
  }

  /** Table formats track their own files. */
  private String size() {
    return files == 0 ? "" : " (%s, %s)".formatted(Amount.of(files, "file"), Amount.bytes(bytes));
  }

  private String statuses() {
    return rowsByStatus.isEmpty()
        ? ""
        : ": "
            + String.join(
                ", ",
                rowsByStatus.entrySet().stream()
                    .map(
                        entry ->
                            String.format(Locale.ROOT, "%s %,d", entry.getKey(), entry.getValue()))
                    .toList());
  }

  /** Prints it, and writes it as JSON if requested. */
  void report(Job.Invocation invocation) {
    print(invocation.console());
    JobOptions.writeSummary(this, invocation.settings());
  }
}
