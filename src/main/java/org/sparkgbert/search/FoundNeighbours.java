package org.sparkgbert.search;

import java.time.Duration;
import java.util.Optional;
import org.sparkgbert.embed.EmbedWork;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.lake.WrittenTable;

/**
 * What {@link FindNeighbours} did.
 *
 * @param embeddings what made the embeddings, if known
 * @param table the table that was written
 * @param work the work of encoding
 * @param took wall time, from the start of the action to the published table
 */
public record FoundNeighbours(
    Optional<EmbeddingProvenance> embeddings, WrittenTable table, EmbedWork work, Duration took) {}
