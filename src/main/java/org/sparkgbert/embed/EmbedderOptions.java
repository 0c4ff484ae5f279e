package org.sparkgbert.embed;

import java.util.List;
import org.sparkgbert.encode.EncoderOptions;
import org.sparkgbert.settings.Setting;

/** Settings of the model and of how it encodes; {@link SentenceEmbedder} has a Param for each. */
public final class EmbedderOptions {
  /** Which bundle. */
  public static final Setting<String> MODEL =
      Setting.text("model", ModelReference.DEFAULT)
          .notBlank()
          .label("BUNDLE")
          .meaning(
              "default, a directory that every node has, a name from --archives, or a Hadoop URI.");

  /** Where copies of remote bundles are kept. */
  public static final Setting<String> MODEL_CACHE =
      Setting.text("model-cache", "")
          .label("DIR")
          .meaning(
              "Directory on each node for bundles copied from Hadoop URIs; in the user's directory"
                  + " for caches if empty.");

  /** All of them, including those of encoders. */
  public static final List<Setting<?>> ALL =
      Setting.all(List.of(MODEL, MODEL_CACHE), EncoderOptions.ALL);

  private EmbedderOptions() {}

  /**
   * The setting with a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  static Setting<?> named(String name) {
    return ALL.stream()
        .filter(setting -> setting.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("Cannot run: no setting " + name));
  }
}
