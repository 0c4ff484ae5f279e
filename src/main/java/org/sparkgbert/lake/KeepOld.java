package org.sparkgbert.lake;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.sparkgbert.settings.ValueType;

/**
 * How long a replaced table stays beside the new one: for readers that have its files open, and for
 * whoever wants it back.
 *
 * @param atLeast it stays until the next run that writes the table and at least this long; empty if
 *     it is deleted at once
 */
public record KeepOld(Optional<Duration> atLeast) {
  /** Deleted at once. */
  public static final KeepOld NONE = new KeepOld(Optional.empty());

  /** Deleted by the next run that writes the table. */
  public static final KeepOld NEXT_RUN = new KeepOld(Optional.of(Duration.ZERO));

  /** Left to others. */
  static final KeepOld FOREVER = new KeepOld(Optional.of(ChronoUnit.FOREVER.getDuration()));

  private static final String NONE_TEXT = "none";
  private static final String NEXT_RUN_TEXT = "next-run";
  private static final Pattern DURATION = Pattern.compile("\\d+[smhd]");

  /** Written as {@code none}, {@code next-run}, or a duration such as {@code 6h}. */
  public static final ValueType<KeepOld> TYPE =
      ValueType.single(
          "none, next-run or a duration such as 30m, 6h or 7d", KeepOld::parse, KeepOld::toString);

  /**
   * @throws IllegalArgumentException if it is none of {@code none}, {@code next-run} and a whole
   *     number of seconds, minutes, hours or days
   */
  private static KeepOld parse(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.equals(NONE_TEXT)) {
      return NONE;
    }
    if (lower.equals(NEXT_RUN_TEXT)) {
      return NEXT_RUN;
    }
    if (!DURATION.matcher(lower).matches()) {
      throw new IllegalArgumentException("not a duration: " + text);
    }
    return new KeepOld(Optional.of(Duration.parse((lower.endsWith("d") ? "P" : "PT") + lower)));
  }

  /** Whether a replaced table stays at all. */
  boolean keeps() {
    return atLeast.isPresent();
  }

  /** Whether a table that was replaced some time ago still stays when a next run begins. */
  public boolean keeps(Instant replaced, Instant now) {
    return atLeast.map(time -> Duration.between(replaced, now).compareTo(time) < 0).orElse(false);
  }

  @Override
  public String toString() {
    return atLeast.map(time -> time.isZero() ? NEXT_RUN_TEXT : text(time)).orElse(NONE_TEXT);
  }

  private static String text(Duration time) {
    return time.equals(Duration.ofDays(time.toDays()))
        ? time.toDays() + "d"
        : time.toSeconds() + "s";
  }
}
