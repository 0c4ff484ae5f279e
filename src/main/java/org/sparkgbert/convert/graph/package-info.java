/**
 * ONNX graphs: encoders made of fused operators, heads that pool, files that are written as weights
 * stream in.
 */
package org.sparkgbert.convert.graph;
