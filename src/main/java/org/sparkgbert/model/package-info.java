/**
 * Model bundles: a directory with {@code model.onnx}, {@code tokenizer.json} and a {@code
 * bundle.json} that says what they are; read, verified, and copied to a node. Does not use Spark.
 */
package org.sparkgbert.model;
