package org.sparkgbert.enrich;

import java.util.Map;
import java.util.Objects;
import org.sparkgbert.lake.TableTarget;
import org.sparkgbert.settings.Settings;

/**
 * What {@link FollowSource} should do.
 *
 * @param mirror corpus, table, columns and model
 * @param trigger when rows are looked for
 * @param checkpoint directory in which it is kept how far the stream is
 */
public record FollowSettings(MirrorSettings mirror, FollowTrigger trigger, String checkpoint) {
  /**
   * @throws IllegalArgumentException if the table has no MERGE
   */
  public FollowSettings {
    Objects.requireNonNull(trigger, "trigger");
    Objects.requireNonNull(checkpoint, "checkpoint");
    TableTarget table = mirror.table();
    String format = table.format();
    if (!format.equalsIgnoreCase("iceberg") && !format.equalsIgnoreCase("delta")) {
      throw new IllegalArgumentException(
          "Cannot follow into a table of %s: only those of iceberg and delta take single rows, and each batch would write the whole table again; give --output-format, or let a scheduler run it without --follow"
              .formatted(format));
    }
  }

  /**
   * Parses settings by their names, as on a command line but without dashes.
   *
   * @throws IllegalArgumentException if a name is unknown, or a text is not a value in range
   */
  public static FollowSettings of(Map<String, String> texts) {
    return of(Settings.parse(texts, FollowOptions.ALL));
  }

  /**
   * Reads the settings of {@link FollowOptions}.
   *
   * @throws IllegalArgumentException if a required one is missing, or one does not apply
   */
  public static FollowSettings of(Settings settings) {
    settings.requireNone(
        FollowOptions.NOT_APPLICABLE, "does not apply with " + FollowOptions.FOLLOW.option());
    settings.requireApplicable(FollowOptions.FOLLOWING);
    return new FollowSettings(
        MirrorSettings.of(settings),
        settings.get(FollowOptions.TRIGGER),
        settings
            .get(FollowOptions.CHECKPOINT)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "Cannot run: %s requires %s, which is not set"
                            .formatted(
                                FollowOptions.FOLLOW.option(),
                                FollowOptions.CHECKPOINT.option()))));
  }
}
