package org.sparkgbert.bench;

import org.sparkgbert.encode.EncoderSettings;
import org.sparkgbert.encode.SentenceEncoder;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.onnx.DeviceSettings;
import org.sparkgbert.tokenize.SentenceTokenizer;
import org.sparkgbert.tokenize.TokenizedText;

/**
 * Counts tokens as a bundle's encoder does.
 *
 * <p><b>Ownership:</b> owns the tokenizer.
 */
public final class TokenCounter implements AutoCloseable {
  private final SentenceTokenizer tokenizer;
  private final int most;

  private TokenCounter(SentenceTokenizer tokenizer, int most) {
    this.tokenizer = tokenizer;
    this.most = most;
  }

  static TokenCounter open(Bundle bundle) {
    EncoderSettings settings = EncoderSettings.on(DeviceSettings.cpu(1));
    int most = SentenceEncoder.maxSeqLength(bundle.manifest(), settings);
    return new TokenCounter(SentenceEncoder.openTokenizer(bundle, settings), most);
  }

  /** Maximum number of tokens per text. */
  int most() {
    return most;
  }

  /**
   * Number of tokens of a text that go through the model; 0 for a text with none but special ones.
   */
  int count(String text) {
    TokenizedText tokenized = tokenizer.tokenize(text);
    return tokenized.isEmpty() ? 0 : Math.min(most, tokenized.tokens());
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
