package org.sparkgbert.embed;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.sparkgbert.encode.EncoderSettings;
import org.sparkgbert.encode.SentenceEncoder;
import org.sparkgbert.model.Bundle;

/**
 * The encoders of this JVM: one per bundle and settings, including the device, whatever the number
 * of tasks. They live as long as the JVM, since a session must not close while a task may be using
 * it.
 */
final class ExecutorEncoders {
  private static final Map<Key, SentenceEncoder> ENCODERS = new ConcurrentHashMap<>();

  private record Key(Bundle bundle, EncoderSettings settings) {}

  private ExecutorEncoders() {}

  /**
   * The encoder of all tasks with the same model and settings; the first opens it, and the others
   * wait.
   */
  static SentenceEncoder shared(ModelReference model, EncoderSettings settings) {
    return ENCODERS.computeIfAbsent(
        new Key(model.open(), settings), key -> SentenceEncoder.open(key.bundle, key.settings));
  }

  /** How many sessions this JVM holds. */
  static int count() {
    return ENCODERS.size();
  }
}
