package org.sparkgbert.enrich;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sparkgbert.embed.EmbedWork;
import org.sparkgbert.lake.WrittenTable;
import org.sparkgbert.model.Bundle;

/**
 * What an enrichment did, or would do.
 *
 * @param runId the run
 * @param location the table
 * @param model the model
 * @param counts numbers of rows and texts
 * @param plan what it cost, or would cost
 * @param written the table that was published; empty if nothing changed, or only the plan was
 *     wanted
 * @param rowsByStatus numbers of rows of the table by status; empty if it was not written
 * @param sources where vectors were looked up
 * @param work the work of encoding
 * @param took wall time
 */
public record EnrichResult(
    String runId,
    String location,
    Bundle model,
    EnrichCounts counts,
    EnrichPlan plan,
    Optional<WrittenTable> written,
    Map<String, Long> rowsByStatus,
    List<String> sources,
    EmbedWork work,
    Duration took) {}
