package org.sparkgbert.sts;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.sparkgbert.embed.EmbedWork;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.lake.RunInfo;
import org.sparkgbert.lake.WrittenTable;

/**
 * What {@link ScorePairs} did.
 *
 * @param run the run
 * @param embeddings what made the embeddings, if known
 * @param table the table that was written
 * @param rowsByStatus its numbers of pairs by status
 * @param work the work of encoding
 * @param took wall time, from the start of the action to the published table
 */
public record ScoredPairs(
    RunInfo run,
    Optional<EmbeddingProvenance> embeddings,
    WrittenTable table,
    Map<String, Long> rowsByStatus,
    EmbedWork work,
    Duration took) {}
