package org.sparkgbert.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import org.sparkgbert.action.Progress;
import org.sparkgbert.action.Stages;
import org.sparkgbert.convert.ImportRequest.Origin;
import org.sparkgbert.convert.ModelSource;
import org.sparkgbert.convert.TrainingCheckpoint;
import org.sparkgbert.convert.hub.HubSettings;
import org.sparkgbert.lake.BundlePublication;
import org.sparkgbert.train.torch.Torch;

/**
 * Trains a sentence encoder on pairs, on this machine, and publishes a checkpoint with its bundle.
 * Spark only reads the pairs.
 *
 * <pre>{@code
 * TrainSettings settings =
 *     TrainSettings.of(
 *         Map.of("model", "default", "train", "pairs", "dev", "dev-pairs", "output", "my-model"));
 * TrainedModel trained = new TrainEncoder(settings).run(spark, Progress.NONE);
 * }</pre>
 *
 * @param settings what to do
 * @param hub how to reach the Hub; used only if the model comes from there
 * @param page makes a page of the results; empty for none
 */
public record TrainEncoder(
    TrainSettings settings,
    Supplier<HubSettings> hub,
    Optional<Function<TrainedModel, String>> page) {
  /** Without a page, and with the Hub as the environment variables of this process say. */
  public TrainEncoder(TrainSettings settings) {
    this(settings, () -> HubSettings.fromEnvironment(System.getenv()), Optional.empty());
  }

  /**
   * Runs the action. An interrupted run leaves its state beside the output, and the next one with
   * the same settings continues it.
   *
   * @param progress is told the loss
   * @return what was done; the model is published
   * @throws IllegalArgumentException if the model cannot be trained, the pairs cannot be read or
   *     evaluated, the output exists and must not be overwritten, another process is writing it, or
   *     an interrupted run had other settings
   * @throws org.sparkgbert.train.torch.DivergedException if loss or gradients are not finite
   * @throws org.sparkgbert.train.torch.TorchException if PyTorch is missing or runs out of memory
   * @throws UncheckedIOException if a file cannot be read or written
   */
  public TrainedModel run(SparkSession spark, Progress progress) {
    Torch.version();
    try (Stages stages = Stages.of(spark, "train encoder", progress);
        BundlePublication publication =
            BundlePublication.beginTrained(settings.output(), settings.mode())) {
      String model = DefaultCheckpoint.of(settings.model()).orElse(settings.model());
      Origin origin = new ModelSource(model, hub).find(progress);
      BundlePublication.requireTrainedSeparate(settings.output(), origin.files());
      BundlePublication.requireTrainedSeparate(
          settings.output(), settings.inputs(), spark.sessionState().newHadoopConf());
      try (TrainingCheckpoint checkpoint = TrainingCheckpoint.open(origin.files())) {
        return new TrainingRun(this, origin, checkpoint, publication, stages).run(spark);
      }
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  private UncheckedIOException cannotWrite(IOException e) {
    String reason = e.getMessage() == null ? e.toString() : e.getMessage();
    return new UncheckedIOException("Cannot write %s: %s".formatted(settings.output(), reason), e);
  }
}
