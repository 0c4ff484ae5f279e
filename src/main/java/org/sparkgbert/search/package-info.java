/** Exact search for the best neighbours of each row of a corpus, by matrix products of blocks. */
package org.sparkgbert.search;
