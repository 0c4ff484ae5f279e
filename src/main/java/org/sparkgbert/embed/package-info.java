/**
 * Dataset to Dataset with embedding columns: the MLlib transformer, its mapPartitions function, and
 * the encoder that all tasks of an executor share.
 */
package org.sparkgbert.embed;
