package org.sparkgbert.check;

import java.util.Map;
import java.util.Objects;
import org.sparkgbert.settings.Settings;

/**
 * What {@link CheckTable} should do.
 *
 * @param table the table's directory
 * @param model where the bundle is; empty for where the run found it
 * @param sample how many rows to encode again, 0 for none
 */
public record CheckSettings(String table, String model, int sample) {
  /**
   * @throws IllegalArgumentException if a value is out of range
   */
  public CheckSettings {
    CheckOptions.TABLE.require(table);
    Objects.requireNonNull(model, "model");
    CheckOptions.SAMPLE.require(sample);
  }

  /**
   * Parses settings by their names, as on a command line but without dashes.
   *
   * @throws IllegalArgumentException if a name is unknown, or a text is not a value in range
   */
  public static CheckSettings of(Map<String, String> texts) {
    return of(Settings.parse(texts, CheckOptions.ALL));
  }

  /**
   * Reads the settings of {@link CheckOptions}.
   *
   * @throws IllegalArgumentException if a required one is missing
   */
  public static CheckSettings of(Settings settings) {
    return new CheckSettings(
        settings.get(CheckOptions.TABLE),
        settings.get(CheckOptions.MODEL),
        settings.get(CheckOptions.SAMPLE));
  }
}
