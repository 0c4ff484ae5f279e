package org.sparkgbert.encode;

import java.util.ArrayList;
import java.util.List;
import org.sparkgbert.tokenize.SentenceTokenizer;
import org.sparkgbert.tokenize.TokenizedText;

/**
 * Texts of a window with their sequences, and the way back from sequences to texts.
 *
 * @param texts for each text its tokens, null if the tokenizer failed
 * @param errors for each text why the tokenizer failed, null if it did not
 * @param sequences the sequences of all texts, one text after the other
 */
record TokenizedTexts(List<TokenizedText> texts, String[] errors, List<long[]> sequences) {
  private static final TokenizedText NO_TEXT = new TokenizedText(0, false, List.of(), new int[0]);

  static TokenizedTexts of(List<String> texts, SentenceTokenizer tokenizer) {
    List<TokenizedText> tokenized = new ArrayList<>(texts.size());
    String[] errors = new String[texts.size()];
    List<long[]> sequences = new ArrayList<>(texts.size());
    for (int i = 0; i < errors.length; i++) {
      TokenizedText text = NO_TEXT;
      try {
        text = texts.get(i) == null ? NO_TEXT : tokenizer.tokenize(texts.get(i));
      } catch (RuntimeException e) {
        errors[i] = "Cannot tokenize: " + e.getMessage();
      }
      tokenized.add(text);
      sequences.addAll(text.sequences());
    }
    return new TokenizedTexts(tokenized, errors, sequences);
  }

  /** How many texts have sequences: null and blank ones have none. */
  long encoded() {
    return texts.stream().filter(text -> !text.isEmpty()).count();
  }

  /** Tokens of all sequences. */
  long sequenceTokens() {
    return sequences.stream().mapToLong(ids -> ids.length).sum();
  }

  /**
   * Assembles sequences into texts.
   *
   * @param form what is done with the model's vectors
   */
  List<EncodedText> assemble(SequenceEncoder.Result result, VectorForm form) {
    List<EncodedText> encoded = new ArrayList<>(texts.size());
    int sequence = 0;
    for (int i = 0; i < errors.length; i++) {
      TokenizedText text = texts.get(i);
      int from = sequence;
      sequence += text.sequences().size();
      encoded.add(
          errors[i] == null
              ? assemble(text, from, result, form)
              : EncodedText.failed(text.tokens(), errors[i]));
    }
    return encoded;
  }

  private static EncodedText assemble(
      TokenizedText text, int from, SequenceEncoder.Result result, VectorForm form) {
    if (text.isEmpty()) {
      return EncodedText.empty(text.tokens());
    }
    for (int i = from; i < from + text.sequences().size(); i++) {
      if (result.errors()[i] != null) {
        return EncodedText.failed(text.tokens(), result.errors()[i]);
      }
    }
    float[] embedding = embedding(text, from, result, form);
    for (float value : embedding) {
      if (!Float.isFinite(value)) {
        return EncodedText.failed(
            text.tokens(),
            "Cannot encode: the model returned a value that is not finite, " + value);
      }
    }
    EmbeddingStatus status = text.truncated() ? EmbeddingStatus.TRUNCATED : EmbeddingStatus.OK;
    return new EncodedText(status, embedding, text.tokens(), null);
  }

  private static float[] embedding(
      TokenizedText text, int from, SequenceEncoder.Result result, VectorForm form) {
    int length = result.dimension();
    int start = from * length;
    float[] all = result.embeddings();
    return text.sequences().size() == 1
        ? form.of(all, start, length)
        : form.of(
            WeightedMean.of(all, start, text.contentTokens(), length, form.modelNormalizes()),
            0,
            length);
  }
}
