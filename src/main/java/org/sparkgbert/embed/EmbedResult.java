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
 * @param rowsByStatus its row counts by status
 * @param takenOver how many rows have vectors that an interrupted run had finished
 * @param work the work of encoding
 * @param took wall time, from the start of the action to the published table
 */
public record EmbedResult(
    Bundle model,
    WrittenTable table,
    Map<String, Long> rowsByStatus,
    long takenOver,
    EmbedWork work,
    Duration took) {}
