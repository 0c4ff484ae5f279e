package org.sparkgbert.enrich;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.sparkgbert.lake.KeepOld;
import org.sparkgbert.settings.Setting;
import org.sparkgbert.settings.ValueType;

/** Settings of {@link PruneCache}; {@link PruneSettings#of} reads them. */
public final class PruneOptions {
  private static final Pattern DAYS = Pattern.compile("\\d{1,6}d");

  /** Where the cache is. */
  public static final Setting<String> CACHE =
      Setting.required("cache").label("TABLE").meaning("The cache to prune.");

  /** How it is stored. */
  public static final Setting<CacheFormat> CACHE_FORMAT =
      Setting.choice("cache-format", CacheFormat.PARQUET)
          .meaning(CacheOptions.CACHE_FORMAT.meaning());

  /** Tables whose texts keep their vectors. */
  public static final Setting<List<String>> KEEP =
      Setting.repeated("keep")
          .label("TABLE")
          .meaning(
              "Table of spark-gbert: vectors of texts that are in none of the tables named go.");

  /** Models whose vectors are kept. */
  public static final Setting<List<String>> KEEP_MODEL =
      Setting.repeated("keep-model")
          .label("BUNDLE")
          .meaning("Model, as for --model: vectors that none of the models named made go.");

  /** Younger vectors are kept. */
  public static final Setting<Optional<Integer>> OLDER_THAN =
      Setting.optional(
              "older-than",
              ValueType.single(
                  "a number of days such as 90d", PruneOptions::days, days -> days + "d"))
          .label("DAYS")
          .meaning(
              "Only vectors that were added longer ago go, such as 90d; without --keep and"
                  + " --keep-model all of them.");

  /** How long replaced files stay. */
  public static final Setting<KeepOld> KEEP_OLD =
      Setting.of("keep-old", KeepOld.TYPE, new KeepOld(Optional.of(Duration.ofDays(1))))
          .label("TIME")
          .meaning(
              "How long replaced files of a Parquet cache stay for runs that read them: none,"
                  + " next-run (the next prune deletes them), or next-run and at least 6h, 7d.");

  /** Only a plan. */
  public static final Setting<Boolean> DRY_RUN =
      Setting.flag("dry-run").meaning("Print what would go, and change nothing.");

  /** All settings of the action. */
  public static final List<Setting<?>> ALL =
      List.of(CACHE, CACHE_FORMAT, KEEP, KEEP_MODEL, OLDER_THAN, KEEP_OLD, DRY_RUN);

  private PruneOptions() {}

  private static int days(String text) {
    if (!DAYS.matcher(text).matches()) {
      throw new IllegalArgumentException("no number of days: " + text);
    }
    return Integer.parseInt(text.substring(0, text.length() - 1));
  }
}
