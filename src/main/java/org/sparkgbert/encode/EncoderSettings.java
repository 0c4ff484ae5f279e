package org.sparkgbert.encode;

import java.io.Serializable;
import java.util.Objects;
import org.sparkgbert.onnx.Device;
import org.sparkgbert.onnx.DeviceSettings;
import org.sparkgbert.tokenize.LongText;
import org.sparkgbert.tokenize.TextCleaner;
import org.sparkgbert.tokenize.UnicodeForm;

/**
 * How texts are encoded. Only these settings travel to executors, and one encoder serves all who
 * ask for the same.
 *
 * @param cleaner what is done to characters
 * @param maxSeqLength most tokens of a text, 0 for the model's own limit
 * @param longText what becomes of longer texts
 * @param tokenBudget most tokens of a batch, padding included; 0 for {@link Device#tokenBudget}
 * @param windowRows most texts that are sorted and batched together
 * @param windowCharacters most UTF-16 units of texts in a window of more than one text
 * @param dedupe whether equal texts of a window are encoded once
 * @param device where the model runs
 */
public record EncoderSettings(
    TextCleaner cleaner,
    int maxSeqLength,
    LongText longText,
    int tokenBudget,
    int windowRows,
    int windowCharacters,
    boolean dedupe,
    DeviceSettings device)
    implements Serializable {

  /** Default for {@link TextCleaner#maxCharacters}. */
  public static final int MAX_CHARACTERS = 65_536;

  /** Default for {@link #windowRows}. */
  public static final int WINDOW_ROWS = 2_048;

  /** Default for {@link #windowCharacters}. */
  public static final int WINDOW_CHARACTERS = 4_194_304;

  /**
   * @throws IllegalArgumentException if a value is out of range
   */
  public EncoderSettings {
    Objects.requireNonNull(cleaner, "cleaner");
    Objects.requireNonNull(longText, "longText");
    Objects.requireNonNull(device, "device");
    if (maxSeqLength < 0) {
      throw outOfRange("max sequence length must not be negative", maxSeqLength);
    }
    if (tokenBudget < 0) {
      throw outOfRange("token budget must not be negative", tokenBudget);
    }
    if (windowRows < 1) {
      throw outOfRange("window rows must be positive", windowRows);
    }
    if (windowCharacters < 1) {
      throw outOfRange("window characters must be positive", windowCharacters);
    }
  }

  private static IllegalArgumentException outOfRange(String rule, int found) {
    return new IllegalArgumentException("Cannot encode: " + rule + ", found " + found);
  }

  /** The defaults, on the given device. */
  public static EncoderSettings on(DeviceSettings device) {
    return new EncoderSettings(
        new TextCleaner(UnicodeForm.NFC, MAX_CHARACTERS),
        0,
        LongText.CUT,
        0,
        WINDOW_ROWS,
        WINDOW_CHARACTERS,
        true,
        device);
  }

  /** The same settings on another device. */
  public EncoderSettings withDevice(DeviceSettings other) {
    return new EncoderSettings(
        cleaner, maxSeqLength, longText, tokenBudget, windowRows, windowCharacters, dedupe, other);
  }
}
