/**
 * Architectures of encoders, one class each: what their {@code config.json} says, how their tensors
 * are called, and how their graph is built.
 */
package org.sparkgbert.convert.encoder;
