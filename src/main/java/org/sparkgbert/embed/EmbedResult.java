package org.sparkgbert.embed;

import java.time.Duration;
import java.util.Map;
import org.sparkgbert.lake.WrittenTable;
import org.sparkgbert.model.Bundle;

/**
 * What {@link EmbedCorpus} did.
 *
 * @param model the model
 * @param table the table that was written
 * @param rowsByStatus its counts of rows by status
 * @param work what encoding took
 * @param took wall time, from the start of the action to the published table
 */
public record EmbedResult(
    Bundle model,
    WrittenTable table,
    Map<String, Long> rowsByStatus,
    EmbedWork work,
    Duration took) {}
