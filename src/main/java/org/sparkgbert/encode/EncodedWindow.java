package org.sparkgbert.encode;

import java.util.List;

/**
 * The embeddings of a window of texts.
 *
 * @param texts one entry per text, in the order of the texts
 * @param work what was done for them
 */
public record EncodedWindow(List<EncodedText> texts, EncodingWork work) {}
