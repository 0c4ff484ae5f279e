package org.sparkgbert.settings;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Values of enums as users write them: {@code MEAN_SQRT_LEN} is {@code mean_sqrt_len}. */
public final class Labels {
  private Labels() {}

  /** An enum whose labels have hyphens: {@code RE_ENCODE} is {@code re-encode}. */
  public interface Hyphenated {}

  /** The label of a value. */
  public static String of(Enum<?> value) {
    String label = value.name().toLowerCase(Locale.ROOT);
    return value instanceof Hyphenated ? label.replace('_', '-') : label;
  }

  /** The labels of a type's values, in their order. */
  public static <E extends Enum<E>> List<String> of(Class<E> type) {
    return Arrays.stream(type.getEnumConstants()).map(Labels::of).toList();
  }

  /** The value with this label, ignoring case; empty if there is none. */
  public static <E extends Enum<E>> Optional<E> parse(Class<E> type, String label) {
    return Arrays.stream(type.getEnumConstants())
        .filter(value -> of(value).equalsIgnoreCase(label))
        .findFirst();
  }

  /** Several labels, joined as in a sentence: {@code auto, cpu or cuda}. */
  public static String either(List<String> labels) {
    int last = labels.size() - 1;
    return last < 1
        ? String.join("", labels)
        : String.join(", ", labels.subList(0, last)) + " or " + labels.get(last);
  }
}
