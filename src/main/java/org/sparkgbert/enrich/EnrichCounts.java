package org.sparkgbert.enrich;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * What became of the rows of a table, and of their texts.
 *
 * @param added rows that are new in the table
 * @param changed rows whose text or model changed
 * @param refreshed rows of which only other columns changed
 * @param unchanged rows that are the same
 * @param removed rows that are gone
 * @param kept rows that are gone from the corpus, and stay in the table
 * @param reusedRows rows among those added and changed whose vector was known
 * @param encodedRows rows among those added and changed whose text was encoded
 * @param encodedTexts the same without duplicates: texts that were encoded
 * @param laterRows rows that wait for the next run, because of {@code --max-encode}
 * @param laterTexts the same without duplicates
 */
@JsonNaming(SnakeCaseStrategy.class)
public record EnrichCounts(
    long added,
    long changed,
    long refreshed,
    long unchanged,
    long removed,
    long kept,
    long reusedRows,
    long encodedRows,
    long encodedTexts,
    long laterRows,
    long laterTexts) {}
