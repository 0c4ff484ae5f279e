package org.sparkgbert.encode;

import java.io.Serializable;
import java.util.Objects;
import org.sparkgbert.onnx.Device;
import org.sparkgbert.onnx.DeviceSettings;
import org.sparkgbert.settings.Settings;
import org.sparkgbert.tokenize.LongText;
import org.sparkgbert.tokenize.TextCleaner;
import org.sparkgbert.tokenize.TextOptions;

/**
 * How texts are encoded. Only these settings travel to executors, and one encoder serves all tasks
 * with equal settings.
 *
 * @param cleaner how characters are cleaned
 * @param maxSeqLength maximum number of tokens per text, 0 for the model's own limit
 * @param longText what happens to longer texts
 * @param normalize whether embeddings get unit length even if the model does not give it
 * @param dimensions how many elements of an embedding are kept, at unit length; 0 for all, as they
 *     are
 * @param tokenBudget maximum number of tokens per batch, padding included; 0 for {@link
 *     Device#tokenBudget}
 * @param windowRows maximum number of texts that are sorted and batched together
 * @param windowCharacters maximum number of UTF-16 units in a window of more than one text
 * @param dedupe whether equal texts of a window are encoded once
 * @param device where the model runs
 */
public record EncoderSettings(
    TextCleaner cleaner,
    int maxSeqLength,
    LongText longText,
    boolean normalize,
    int dimensions,
    int tokenBudget,
    int windowRows,
    int windowCharacters,
    boolean dedupe,
    DeviceSettings device)
    implements Serializable {

  /** Default for {@link #windowCharacters}. */
  public static final int WINDOW_CHARACTERS = 4_194_304;

  /**
   * @throws IllegalArgumentException if a value is out of range
   */
  public EncoderSettings {
    Objects.requireNonNull(cleaner, "cleaner");
    Objects.requireNonNull(longText, "longText");
    Objects.requireNonNull(device, "device");
    EncoderOptions.MAX_SEQ_LENGTH.require(maxSeqLength);
    EncoderOptions.DIMENSIONS.require(dimensions);
    EncoderOptions.TOKEN_BUDGET.require(tokenBudget);
    EncoderOptions.WINDOW_ROWS.require(windowRows);
    if (windowCharacters < 1) {
      throw new IllegalArgumentException(
          "Cannot encode: window characters must be positive, found " + windowCharacters);
    }
  }

  /**
   * Reads the settings of {@link EncoderOptions}.
   *
   * @param taskCpus threads per run on the CPU if the settings do not say
   */
  public static EncoderSettings of(Settings settings, int taskCpus) {
    return new EncoderSettings(
        TextCleaner.of(settings),
        settings.get(EncoderOptions.MAX_SEQ_LENGTH),
        settings.get(TextOptions.LONG_TEXT),
        settings.get(EncoderOptions.NORMALIZE),
        settings.get(EncoderOptions.DIMENSIONS),
        settings.get(EncoderOptions.TOKEN_BUDGET),
        settings.get(EncoderOptions.WINDOW_ROWS),
        WINDOW_CHARACTERS,
        settings.get(EncoderOptions.DEDUPE),
        DeviceSettings.of(settings, taskCpus));
  }

  /** The defaults, on the given device. */
  public static EncoderSettings on(DeviceSettings device) {
    return of(Settings.NONE, 1).withDevice(device);
  }

  /** The same settings on another device. */
  public EncoderSettings withDevice(DeviceSettings other) {
    return new EncoderSettings(
        cleaner,
        maxSeqLength,
        longText,
        normalize,
        dimensions,
        tokenBudget,
        windowRows,
        windowCharacters,
        dedupe,
        other);
  }
}
