/**
 * Token ids to padded batches: texts of like length stand together, and results find back to their
 * rows. Plain Java: no Spark, no ONNX Runtime.
 */
package org.sparkgbert.batch;
