package org.sparkgbert.settings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.sparkgbert.settings.ValueType.Form;
import org.sparkgbert.settings.ValueType.WrongText;

/**
 * The declaration of a setting: name, type, default, range and meaning. A factory method makes it;
 * the methods that return a setting refine it.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param <T> type of a value
 */
public final class Setting<T> {
  /**
   * A rule that values obey, beyond their type.
   *
   * @param holds whether a value is in range
   * @param wording as in "must be at least 1"
   */
  private record Rule<T>(Predicate<T> holds, String wording) {}

  /**
   * When the setting may be given.
   *
   * @param holds whether it may, beside these settings
   * @param wording why not, as in "requires --input, which is not set"
   */
  record Condition(Predicate<Settings> holds, String wording) {}

  private final String name;
  private final ValueType<T> type;
  private final String defaultText;
  private final Optional<T> defaultValue;
  private final List<Rule<T>> rules;
  private final List<Condition> conditions;
  private final String label;
  private final String meaning;

  private Setting(
      String name,
      ValueType<T> type,
      String defaultText,
      Optional<T> defaultValue,
      List<Rule<T>> rules,
      List<Condition> conditions,
      String label,
      String meaning) {
    this.name = name;
    this.type = type;
    this.defaultText = defaultText;
    this.defaultValue = defaultValue;
    this.rules = rules;
    this.conditions = conditions;
    this.label = label;
    this.meaning = meaning;
  }

  /** A setting of a type; the other factory methods make settings of common types. */
  public static <T> Setting<T> of(String name, ValueType<T> type, T defaultValue) {
    return new Setting<>(
        name,
        type,
        type.writer().apply(defaultValue),
        Optional.of(defaultValue),
        List.of(),
        List.of(),
        "VALUE",
        "");
  }

  /** A whole number. */
  public static Setting<Integer> integer(String name, int defaultValue) {
    return of(name, ValueType.INTEGER, defaultValue).label("N");
  }

  /** A seed. */
  public static Setting<Long> seed(String name, long defaultValue) {
    return of(name, ValueType.LONG, defaultValue).label("N");
  }

  /**
   * A number.
   *
   * @param defaultText the default as a user would write it, such as {@code 1e-4}
   */
  public static Setting<Double> number(String name, String defaultText) {
    return of(name, ValueType.NUMBER, Double.valueOf(defaultText))
        .writtenAs(defaultText)
        .label("X");
  }

  /** A size in bytes, by default 0. */
  public static Setting<Long> size(String name) {
    return of(name, ValueType.SIZE, 0L).label("SIZE");
  }

  /** A string. */
  public static Setting<String> text(String name, String defaultValue) {
    return of(name, ValueType.TEXT, defaultValue).label("TEXT");
  }

  /** A string that must be given and must not be blank. */
  public static Setting<String> required(String name) {
    return text(name, "").withoutDefault().notBlank();
  }

  /** A string that is given without the setting's name; empty if it is left out. */
  public static Setting<String> argument(String name) {
    return of(name, ValueType.ARGUMENT, "").label(name.toUpperCase(Locale.ROOT));
  }

  /** The same, but it must be given and must not be blank. */
  public static Setting<String> requiredArgument(String name) {
    return argument(name).withoutDefault().notBlank();
  }

  /** Paths that must be given, one after the other; none may be blank. */
  public static Setting<List<String>> requiredPaths(String name) {
    return of(name, ValueType.TEXT.several(Form.WORDS), List.of())
        .label("PATH")
        .withoutDefault()
        .where(
            paths -> !paths.isEmpty() && paths.stream().noneMatch(String::isBlank),
            "must not be blank");
  }

  /** The same, but they may be left out: none. */
  public static Setting<List<String>> paths(String name) {
    return of(name, ValueType.TEXT.several(Form.WORDS), List.<String>of())
        .label("PATH")
        .where(paths -> paths.stream().noneMatch(String::isBlank), "must not be blank");
  }

  /** A file or directory on this machine that must be given. */
  public static Setting<Path> requiredPath(String name) {
    return of(name, ValueType.PATH, Path.of("")).label("PATH").withoutDefault().notBlank();
  }

