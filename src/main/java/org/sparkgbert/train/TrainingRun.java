package org.sparkgbert.train;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.sparkgbert.action.Stages;
import org.sparkgbert.convert.ImportRequest.Origin;
import org.sparkgbert.convert.TrainingCheckpoint;
import org.sparkgbert.files.Checksums;
import org.sparkgbert.lake.BundlePublication;
import org.sparkgbert.train.torch.EncoderTrainer;
import org.sparkgbert.train.torch.TensorShapes;
import org.sparkgbert.train.torch.Torch;

/**
 * A run of {@link TrainEncoder}, once the model's files and the output's name are its own.
 *
 * <p><b>Threads:</b> for one thread.
 */
final class TrainingRun {
  private final TrainEncoder action;
  private final TrainSettings settings;
  private final Origin origin;
  private final TrainingCheckpoint checkpoint;
  private final BundlePublication publication;
  private final TrainingState state;
  private final Stages stages;
  private final Notes notes;
  private final long start = System.nanoTime();

  TrainingRun(
      TrainEncoder action,
      Origin origin,
      TrainingCheckpoint checkpoint,
      BundlePublication publication,
      Stages stages) {
    this.action = action;
    this.settings = action.settings();
    this.origin = origin;
    this.checkpoint = checkpoint;
    this.publication = publication;
    this.state = TrainingState.of(settings.output());
    this.stages = stages;
    this.notes = Notes.of(stages.progress());
  }

  TrainedModel run(SparkSession spark) throws IOException {
    checkpoint.notes().forEach(notes::add);
    // Refuses layers and limits that the model lacks before anything is read.
    PreparedModel.of(checkpoint, settings.parts(), Optional.empty());
    TrainingDevice device = TrainingDevice.of(settings.recipe().device());
    stages.begin("read pairs");
    PairInput input = new PairInput(spark, settings.pairs(), settings.recipe().loss(), notes);
    PairTable train = input.train();
    PairTable dev = input.dev();
    Tokenizers tokenizers = new Tokenizers(checkpoint, publication.staging(), notes);
    stages.begin("tokenize");
    PreparedModel model =
        PreparedModel.of(
            checkpoint,
            settings.parts(),
            tokenizers.cut(spark, settings.parts(), List.of(train, dev)));
    Task task =
        Task.of(
            settings,
            tokenizers.tokens("--train", train, model),
            tokenizers.tokens("--dev", dev, model));
    task.describe(notes);
    Map<String, String> texts = texts(model, train, dev, device);
    Curve curve = train(model, task, device, texts);
    curve.describe(notes);
    long skipped =
        train.skipped() + dev.skipped() + task.pairs().empty() + task.dev().pairs().empty();
    TrainedModel trained = trained(task, texts, curve, device, skipped);
    stages.begin("write model");
    publish(model, trained);
    return trained;
  }

  private Map<String, String> texts(
      PreparedModel model, PairTable train, PairTable dev, TrainingDevice device) {
    Map<String, String> texts = SettingsText.of(settings, model.maxSeqLength());
    texts.put("--device", device.toString());
    texts.put("revision of the model", origin.revision());
    texts.put("configuration of the model", sha256(checkpoint.config().toString()));
    texts.put("tokens of the model", sha256(model.tokenizer().toString()));
    texts.put("weights of the model", WeightChecksum.of(model.weights()));
    texts.put("pairs of --train", train.checksum());
    texts.put("pairs of --dev", dev.checksum());
    return texts;
  }

  private static String sha256(String text) {
    return Checksums.sha256(text.getBytes(StandardCharsets.UTF_8));
  }

  private Curve train(
      PreparedModel model, Task task, TrainingDevice device, Map<String, String> texts) {
    Optional<Curve> before = state.begin(texts, settings.start());
    stages.begin("train");
    try (EncoderTrainer trainer =
        EncoderTrainer.open(model.specification(), model.weights(), task.settings(device))) {
      if (before.isPresent()) {
        state.restore(trainer);
        notes.add("Continued after step %,d of an interrupted run.".formatted(trainer.steps()));
      }
      return new TrainingLoop(trainer, task, TensorShapes.of(model.specification()), state)
          .run(before.map(Recorder::after).orElseGet(Recorder::empty), stages.progress());
    } catch (RuntimeException | Error e) {
      state.deleteUnlessSaved();
      throw e;
    }
  }

  private TrainedModel trained(
      Task task, Map<String, String> texts, Curve curve, TrainingDevice device, long skipped) {
    return new TrainedModel(
        settings.output(),
        settings.output().resolve(TrainedDirectory.BUNDLE),
        base(),
        settings.licence().orElse(""),
        texts,
        new TrainedModel.Pairs(
            task.pairs().size(), task.dev().pairs().size(), task.similar(), skipped),
        task.order().stepsPerEpoch(),
        curve,
        device.toString(),
        Torch.version(),
        notes.lines(),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        Duration.ofNanos(System.nanoTime() - start));
  }

  private String base() {
    return origin.revision().equals("local")
        ? settings.model()
        : origin.source() + "@" + origin.revision();
  }

  private void publish(PreparedModel model, TrainedModel trained) throws IOException {
    String name = settings.output().toAbsolutePath().normalize().getFileName().toString();
    Origin made =
        new Origin(origin.files(), name, "training from " + base(), "local", trained.licence());
    TrainedDirectory directory = new TrainedDirectory(publication.staging());
    directory.writeModel(
        model, state.best(trained.curve().best().step()), made, settings.precision());
    directory.describe(trained, action.page());
    publication.commit();
    state.delete();
  }
}
