/**
 * Dataset to Dataset with embedding columns: the MLlib transformer, what it computes in a
 * partition, and the encoder that all tasks of an executor share.
 */
package org.sparkgbert.embed;
