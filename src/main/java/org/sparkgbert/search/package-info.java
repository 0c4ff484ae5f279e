/** The best neighbours of each row of a corpus, exactly, by blocks of matrix products. */
package org.sparkgbert.search;
