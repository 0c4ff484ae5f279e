package org.sparkgbert.comparison;

import java.util.Arrays;
import java.util.List;
import org.sparkgbert.encode.EncoderSettings;
import org.sparkgbert.encode.SentenceEncoder;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.onnx.DeviceSettings;

/** Our encoder with default settings, all cores in each run. It puts the prompt before texts. */
final class SparkGbert implements Contender {
  private final SentenceEncoder encoder;

  SparkGbert(Bundle bundle, int cores) {
    encoder = SentenceEncoder.open(bundle, EncoderSettings.on(DeviceSettings.cpu(cores)));
  }

  @Override
  public String name() {
    return "spark-gbert, " + encoder.bundle().manifest().precision();
  }

  @Override
  public boolean isFloat32() {
    return encoder.bundle().manifest().precision().equals("float32");
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
