package org.sparkgbert.encode;

import org.sparkgbert.TinyModel;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.onnx.BatchRunner;
import org.sparkgbert.onnx.Device;
import org.sparkgbert.onnx.Sessions;
import org.sparkgbert.tokenize.LongText;
import org.sparkgbert.tokenize.SentenceTokenizer;

/** Encoders for tests. */
public final class Encoders {
  private Encoders() {}

  /** The tiny model with {@link TinyModel#settings}. */
  public static SentenceEncoder tiny() {
    return tiny(TinyModel.settings());
  }

  /** The tiny model. */
  public static SentenceEncoder tiny(EncoderSettings settings) {
    return SentenceEncoder.open(Bundle.open(TinyModel.DIRECTORY), settings);
  }

  /** The tiny tokenizer before another model. */
  public static SentenceEncoder around(BatchRunner runner, EncoderSettings settings) {
    Bundle bundle = Bundle.open(TinyModel.DIRECTORY);
    return new SentenceEncoder(
        bundle,
        settings,
        tokenizer(SentenceEncoder.maxSeqLength(bundle.manifest(), settings), settings.longText()),
        new Sessions.Opened<>(runner, new Device.Cpu(1), ""));
  }

  /** The tiny tokenizer, without Unicode normalisation. */
  public static SentenceTokenizer tokenizer(int maxSeqLength, LongText longText) {
    return SentenceTokenizer.open(
        Bundle.open(TinyModel.DIRECTORY).tokenizer(),
        TinyModel.cleaner(),
        "",
        maxSeqLength,
        longText);
  }

  /** Token ids of a text that fits. */
  public static long[] ids(String text) {
    try (SentenceTokenizer tokenizer = tokenizer(1_000_000, LongText.CUT)) {
      return tokenizer.tokenize(text).sequences().get(0);
    }
  }
}
