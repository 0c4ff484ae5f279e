package org.sparkgbert.search;

import java.time.Duration;
import java.util.Optional;
import org.sparkgbert.embed.EmbedWork;
import org.sparkgbert.lake.RunInfo;
import org.sparkgbert.lake.WrittenTable;

/**
 * What {@link SearchCorpus} did.
 *
 * @param run the run
 * @param findings what it found; of questions that were given as texts, all answers
 * @param rows rows that were found for all questions
 * @param table the table that was written; empty if none was wanted
 * @param report the page that was written; empty if none was wanted
 * @param work the work of encoding questions
 * @param took wall time, from the start of the action to the published table
 */
public record FoundAnswers(
    RunInfo run,
    SearchFindings findings,
    long rows,
    Optional<WrittenTable> table,
    Optional<String> report,
    EmbedWork work,
    Duration took) {}
