package org.sparkgbert.convert;

import java.util.List;
import java.util.Optional;
import org.sparkgbert.convert.graph.Encoder;
import org.sparkgbert.convert.graph.Head;

/**
 * What a checkpoint's files say about a sentence encoder, without the encoder's weights.
 *
 * @param encoder the encoder
 * @param head what follows it
 * @param transformer the directory of the encoder's files
 * @param maxSeqLength maximum number of tokens per text, special tokens included
 * @param lowerCase whether texts are lower-cased before the tokenizer sees them
 * @param prompt text put before each sentence
 * @param queryPrompt text put before a question in a search, empty if there is none
 * @param includePrompt whether the prompt's tokens are pooled
 * @param licence the licence as declared, empty if there is none
 * @param matryoshka lengths of beginnings of vectors that the model was trained for; empty if its
 *     files say nothing of that
 * @param notes defaults that were used since no file says otherwise, for the output and the
 *     manifest
 */
record SentenceModel(
    Encoder encoder,
    Head head,
    CheckpointFiles transformer,
    int maxSeqLength,
    boolean lowerCase,
    String prompt,
    String queryPrompt,
    boolean includePrompt,
    String licence,
    Optional<List<Integer>> matryoshka,
    List<String> notes) {}
