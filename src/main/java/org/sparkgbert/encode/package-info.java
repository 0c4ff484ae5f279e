/**
 * Sentences to embeddings {@code [rows, dimension]}, without Spark. {@link
 * org.sparkgbert.encode.SentenceEncoder} is the encoder.
 */
package org.sparkgbert.encode;
