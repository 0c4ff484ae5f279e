package org.sparkgbert.train;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@link TrainEncoder} did.
 *
 * @param output the directory with checkpoint, report and figures
 * @param bundle the bundle inside it
 * @param base the model that was trained, and its revision
 * @param licence the trained model's licence; empty if none was given
 * @param settings all settings by their names for users
 * @param pairs what pairs there were
 * @param stepsPerEpoch steps of an epoch
 * @param curve how training went
 * @param device what it ran on
 * @param pytorch version of PyTorch
 * @param notes what users should know
 * @param finished when, ISO 8601 in UTC
 * @param took wall time of this run, from its start to the published model
 */
public record TrainedModel(
    Path output,
    Path bundle,
    String base,
    String licence,
    Map<String, String> settings,
    Pairs pairs,
    long stepsPerEpoch,
    Curve curve,
    String device,
    String pytorch,
    List<String> notes,
    String finished,
    Duration took) {
  /**
   * What pairs there were.
   *
   * @param train pairs that were learnt from
   * @param dev pairs that were evaluated on
   * @param similar of the first, those that counted as similar; all for losses without labels
   * @param skipped rows of both that lack a sentence or a score
   */
  public record Pairs(long train, long dev, long similar, long skipped) {}

  /** Copies the collections. */
  public TrainedModel {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    notes = List.copyOf(notes);
  }
}
