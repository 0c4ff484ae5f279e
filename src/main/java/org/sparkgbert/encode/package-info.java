/**
 * Batches to embeddings {@code [rows, dimension]}; owns the ONNX Runtime session. {@link
 * org.sparkgbert.encode.SentenceEncoder} is the encoder without Spark.
 */
package org.sparkgbert.encode;
