package org.sparkgbert.comparison;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.sparkgbert.encode.EncoderSettings;
import org.sparkgbert.encode.SentenceEncoder;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.onnx.DeviceSettings;

/** Our encoder with default settings, all cores in each run. It puts the prompt before texts. */
final class SparkGbert implements Contender {
  private final SentenceEncoder encoder;

  SparkGbert(Path bundle, int cores) {
    encoder =
        SentenceEncoder.open(Bundle.open(bundle), EncoderSettings.on(DeviceSettings.cpu(cores)));
  }

  @Override
  public String name() {
    return "spark-gbert, defaults";
  }

  /** The prompt that the model asks for. */
  String prompt() {
    return encoder.bundle().manifest().prompt();
  }

  @Override
  public List<float[]> encode(List<String> sentences) {
    return Arrays.asList(encoder.encode(sentences));
  }

  @Override
  public void close() {
    encoder.close();
  }
}
