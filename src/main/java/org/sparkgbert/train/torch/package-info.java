/**
 * The only package that trains: a BERT encoder on PyTorch, through DJL's arrays. {@link
 * org.sparkgbert.train.torch.EncoderTrainer} owns all native memory; nobody else sees an array of
 * the engine.
 */
package org.sparkgbert.train.torch;
