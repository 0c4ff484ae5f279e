package org.sparkgbert.bench;

/**
 * A text and its length.
 *
 * @param text what is encoded
 * @param tokens tokens that go through the model, special tokens and prompt included; at least 1
 */
public record CountedText(String text, int tokens) {}
