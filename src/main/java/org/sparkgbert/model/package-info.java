/**
 * Model bundles: a directory with {@code model.onnx}, {@code tokenizer.json} and a {@code
 * bundle.json} that says what they are; read, verified, and copied to a node. No Spark in here.
 */
package org.sparkgbert.model;
