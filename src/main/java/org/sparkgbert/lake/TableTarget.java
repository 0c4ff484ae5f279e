package org.sparkgbert.lake;

import java.util.List;

/**
 * A table to write.
 *
 * @param path its directory, or its name where the format has tables with names
 * @param format {@code parquet}, or another of Spark's data sources
 * @param mode what becomes of a table that is already there
 * @param partitionBy columns to partition by, possibly none
 * @param maxFailedShare share of rows that may fail, from 0 to 1; above it nothing is written
 */
public record TableTarget(
    String path, String format, WriteMode mode, List<String> partitionBy, double maxFailedShare) {}