  /** A value that may be left out. */
  public static <T> Setting<Optional<T>> optional(String name, ValueType<T> type) {
    return of(name, type.optional(), Optional.<T>empty())
        .where(
            value -> value.map(each -> !each.toString().isBlank()).orElse(true),
            "must not be blank");
  }

  /** True or false, written out. */
  public static Setting<Boolean> truth(String name, boolean defaultValue) {
    return of(name, ValueType.TRUTH, defaultValue).label("<true|false>");
  }

  /** False unless the name is given. */
  public static Setting<Boolean> flag(String name) {
    return of(name, ValueType.FLAG, false);
  }

  /** One value of an enum. */
  public static <E extends Enum<E>> Setting<E> choice(String name, E defaultValue) {
    Class<E> type = defaultValue.getDeclaringClass();
    return of(name, ValueType.choice(type), defaultValue).label(oneOf(type));
  }

  /** Several values of an enum, separated by commas. */
  public static <E extends Enum<E>> Setting<List<E>> choices(
      String name, Class<E> type, List<E> defaultValues) {
    return of(name, ValueType.choice(type).several(Form.LIST), defaultValues).label(oneOf(type));
  }

  /** Names, separated by commas; none by default. */
  public static Setting<List<String>> names(String name) {
    return of(name, ValueType.TEXT.several(Form.LIST), List.<String>of()).label("NAME");
  }

  /** Strings, each preceded by the setting's name; none by default. */
  public static Setting<List<String>> repeated(String name) {
    return of(name, ValueType.TEXT.several(Form.REPEATED), List.<String>of()).label("TEXT");
  }

  /** Pairs of key and value; none by default. */
  public static Setting<Map<String, String>> pairs(String name) {
    return of(name, ValueType.PAIRS, Map.<String, String>of()).label("KEY=VALUE");
  }

  /** Several groups of settings as one. */
  @SafeVarargs
  @SuppressWarnings("varargs") // The array goes no further than the stream.
  public static List<Setting<?>> all(List<Setting<?>>... groups) {
    return Stream.of(groups).<Setting<?>>flatMap(List::stream).toList();
  }

  private static <E extends Enum<E>> String oneOf(Class<E> type) {
    return "<" + String.join("|", Labels.of(type)) + ">";
  }

  private Setting<T> writtenAs(String text) {
    return new Setting<>(name, type, text, defaultValue, rules, conditions, label, meaning);
  }

  private Setting<T> withoutDefault() {
    return new Setting<>(name, type, "", Optional.empty(), rules, conditions, label, meaning);
  }

  /** A copy with a placeholder for its value in help texts, such as {@code DIR}. */
  public Setting<T> label(String word) {
    return new Setting<>(name, type, defaultText, defaultValue, rules, conditions, word, meaning);
  }

  /** A copy with a meaning: a sentence or two. */
  public Setting<T> meaning(String sentences) {
    return new Setting<>(
        name, type, defaultText, defaultValue, rules, conditions, label, sentences);
  }

  /**
   * A copy with another rule for its values.
   *
   * @param wording as in "must be at least 1"
   */
  public Setting<T> where(Predicate<T> holds, String wording) {
    List<Rule<T>> more = new ArrayList<>(rules);
    more.add(new Rule<>(holds, wording));
    return new Setting<>(
        name, type, defaultText, defaultValue, List.copyOf(more), conditions, label, meaning);
  }

  /** A copy with a minimum; for numbers. */
  public Setting<T> atLeast(int least) {
    return where(
        value -> ((Number) value).doubleValue() >= least, "must be at least %d".formatted(least));
  }

  /** A copy with a maximum; for numbers. */
  public Setting<T> atMost(int most) {
    return where(
        value -> ((Number) value).doubleValue() <= most, "must be at most %d".formatted(most));
  }

  /** A copy whose values must be from 0 to 1. */
  public Setting<T> share() {
    return where(
        value -> ((Number) value).doubleValue() >= 0 && ((Number) value).doubleValue() <= 1,
        "must be from 0 to 1");
  }

