package org.sparkgbert.enrich;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sparkgbert.embed.EmbedTally;
import org.sparkgbert.lake.RunInfo;
import org.sparkgbert.lake.StatusCounts;
import org.sparkgbert.lake.WrittenTable;

/**
 * What a run of {@link EnrichTable} has done so far.
 *
 * <p><b>Threads:</b> for the run's thread.
 */
final class EnrichTableTally {
  private final long start = System.nanoTime();
  private final EmbedTally work;
  private long rows;
  private long compared;
  private long unchanged;
  private WantedRows.Counts wanted = new WantedRows.Counts(0, 0, 0);
  private long encodedRows;
  private long encodedTexts;
  private long laterRows;
  private long laterTexts;
  private EnrichPlan plan = new EnrichPlan(0, 0, 0);
  private Optional<WrittenTable> written = Optional.empty();
  private Map<String, Long> rowsByStatus = Map.of();
  private List<String> sources = List.of();

  EnrichTableTally(EmbedTally work) {
    this.work = work;
  }

  /**
   * @param all rows of the table
   */
  void rows(long all) {
    rows = all;
  }

  /**
   * @param all rows that were read
   * @param same of these, rows that need nothing
   */
  void compared(long all, long same) {
    compared = all;
    unchanged = same;
  }

  void wanted(WantedRows.Counts counts) {
    wanted = counts;
  }

  void texts(MissingTexts missing, List<KnownVectors> known, EnrichPlan cost) {
    encodedRows = missing.rows();
    encodedTexts = missing.texts();
    laterRows = missing.laterRows();
    laterTexts = missing.count() - missing.texts();
    sources = known.stream().map(KnownVectors::name).toList();
    plan = cost;
  }

  /**
   * @param overtaken rows that did not get their values, since others changed them meanwhile
   */
  void written(String name, RunInfo run, StatusCounts counts, String status, long overtaken) {
    rows = counts.rows();
    rowsByStatus = counts.byColumn().get(status);
    String warning =
        overtaken == 0
            ? ""
            : "%,d rows were changed or deleted by others meanwhile; the next run sees to them"
                .formatted(overtaken);
    written = Optional.of(new WrittenTable(name, run, rows, counts.byColumn(), 0, 0, warning));
  }

  long rows() {
    return rows;
  }

  long compared() {
    return compared;
  }

  long changed() {
    return compared - unchanged;
  }

  /** Rows that need the vector of a text. */
  long withText() {
    return wanted.withText();
  }

  EnrichResult result(RunModel model, TableInPlace table, RunInfo run) {
    return new EnrichResult(
        run.runId(),
        table.table().name(),
        model.bundle(),
        new EnrichCounts(
            wanted.added(),
            compared - unchanged - wanted.added(),
            0,
            unchanged,
            0,
            0,
            wanted.withText() - encodedRows - laterRows,
            encodedRows,
            encodedTexts,
            laterRows,
            laterTexts),
        plan,
        written,
        rowsByStatus,
        sources,
        work.value(),
        Duration.ofNanos(System.nanoTime() - start));
  }
}
