package org.sparkgbert.enrich;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.sparkgbert.lake.KeepOld;
import org.sparkgbert.settings.Settings;

/**
 * What {@link PruneCache} should do. A vector goes if it is old enough, and its text is in no table
 * or none of the models made it.
 *
 * @param cache the cache
 * @param keep tables whose texts keep their vectors; none if texts do not matter
 * @param keepModels models whose vectors are kept; none if models do not matter
 * @param olderThan days; vectors that were added later are kept; empty if age does not matter
 * @param keepOld how long files stay that were replaced
 * @param dryRun whether nothing is done
 */
public record PruneSettings(
    CachePlace cache,
    List<String> keep,
    List<String> keepModels,
    Optional<Integer> olderThan,
    KeepOld keepOld,
    boolean dryRun) {
  /**
   * @throws IllegalArgumentException if nothing says what goes
   */
  public PruneSettings {
    Objects.requireNonNull(cache, "cache");
    keep = List.copyOf(keep);
    keepModels = List.copyOf(keepModels);
    Objects.requireNonNull(keepOld, "keepOld");
    if (keep.isEmpty() && keepModels.isEmpty() && olderThan.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot prune %s: nothing says what goes; give %s, %s or %s"
              .formatted(
                  cache,
                  PruneOptions.KEEP.option(),
                  PruneOptions.KEEP_MODEL.option(),
                  PruneOptions.OLDER_THAN.option()));
    }
  }

  /**
   * Parses settings by their names, as on a command line but without dashes.
   *
   * @throws IllegalArgumentException if a name is unknown, or a text is not a value in range
   */
  public static PruneSettings of(Map<String, String> texts) {
    return of(Settings.parse(texts, PruneOptions.ALL));
  }

  /**
   * Reads the settings of {@link PruneOptions}.
   *
   * @throws IllegalArgumentException if a required one is missing
   */
  public static PruneSettings of(Settings settings) {
    return new PruneSettings(
        new CachePlace(settings.get(PruneOptions.CACHE), settings.get(PruneOptions.CACHE_FORMAT)),
        settings.get(PruneOptions.KEEP),
        settings.get(PruneOptions.KEEP_MODEL),
        settings.get(PruneOptions.OLDER_THAN),
        settings.get(PruneOptions.KEEP_OLD),
        settings.get(PruneOptions.DRY_RUN));
  }
}
