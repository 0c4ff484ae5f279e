package org.sparkgbert.enrich;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.spark.sql.streaming.Trigger;
import org.sparkgbert.settings.ValueType;

/**
 * When new rows are looked for.
 *
 * @param interval time from one look to the next; empty to look once, and end
 */
public record FollowTrigger(Optional<Duration> interval) {
  /** Looks once, and ends when all is done that was there then. */
  public static final FollowTrigger AVAILABLE_NOW = new FollowTrigger(Optional.empty());

  private static final String AVAILABLE_NOW_TEXT = "available-now";
  private static final Pattern DURATION = Pattern.compile("[1-9]\\d{0,8}[smhd]");

  /** Written as {@code available-now}, or a duration such as {@code 30s}. */
  public static final ValueType<FollowTrigger> TYPE =
      ValueType.single(
          "available-now or an interval such as 30s, 5m or 1h",
          FollowTrigger::parse,
          FollowTrigger::toString);

  private static FollowTrigger parse(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.equals(AVAILABLE_NOW_TEXT)) {
      return AVAILABLE_NOW;
    }
    if (!DURATION.matcher(lower).matches()) {
      throw new IllegalArgumentException("not an interval: " + text);
    }
    return new FollowTrigger(
        Optional.of(Duration.parse((lower.endsWith("d") ? "P" : "PT") + lower)));
  }

  /** The same for Spark. */
  Trigger toSpark() {
    return interval
        .map(time -> Trigger.ProcessingTime(time.toMillis()))
        .orElseGet(Trigger::AvailableNow);
  }

  @Override
  public String toString() {
    return interval.map(time -> time.toSeconds() + "s").orElse(AVAILABLE_NOW_TEXT);
  }
}
