/**
 * Architectures of encoders, one class each: what their {@code config.json} says, the names of
 * their tensors, and how their graph is built.
 */
package org.sparkgbert.convert.encoder;
