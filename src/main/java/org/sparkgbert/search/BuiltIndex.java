package org.sparkgbert.search;

import java.time.Duration;
import org.sparkgbert.lake.RunInfo;
import org.sparkgbert.lake.WrittenTable;

/**
 * What {@link BuildIndex} did.
 *
 * @param run the run
 * @param info what the index says of itself
 * @param sampled rows that centroids were trained on
 * @param table the table that was written
 * @param took wall time
 */
public record BuiltIndex(
    RunInfo run, IndexInfo info, int sampled, WrittenTable table, Duration took) {}
