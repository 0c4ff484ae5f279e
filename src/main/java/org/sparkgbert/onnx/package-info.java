/**
 * The only package that runs ONNX Runtime: sessions and their devices, the one thread of a CUDA
 * session, matrix products, and the nodes of graphs. {@link org.sparkgbert.onnx.BlockProduct}
 * multiplies blocks of embeddings.
 */
package org.sparkgbert.onnx;
