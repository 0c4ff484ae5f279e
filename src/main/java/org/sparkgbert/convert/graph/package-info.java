/**
 * ONNX graphs: encoders of fused operators, heads that pool, files written as weights stream in.
 */
package org.sparkgbert.convert.graph;
