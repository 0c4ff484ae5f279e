package org.sparkgbert.cluster;

import java.time.Duration;

/**
 * The result of {@link FindClusters}.
 *
 * @param findings what was found; {@code quality.json} in the directory holds its figures
 * @param clusters the clusters, to which rows can be assigned
 * @param directory where everything was written
 * @param took wall time, from the start of the action to the published directory
 * @param warning what users of this file system should know, empty otherwise
 */
public record FoundClusters(
    ClusterFindings findings,
    FittedClusters clusters,
    String directory,
    Duration took,
    String warning) {}
