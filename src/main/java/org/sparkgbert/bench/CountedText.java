package org.sparkgbert.bench;

/**
 * A text and its length.
 *
 * @param text the text to encode
 * @param tokens number of tokens that go through the model, special tokens and prompt included; at
 *     least 1
 */
public record CountedText(String text, int tokens) {}
