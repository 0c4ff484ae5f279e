package org.sparkgbert.settings;

import java.util.List;
import java.util.Objects;

/**
 * Settings that belong together in a help text.
 *
 * @param title what they are about, such as {@code Input}
 * @param settings the settings, in the order to show them
 */
public record SettingGroup(String title, List<Setting<?>> settings) {
  /** Checks that nothing is null. */
  public SettingGroup {
    Objects.requireNonNull(title, "title");
    settings = List.copyOf(settings);
  }

  /** A group of these settings. */
  public static SettingGroup of(String title, Setting<?>... settings) {
    return new SettingGroup(title, List.of(settings));
  }
}
