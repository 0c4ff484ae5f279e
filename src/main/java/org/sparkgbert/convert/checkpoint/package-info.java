/**
 * The weights of Hugging Face checkpoints, read purely as data: no code of a checkpoint ever runs.
 * {@link org.sparkgbert.convert.checkpoint.WeightFiles} is the entry point.
 */
package org.sparkgbert.convert.checkpoint;
