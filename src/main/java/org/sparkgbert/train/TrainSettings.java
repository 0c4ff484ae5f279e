package org.sparkgbert.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.sparkgbert.convert.ImportOptions;
import org.sparkgbert.convert.graph.ElementType;
import org.sparkgbert.lake.WriteMode;
import org.sparkgbert.settings.Labels;
import org.sparkgbert.settings.Settings;

/**
 * What {@link TrainEncoder} should do.
 *
 * @param model a checkpoint's directory, a Hub id, or {@code default}
 * @param parts what of it is kept and trained
 * @param pairs where pairs come from
 * @param recipe how it learns
 * @param output directory to write
 * @param mode what happens if it exists; only a trained model is ever overwritten
 * @param precision how the bundle's matrices are stored
 * @param licence licence of the trained model
 * @param start what happens to the state of an interrupted run
 */
public record TrainSettings(
    String model,
    ModelParts parts,
    PairReading pairs,
    Recipe recipe,
    Path output,
    WriteMode mode,
    ElementType precision,
    Optional<String> licence,
    Start start) {
  /** What happens to the state that an interrupted run left. */
  public enum Start {
    /** It is continued if there is one. */
    CONTINUE,
    /** It is continued, and must be there. */
    RESUME,
    /** It is deleted. */
    ANEW
  }

  /**
   * @throws IllegalArgumentException if a name is blank
   */
  public TrainSettings {
    TrainOptions.MODEL.require(model);
    Objects.requireNonNull(parts, "parts");
    Objects.requireNonNull(pairs, "pairs");
    Objects.requireNonNull(recipe, "recipe");
    TrainOptions.OUTPUT.require(output);
    Objects.requireNonNull(mode, "mode");
    Objects.requireNonNull(precision, "precision");
    TrainOptions.LICENCE.require(licence);
    Objects.requireNonNull(start, "start");
  }

  /**
   * Parses settings by their names, as on a command line but without dashes.
   *
   * @throws IllegalArgumentException if a name is unknown, or a text is not a value in range
   */
  public static TrainSettings of(Map<String, String> texts) {
    return of(Settings.parse(texts, TrainOptions.ALL));
  }

  /**
   * Reads the settings of {@link TrainOptions}.
   *
   * @throws IllegalArgumentException if a required one is missing, or two exclude each other
   */
  public static TrainSettings of(Settings settings) {
    settings.requireApplicable(TrainOptions.ALL);
    requireThresholdApplies(settings);
    Start start =
        settings.get(TrainOptions.RESTART)
            ? Start.ANEW
            : settings.get(TrainOptions.RESUME) ? Start.RESUME : Start.CONTINUE;
    return new TrainSettings(
        settings.get(TrainOptions.MODEL),
        ModelParts.of(settings),
        PairReading.of(settings),
        Recipe.of(settings),
        settings.get(TrainOptions.OUTPUT),
        settings.get(TrainOptions.MODE),
        settings.get(ImportOptions.PRECISION),
        settings.get(TrainOptions.LICENCE),
        start);
  }

  private static void requireThresholdApplies(Settings settings) {
    LossChoice loss = settings.get(TrainOptions.LOSS);
    if (loss == LossChoice.COSINE_SIMILARITY || loss == LossChoice.COSENT) {
      settings.requireNone(
          List.of(TrainOptions.LABEL_THRESHOLD), "does not apply with --loss " + Labels.of(loss));
    }
  }

  /** All that is read besides the model: paths, globs or names of tables. */
  List<String> inputs() {
    List<String> inputs = new ArrayList<>(pairs.train().paths());
    inputs.addAll(pairs.dev().paths());
    parts.vocabulary().ifPresent(corpus -> inputs.addAll(corpus.paths()));
    return inputs;
  }
}
