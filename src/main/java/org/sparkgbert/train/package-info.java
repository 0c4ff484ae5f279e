/**
 * Trains sentence encoders on pairs of sentences, on one machine: reads pairs, keeps their order,
 * evaluates, saves and resumes, and publishes a checkpoint with its bundle. {@code
 * org.sparkgbert.train.torch} does the arithmetic.
 */
package org.sparkgbert.train;
