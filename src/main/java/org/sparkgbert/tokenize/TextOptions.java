package org.sparkgbert.tokenize;

import org.sparkgbert.settings.Setting;

/** Settings for reading texts. */
public final class TextOptions {
  /** Whether letters and combining marks become one character. */
  public static final Setting<UnicodeForm> NORMALIZE_UNICODE =
      Setting.choice("normalize-unicode", UnicodeForm.NFC)
          .meaning("nfc (umlauts become one character) or none.");

  /** UTF-16 units that are read. */
  public static final Setting<Integer> MAX_CHARACTERS =
      Setting.integer("max-characters", 65_536)
          .atLeast(1)
          .label("N")
          .meaning("Maximum number of UTF-16 units read per text. At least 1.");

  /** What happens to texts with more tokens than are read. */
  public static final Setting<LongText> LONG_TEXT =
      Setting.choice("long-text", LongText.CUT)
          .meaning("cut, or chunks for the token-weighted mean of all parts.");

  private TextOptions() {}
}
