/**
 * Search of embeddings: exact, by matrix products of blocks, or in a part of the rows by an index.
 */
package org.sparkgbert.search;
