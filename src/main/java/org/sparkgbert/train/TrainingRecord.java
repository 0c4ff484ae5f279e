package org.sparkgbert.train;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Map;
import org.sparkgbert.model.Version;

/**
 * What {@code training.json} holds, which is the manifest of a trained model.
 *
 * @param tool version of spark-gbert
 * @param finished when, ISO 8601 in UTC
 * @param base the model that was trained
 * @param licence as given, empty if it was not
 * @param settings by their names for users
 * @param pairs what pairs there were
 * @param steps steps done
 * @param stepsPerEpoch steps of an epoch
 * @param tokens tokens of all steps, without padding
 * @param seconds time of steps and evaluations, those of interrupted runs included
 * @param device what it ran on
 * @param pytorch version of PyTorch
 * @param before score before training
 * @param best score of the published weights
 * @param scores all scores
 * @param notes what users should know
 * @param files all other files
 */
@JsonNaming(SnakeCaseStrategy.class)
record TrainingRecord(
    String tool,
    String finished,
    String base,
    String licence,
    Map<String, String> settings,
    TrainedModel.Pairs pairs,
    long steps,
    long stepsPerEpoch,
    long tokens,
    double seconds,
    String device,
    String pytorch,
    DevScore before,
    DevScore best,
    List<DevScore> scores,
    List<String> notes,
    List<WrittenFile> files) {
  /**
   * A file of the model.
   *
   * @param name its path in the model's directory
   * @param size length in bytes
   * @param sha256 SHA-256 of the content
   */
  record WrittenFile(String name, long size, String sha256) {}

  static TrainingRecord of(TrainedModel model, List<WrittenFile> files) {
    Curve curve = model.curve();
    return new TrainingRecord(
        Version.CURRENT,
        model.finished(),
        model.base(),
        model.licence(),
        model.settings(),
        model.pairs(),
        curve.steps(),
        model.stepsPerEpoch(),
        curve.tokens(),
        curve.seconds(),
        model.device(),
        model.pytorch(),
        curve.before(),
        curve.best(),
        curve.scores(),
        model.notes(),
        files);
  }
}
