package org.sparkgbert.settings;

import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Values of settings; if none is given, the default applies.
 *
 * <pre>{@code
 * Settings.NONE.with(InputOptions.INPUT, List.of("articles")).with(EncoderOptions.MAX_SEQ_LENGTH, 128)
 * }</pre>
 *
 * <p><b>Threads:</b> immutable.
 */
public final class Settings {
  /** All defaults. */
  public static final Settings NONE = new Settings(new IdentityHashMap<>());

  private final Map<Setting<?>, Object> values;

  private Settings(Map<Setting<?>, Object> values) {
    this.values = values;
  }

  /**
   * A copy with a value.
   *
   * @throws IllegalArgumentException if it is out of range
   */
  public <T> Settings with(Setting<T> setting, T value) {
    Map<Setting<?>, Object> more = new IdentityHashMap<>(values);
    more.put(setting, setting.require(value));
    return new Settings(more);
  }

  /**
   * A copy with a value given as strings.
   *
   * @throws IllegalArgumentException if they are not a value, or it is out of range
   */
  public <T> Settings parse(Setting<T> setting, List<String> texts) {
    return with(setting, setting.parse(texts));
  }

  /**
   * Parses settings by their names; several values are separated by commas.
   *
   * @param known the known settings
   * @throws IllegalArgumentException if a name is unknown, or a text is not a value or out of range
   */
  public static Settings parse(Map<String, String> texts, Collection<Setting<?>> known) {
    Map<String, List<String>> lists = new LinkedHashMap<>();
    texts.forEach(
        (name, text) ->
            lists.put(
                name,
                find(name, known).type().form().isSeveral()
                    ? List.of(text.split("\\s*,\\s*", -1))
                    : List.of(text)));
    return parseLists(lists, known);
  }

  /**
   * Parses settings by their names, each as the list of the strings that make up its value; those
   * may hold commas.
   *
   * @param known the known settings
   * @throws IllegalArgumentException if a name is unknown, a setting of one string has another
   *     number of them, or a text is not a value or out of range
   */
  public static Settings parseLists(Map<String, List<String>> texts, Collection<Setting<?>> known) {
    Settings settings = NONE;
    for (Map.Entry<String, List<String>> text : texts.entrySet()) {
      Setting<?> setting = find(text.getKey(), known);
      if (!setting.type().form().isSeveral() && text.getValue().size() != 1) {
        throw new IllegalArgumentException(
            "Cannot run: %s takes one value, found %s"
                .formatted(setting.option(), text.getValue()));
      }
      settings = settings.parse(setting, text.getValue());
    }
    return settings;
  }

  private static Setting<?> find(String name, Collection<Setting<?>> known) {
    return known.stream()
        .filter(setting -> setting.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Cannot run: unknown setting '%s'%s"
                        .formatted(
                            name,
                            Suggestions.nearest(name, known.stream().map(Setting::name).toList())
                                .map(", did you mean '%s'?"::formatted)
                                .orElse(""))));
  }

  /**
   * The value of a setting, or its default.
   *
   * @throws IllegalArgumentException if it is required and not given
   */
  public <T> T get(Setting<T> setting) {
    @SuppressWarnings("unchecked") // with() puts nothing else there.
    Optional<T> given = Optional.ofNullable((T) values.get(setting));
    return given
        .or(setting::defaultValue)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Cannot run: %s must be given".formatted(setting.option())));
  }

  /**
   * Checks that each given setting applies beside the others.
   *
   * @param known the settings to check; others are ignored
   * @throws IllegalArgumentException if one does not; the message names it and says why
   */
  public void requireApplicable(Collection<Setting<?>> known) {
    for (Setting<?> setting : known) {
      for (Setting.Condition condition : setting.conditions()) {
        if (Setting.isSet(setting, this) && !condition.holds().test(this)) {
          throw notApplicable(setting, condition.wording());
        }
      }
    }
  }

  /**
   * Checks that none of some settings is given.
   *
   * @param others settings that do not apply
   * @param wording why not, as in "does not apply with --all-pairs"
   * @throws IllegalArgumentException if one is; the message names it and says why
   */
  public void requireNone(Collection<Setting<?>> others, String wording) {
    for (Setting<?> setting : others) {
      if (Setting.isSet(setting, this)) {
        throw notApplicable(setting, wording);
      }
    }
  }

  private static IllegalArgumentException notApplicable(Setting<?> setting, String wording) {
    return new IllegalArgumentException("Cannot run: %s %s".formatted(setting.option(), wording));
  }

  /** Whether a value is given, even one equal to the default. */
  public boolean has(Setting<?> setting) {
    return values.containsKey(setting);
  }
}
