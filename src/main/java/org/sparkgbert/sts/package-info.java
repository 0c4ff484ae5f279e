/** Scores pairs of sentences by their embeddings, and compares scores with gold scores. */
package org.sparkgbert.sts;
