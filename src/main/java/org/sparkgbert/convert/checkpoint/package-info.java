/**
 * The weights of Hugging Face checkpoints, read as files of numbers: no code of a checkpoint ever
 * runs. {@link org.sparkgbert.convert.checkpoint.WeightFiles} is the way in.
 */
package org.sparkgbert.convert.checkpoint;
