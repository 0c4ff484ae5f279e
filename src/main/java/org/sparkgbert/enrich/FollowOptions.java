package org.sparkgbert.enrich;

import java.util.List;
import java.util.Optional;
import org.sparkgbert.lake.OutputOptions;
import org.sparkgbert.settings.Setting;
import org.sparkgbert.settings.ValueType;

/** Settings of {@link FollowSource}, beside those of {@link MirrorOptions}. */
public final class FollowOptions {
  /** Whether rows are followed as they arrive. */
  public static final Setting<Boolean> FOLLOW =
      Setting.flag("follow")
          .meaning(
              "Process the rows that have arrived in the corpus since the last run with this"
                  + " checkpoint, as a stream.");

  /** When rows are looked for. */
  public static final Setting<FollowTrigger> TRIGGER =
      Setting.of("trigger", FollowTrigger.TYPE, FollowTrigger.AVAILABLE_NOW)
          .label("WHEN")
          .requires(FOLLOW)
          .meaning(
              "available-now: process what has arrived, and end; or an interval such as 30s or 5m:"
                  + " look again and again until the job is stopped.");

  /** Where the stream keeps how far it is. */
  public static final Setting<Optional<String>> CHECKPOINT =
      Setting.optional("checkpoint", ValueType.TEXT)
          .label("DIR")
          .requires(FOLLOW)
          .meaning(
              "Directory in which --follow keeps how far it is, what makes its vectors, and"
                  + " unfinished work; one for each pair of corpus and table.");

  /** Those that only {@link FollowSource} has. */
  public static final List<Setting<?>> FOLLOWING = List.of(FOLLOW, TRIGGER, CHECKPOINT);

  /** All settings of the action. */
  public static final List<Setting<?>> ALL = Setting.all(MirrorOptions.ALL, FOLLOWING);

  /** Those of {@link MirrorOptions} that make no sense for rows as they arrive. */
  static final List<Setting<?>> NOT_APPLICABLE =
      List.of(
          MirrorOptions.VANISHED,
          EnrichOptions.ON_MODEL_CHANGE,
          EnrichOptions.MAX_ENCODE,
          EnrichOptions.OLDEST_BY,
          EnrichOptions.DRY_RUN,
          EnrichOptions.STAGE,
          OutputOptions.KEEP_OLD,
          OutputOptions.FILES,
          OutputOptions.TARGET_FILE_SIZE);

  private FollowOptions() {}
}
