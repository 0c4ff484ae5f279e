package org.sparkgbert.enrich;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * What became of rows that arrived.
 *
 * @param batches batches that had rows
 * @param arrived rows that arrived, of feeds images
 * @param added rows that are new in the table
 * @param changed rows whose text or model changed
 * @param refreshed rows of which only other columns changed
 * @param unchanged rows that the table had already
 * @param removed rows that are gone
 * @param reusedRows rows among those added and changed whose vector was known
 * @param encodedRows rows among those added and changed whose text was encoded
 * @param encodedTexts the same without duplicates: texts that were encoded
 * @param failedRows rows whose text could not be encoded
 */
@JsonNaming(SnakeCaseStrategy.class)
public record FollowCounts(
    long batches,
    long arrived,
    long added,
    long changed,
    long refreshed,
    long unchanged,
    long removed,
    long reusedRows,
    long encodedRows,
    long encodedTexts,
    long failedRows) {
  /** Nothing arrived. */
  public static final FollowCounts NONE = new FollowCounts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  /** The sum of both. */
  FollowCounts plus(FollowCounts other) {
    return new FollowCounts(
        batches + other.batches,
        arrived + other.arrived,
        added + other.added,
        changed + other.changed,
        refreshed + other.refreshed,
        unchanged + other.unchanged,
        removed + other.removed,
        reusedRows + other.reusedRows,
        encodedRows + other.encodedRows,
        encodedTexts + other.encodedTexts,
        failedRows + other.failedRows);
  }
}
