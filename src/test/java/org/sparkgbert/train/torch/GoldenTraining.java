package org.sparkgbert.train.torch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.sparkgbert.convert.graph.EncoderShape;
import org.sparkgbert.convert.graph.Pooling;

/**
 * Ten steps of a training by PyTorch, made by {@code make_training_golden.py}.
 *
 * @param specification the encoder
 * @param settings how it was trained, without what freezes or drops
 * @param before its weights before training
 * @param after its weights after training
 * @param steps what it was trained on, and what came of it
 */
record GoldenTraining(
    EncoderSpecification specification,
    TrainerSettings settings,
    StoredWeights before,
    StoredWeights after,
    List<Step> steps) {
  private static final Path FOLDER = Path.of("src", "test", "resources", "training");

  /** A batch, and the results of a step on it. */
  record Step(PairBatch batch, double loss, double gradientNorm, double learningRate) {}

  /** Names of all of them. */
  static List<String> names() {
    List<String> names = new ArrayList<>();
    json().get("trainings").fieldNames().forEachRemaining(names::add);
    return names;
  }

  static GoldenTraining read(String name) {
    JsonNode training = json().get("trainings").get(name);
    String model = training.get("model").asText();
    return new GoldenTraining(
        specification(training, model.equals("bert")),
        settings(name, json().get("optimizer")),
        StoredWeights.of(FOLDER.resolve(model), ""),
        StoredWeights.of(FOLDER.resolve(name), ""),
        steps(training.get("steps")));
  }

  private static JsonNode json() {
    try {
      return JsonMapper.builder().build().readTree(FOLDER.resolve("golden.json").toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static EncoderSpecification specification(JsonNode training, boolean bert) {
    EncoderShape shape = new EncoderShape("bert", 2, 16, 2, 32, 60, bert ? 24 : 26, bert ? 0 : 2);
    return new EncoderSpecification(
        shape,
        bert ? 0 : 1,
        bert ? 1e-12 : 1e-5,
        bert ? HiddenActivation.GELU : HiddenActivation.GELU_TANH,
        bert ? 2 : 1,
        0.1,
        0.1,
        Pooling.valueOf(training.get("pooling").asText().toUpperCase(Locale.ROOT)),
        training.get("normalize").asBoolean());
  }

  private static TrainerSettings settings(String name, JsonNode optimizer) {
    Loss loss =
        switch (name) {
          case "contrastive" -> new Loss.Contrastive(Loss.Contrastive.MARGIN);
          case "cosent" -> new Loss.CoSent(Loss.CoSent.SCALE);
          case "multiple-negatives-ranking" ->
              new Loss.MultipleNegativesRanking(Loss.MultipleNegativesRanking.SCALE);
          default -> new Loss.CosineSimilarity();
        };
    return new TrainerSettings(
        loss,
        new OptimizerSettings(
            optimizer.get("learningRate").asDouble(),
            optimizer.get("weightDecay").asDouble(),
            optimizer.get("warmupSteps").asLong(),
            optimizer.get("totalSteps").asLong(),
            optimizer.get("maxGradientNorm").asDouble()),
        Freeze.NOTHING,
        0,
        false,
        17,
        OptionalInt.empty());
  }

  private static List<Step> steps(JsonNode steps) {
    List<Step> read = new ArrayList<>();
    for (JsonNode step : steps) {
      PairBatch batch =
          new PairBatch(
              texts(step.get("first")), texts(step.get("second")), labels(step.get("labels")));
      read.add(
          new Step(
              batch,
              step.get("loss").asDouble(),
              step.get("gradientNorm").asDouble(),
              step.get("learningRate").asDouble()));
    }
    return read;
  }

  private static int[][] texts(JsonNode rows) {
    return JsonMapper.builder().build().convertValue(rows, int[][].class);
  }

  private static float[] labels(JsonNode labels) {
    return JsonMapper.builder().build().convertValue(labels, float[].class);
  }
}
