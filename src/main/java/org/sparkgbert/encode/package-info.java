/**
 * Batches to embeddings {@code [rows, dimension]}; owns the ONNX Runtime sessions. {@link
 * org.sparkgbert.encode.SentenceEncoder} is the encoder without Spark, {@link
 * org.sparkgbert.encode.BlockProduct} multiplies blocks of embeddings.
 */
package org.sparkgbert.encode;
