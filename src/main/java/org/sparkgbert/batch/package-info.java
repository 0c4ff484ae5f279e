/**
 * Token ids to padded batches: texts of similar length share a batch, and results return to their
 * rows. Plain Java: no Spark, no ONNX Runtime.
 */
package org.sparkgbert.batch;
