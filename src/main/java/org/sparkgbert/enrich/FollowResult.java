package org.sparkgbert.enrich;

import java.time.Duration;
import org.sparkgbert.embed.EmbedWork;
import org.sparkgbert.model.Bundle;

/**
 * What a run did that followed a corpus.
 *
 * @param location the table
 * @param runId the run
 * @param model the model
 * @param counts numbers of rows and texts
 * @param work the work of encoding
 * @param took wall time
 */
public record FollowResult(
    String location,
    String runId,
    Bundle model,
    FollowCounts counts,
    EmbedWork work,
    Duration took) {}
