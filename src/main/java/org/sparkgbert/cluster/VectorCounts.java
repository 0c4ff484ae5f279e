package org.sparkgbert.cluster;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * What a column of embeddings holds.
 *
 * @param rows rows of the table
 * @param missing rows whose embedding is null or has a null in it
 * @param notFinite rows whose embedding has a NaN or an infinite value
 * @param zero rows whose embedding is zero, which has no direction; 0 where only distances count
 * @param dimension length of the others
 */
@JsonNaming(SnakeCaseStrategy.class)
public record VectorCounts(long rows, long missing, long notFinite, long zero, int dimension) {

  /** Rows that can be clustered. */
  public long usable() {
    return rows - missing - notFinite - zero;
  }
}
