package org.sparkgbert.search;

import java.time.Duration;
import java.util.Optional;
import org.sparkgbert.lake.RunInfo;
import org.sparkgbert.lake.WrittenTable;

/**
 * What {@link UpdateIndex} did.
 *
 * @param run the run
 * @param location where the index is
 * @param info what it says of itself
 * @param changes what became of its rows
 * @param table what was written; empty if nothing changed
 * @param took wall time
 */
public record UpdatedIndex(
    RunInfo run,
    String location,
    IndexInfo info,
    IndexChanges changes,
    Optional<WrittenTable> table,
    Duration took) {}
