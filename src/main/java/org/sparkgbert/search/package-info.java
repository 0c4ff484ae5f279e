/** Exact search for the best partners of each row of a corpus, by matrix products of blocks. */
package org.sparkgbert.search;
