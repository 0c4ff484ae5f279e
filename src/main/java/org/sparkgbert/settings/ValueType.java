package org.sparkgbert.settings;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How the values of a setting are written.
 *
 * @param <T> type of a value
 * @param form how many strings make up a value
 * @param rule what each text must be, as in "must be a whole number"
 * @param parser parses strings to a value; throws {@link WrongText} if one is invalid
 * @param writer formats a value as a string that the parser reads back
 */
public record ValueType<T>(
    Form form, String rule, Function<List<String>, T> parser, Function<T, String> writer) {

  /** How many strings make up a value, and how they are given. */
  public enum Form {
    /** One string. */
    SINGLE,
    /** One string, or none. */
    OPTIONAL,
    /** One string, given without the name, or none. */
    ARGUMENT,
    /** None: the name alone means true. */
    FLAG,
    /** Several, separated by commas. */
    LIST,
    /** Several, each preceded by the name. */
    REPEATED,
    /** Several, one after the other. */
    WORDS,
    /** Pairs of key and value, each preceded by the name. */
    PAIRS;

    /** Whether there may be more than one string. */
    public boolean isSeveral() {
      return switch (this) {
        case LIST, REPEATED, WORDS, PAIRS -> true;
        case SINGLE, OPTIONAL, ARGUMENT, FLAG -> false;
      };
    }
  }

  /** A string that is not a valid value. */
  static final class WrongText extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String text;

    private WrongText(String text, Throwable cause) {
      super("not a value: " + text, cause);
      this.text = text;
    }

    String text() {
      return text;
    }
  }

  private static final String UNITS = "bkmgtp";
  private static final Pattern SIZE_TEXT = Pattern.compile("(\\d+)([kmgtp]?)b?");

  /** Any string. */
  public static final ValueType<String> TEXT = single("a string", text -> text, text -> text);

  /** Any string that is given without a name. */
  public static final ValueType<String> ARGUMENT =
      new ValueType<>(Form.ARGUMENT, TEXT.rule, TEXT.parser, TEXT.writer);

  /** An {@code int}. */
  public static final ValueType<Integer> INTEGER =
      single("a whole number", Integer::valueOf, String::valueOf);

  /** A {@code long}. */
  public static final ValueType<Long> LONG =
      single("a whole number", Long::valueOf, String::valueOf);

  /** A {@code double}. */
  public static final ValueType<Double> NUMBER =
      single("a number", Double::valueOf, String::valueOf);

  /** A {@code float}. */
  public static final ValueType<Float> FLOAT = single("a number", Float::valueOf, String::valueOf);

  /** Bytes, as Spark's own settings write them: 512k, 256m, 8g. */
  public static final ValueType<Long> SIZE =
      single("a size such as 256m", ValueType::bytes, String::valueOf);

  /** True or false, written out. */
  public static final ValueType<Boolean> TRUTH =
      single("true or false", ValueType::truth, String::valueOf);

  /** False unless the name is given. */
  public static final ValueType<Boolean> FLAG =
      new ValueType<>(Form.FLAG, TRUTH.rule, TRUTH.parser, TRUTH.writer);

  /** A file or directory on this machine. */
  public static final ValueType<Path> PATH = single("a path", Path::of, Path::toString);

  /** Keys and values. */
  public static final ValueType<Map<String, String>> PAIRS =
      new ValueType<>(
          Form.PAIRS,
          "KEY=VALUE",
          ValueType::pairs,
          pairs ->
              pairs.entrySet().stream().map(Map.Entry::toString).collect(Collectors.joining(",")));

  /**
   * One string.
   *
   * @param rule what it must be, as in "must be a whole number"
   * @param parser may throw any unchecked exception for what is not a value
   * @param writer formats a value as a string that the parser reads back
   */
  public static <T> ValueType<T> single(
      String rule, Function<String, T> parser, Function<T, String> writer) {
    return new ValueType<>(Form.SINGLE, rule, texts -> parse(texts.get(0), parser), writer);
  }

  /** One value of an enum, by its label. */
  public static <E extends Enum<E>> ValueType<E> choice(Class<E> type) {
    return single(
        Labels.either(Labels.of(type)),
        text -> Labels.parse(type, text).orElseThrow(() -> new WrongText(text, null)),
        Labels::of);
  }

  /** One value of this type, or none. */
  public ValueType<Optional<T>> optional() {
    return new ValueType<>(
        Form.OPTIONAL,
        rule,
        texts -> Optional.of(parser.apply(texts)),
        value -> value.map(writer).orElse(""));
  }

  /**
   * Several values of this type.
   *
   * @param several how they are given
   */
  public ValueType<List<T>> several(Form several) {
    return new ValueType<>(
        several,
        rule,
        texts -> texts.stream().map(text -> parser.apply(List.of(text))).toList(),
        values -> values.stream().map(writer).collect(Collectors.joining(",")));
  }

  /** The text may be anything; whatever the parser throws becomes one exception. */
  private static <T> T parse(String text, Function<String, T> parser) {
    try {
      return parser.apply(text);
    } catch (WrongText e) {
      throw e;
    } catch (RuntimeException e) {
      throw new WrongText(text, e);
    }
  }

  private static long bytes(String text) {
    Matcher size = SIZE_TEXT.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!size.matches()) {
      throw new WrongText(text, null);
    }
    int power = size.group(2).isEmpty() ? 0 : UNITS.indexOf(size.group(2));
    return Math.multiplyExact(Long.parseLong(size.group(1)), 1L << (10 * power));
  }

  private static boolean truth(String text) {
    if (!text.equalsIgnoreCase("true") && !text.equalsIgnoreCase("false")) {
      throw new WrongText(text, null);
    }
    return Boolean.parseBoolean(text);
  }

  private static Map<String, String> pairs(List<String> texts) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String text : texts) {
      int sign = text.indexOf('=');
      if (sign < 1) {
        throw new WrongText(text, null);
      }
      pairs.put(text.substring(0, sign), text.substring(sign + 1));
    }
    return pairs;
  }
}
