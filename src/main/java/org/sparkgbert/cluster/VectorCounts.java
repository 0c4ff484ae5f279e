package org.sparkgbert.cluster;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * Counts of what a column of embeddings holds.
 *
 * @param rows number of rows in the table
 * @param missing number of rows whose embedding is null or contains a null
 * @param notFinite number of rows whose embedding has a NaN or an infinite value
 * @param zero number of rows whose embedding is zero, which has no direction; 0 if directions do
 *     not matter
 * @param dimension dimension of the others
 */
@JsonNaming(SnakeCaseStrategy.class)
public record VectorCounts(long rows, long missing, long notFinite, long zero, int dimension) {

  /** Number of rows that can be clustered. */
  public long usable() {
    return rows - missing - notFinite - zero;
  }
}