  /** A copy whose values must not be blank. */
  public Setting<T> notBlank() {
    return where(value -> !value.toString().isBlank(), "must not be blank");
  }

  /** A copy whose values must match a pattern. */
  public Setting<T> matching(String pattern, String wording) {
    Pattern compiled = Pattern.compile(pattern);
    return where(value -> compiled.matcher(value.toString()).matches(), wording);
  }

  /** A copy that may be given only beside another setting; of a flag, one that is true. */
  public Setting<T> requires(Setting<?> other) {
    return onlyIf(
        settings -> isSet(other, settings),
        "requires %s, which is not set".formatted(other.option()));
  }

  /** A copy that may not be given beside another setting. */
  public Setting<T> excludes(Setting<?> other) {
    return onlyIf(settings -> !isSet(other, settings), "does not apply with " + other.option());
  }

  /** A flag that is false is as good as not given. */
  static boolean isSet(Setting<?> setting, Settings settings) {
    return settings.has(setting)
        && !(setting.type.form() == Form.FLAG && !Boolean.TRUE.equals(settings.get(setting)));
  }

  /**
   * A copy that may be given only under a condition; {@link Settings#requireApplicable} checks it.
   *
   * @param holds whether it may, beside these settings
   * @param wording why not, as in "does not apply with --device cpu"
   */
  public Setting<T> onlyIf(Predicate<Settings> holds, String wording) {
    List<Condition> more = new ArrayList<>(conditions);
    more.add(new Condition(holds, wording));
    return new Setting<>(
        name, type, defaultText, defaultValue, rules, List.copyOf(more), label, meaning);
  }

  /** When it may be given. */
  List<Condition> conditions() {
    return conditions;
  }

  /** Its name, such as {@code max-characters}. */
  public String name() {
    return name;
  }

  /** Its name on command lines, and in messages. */
  public String option() {
    return isArgument() ? label : "--" + name;
  }

  /** Whether its value is given on command lines without its name. */
  public boolean isArgument() {
    return type.form() == Form.ARGUMENT;
  }

  /** Its name as a Param: {@code maxCharacters}. */
  public String param() {
    return camelCase(name);
  }

  private static String camelCase(String words) {
    StringBuilder joined = new StringBuilder();
    for (String word : words.split("-", -1)) {
      joined.append(
          joined.isEmpty() || word.isEmpty()
              ? word
              : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
    }
    return joined.toString();
  }

  /** How its values are written. */
  public ValueType<T> type() {
    return type;
  }

  /** Whether a value must be given. */
  public boolean isRequired() {
    return defaultValue.isEmpty();
  }

  /** The value that applies if none is given; empty if one must be given. */
  public Optional<T> defaultValue() {
    return defaultValue;
  }

  /** The default as a string; empty if there is none. */
  public String defaultText() {
    return defaultText;
  }

  /** A placeholder for its value in help texts. */
  public String label() {
    return label;
  }

  /** What it means. */
  public String meaning() {
    return meaning;
  }

  /**
   * Parses a value.
   *
   * @param texts one string, or several if the type takes several
   * @throws IllegalArgumentException if they are not a value, or it is out of range
   */
  public T parse(List<String> texts) {
    try {
      return require(type.parser().apply(texts));
    } catch (WrongText e) {
      throw new IllegalArgumentException(
          "Cannot run: %s must be %s, found '%s'".formatted(option(), type.rule(), e.text()), e);
    }
  }

  /**
   * The value, if it is in range.
   *
   * @throws IllegalArgumentException if it is not; the message states the rule
   */
  public T require(T value) {
    for (Rule<T> rule : rules) {
      if (!rule.holds.test(value)) {
        throw new IllegalArgumentException(
            "Cannot run: %s %s, found %s".formatted(option(), rule.wording, inWords(value)));
      }
    }
    return value;
  }

  private String inWords(T value) {
    return value instanceof Number ? value.toString() : "'" + type.writer().apply(value) + "'";
  }

  @Override
  public String toString() {
    return name;
  }
}
