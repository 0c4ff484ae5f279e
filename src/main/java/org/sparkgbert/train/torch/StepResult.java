package org.sparkgbert.train.torch;

/**
 * What a step did.
 *
 * @param step number of steps done, this one included
 * @param loss mean of the batches' losses, before the weights moved
 * @param gradientNorm norm of all gradients together, before they were scaled down
 * @param learningRate the learning rate by which weights moved
 * @param tokens number of tokens of both sides, special tokens included, without padding
 */
public record StepResult(
    long step, double loss, double gradientNorm, double learningRate, long tokens) {}
