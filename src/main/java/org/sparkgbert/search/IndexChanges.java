package org.sparkgbert.search;

/**
 * What became of the rows of an index.
 *
 * @param added rows that are new in the index
 * @param changed rows of which a column changed, perhaps the embedding
 * @param unchanged rows that are the same
 * @param removed rows whose id is gone from the corpus
 * @param cellsWritten cells, that of rows without a usable embedding among them, whose rows were
 *     written again
 */
public record IndexChanges(
    long added, long changed, long unchanged, long removed, int cellsWritten) {}
