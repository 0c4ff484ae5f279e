package org.sparkgbert.embed;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.sparkgbert.encode.EmbeddingStatus;
import org.sparkgbert.encode.EncodedText;
import org.sparkgbert.encode.EncoderSettings;
import org.sparkgbert.onnx.DeviceChoice;
import org.sparkgbert.onnx.DeviceSettings;

/**
 * Encodes constant texts on the driver. The latest ones are kept, since Spark evaluates a constant
 * whenever it looks at a query.
 */
final class ConstantTexts {
  private static final int KEPT = 256;

  private record Key(EmbedTexts function, String text) {}

  private static final Map<Key, EncodedText> LATEST =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, EncodedText> eldest) {
          return size() > KEPT;
        }
      };

  private static long encodings;

  private ConstantTexts() {}

  /**
   * Encodes a text.
   *
   * @param text any, including null
   * @throws IllegalArgumentException if the model cannot encode it: a question without a vector
   *     would find nothing
   */
  static synchronized EncodedText encoded(EmbedTexts function, String text) {
    Key key = new Key(function, text);
    EncodedText known = LATEST.get(key);
    if (known != null) {
      return known;
    }
    EncodedText encoded =
        ExecutorEncoders.shared(function.model(), here(function.settings()))
            .encodeWindow(Collections.singletonList(text))
            .texts()
            .get(0);
    encodings++;
    if (encoded.status() == EmbeddingStatus.FAILED) {
      throw new IllegalArgumentException(
          "Cannot embed the constant text '%s': %s".formatted(text, encoded.error()));
    }
    LATEST.put(key, encoded);
    return encoded;
  }

  /** A driver may be without the GPU that executors must have. */
  private static EncoderSettings here(EncoderSettings settings) {
    DeviceSettings device = settings.device();
    return device.choice() == DeviceChoice.CUDA
        ? settings.withDevice(device.withChoice(DeviceChoice.AUTO))
        : settings;
  }

  /** How many texts this JVM has encoded here. */
  static synchronized long encodings() {
    return encodings;
  }
}
