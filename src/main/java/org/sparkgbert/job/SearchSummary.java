package org.sparkgbert.job;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;
import org.sparkgbert.files.Secrets;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.lake.RunManifest;
import org.sparkgbert.lake.WrittenTable;
import org.sparkgbert.search.FoundAnswers;
import org.sparkgbert.search.SearchFindings;

/**
 * Summary of a search.
 *
 * @param output the table; null if none was written
 * @param runId the run
 * @param started when it began, ISO 8601 in UTC
 * @param finished when it ended
 * @param input the corpus
 * @param model the model's name; null if it is not known
 * @param report the page; null if none was written
 * @param counts how many there were
 * @param seconds wall time
 */
@JsonNaming(SnakeCaseStrategy.class)
record SearchSummary(
    String output,
    String runId,
    String started,
    String finished,
    RunManifest.Input input,
    String model,
    String report,
    Counts counts,
    double seconds) {
  /**
   * Numbers of rows.
   *
   * @param questions questions
   * @param withoutEmbedding those of them that could not be compared
   * @param answered those for which anything was found
   * @param corpusRows rows of the corpus that were read
   * @param rows rows of the result
   */
  @JsonNaming(SnakeCaseStrategy.class)
  record Counts(long questions, long withoutEmbedding, long answered, long corpusRows, long rows) {}

  static SearchSummary of(FoundAnswers found) {
    SearchFindings findings = found.findings();
    EmbeddingProvenance made = findings.embeddings();
    return new SearchSummary(
        found.table().map(WrittenTable::location).map(Secrets::hide).orElse(null),
        found.run().runId(),
        found.run().started().toString(),
        Instant.now().toString(),
        found.run().input(),
        made == null ? null : made.model(),
        found.report().map(Secrets::hide).orElse(null),
        new Counts(
            findings.questions(),
            findings.withoutEmbedding(),
            findings.answered(),
            findings.corpusRows(),
            found.rows()),
        found.took().toNanos() / 1e9);
  }
}
