package org.sparkgbert.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.TinyModel;
import org.sparkgbert.action.Progress;
import org.sparkgbert.convert.RandomCheckpoint;
import org.sparkgbert.convert.TrainingCheckpoint;
import org.sparkgbert.convert.hub.ModelCard;
import org.sparkgbert.encode.SentenceEncoder;
import org.sparkgbert.files.Checksums;
import org.sparkgbert.files.Directories;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.settings.Settings;
import org.sparkgbert.tokenize.LongText;
import org.sparkgbert.tokenize.SentenceTokenizer;
import org.sparkgbert.tokenize.TextCleaner;
import org.sparkgbert.train.torch.EncoderTrainer;
import org.sparkgbert.train.torch.Freeze;
import org.sparkgbert.train.torch.Loss;
import org.sparkgbert.train.torch.OptimizerSettings;
import org.sparkgbert.train.torch.TrainerSettings;

/** A whole training, its output, and how it continues after an interruption. */
class TrainEncoderTest {
  private static final List<String> TEXTS =
      List.of("ba bö bu", "ta tö ragu dago", "Ein Satz mit Umlauten: Äpfel & Öl!");

  @TempDir static Path folder;

  private static Toy toy;
  private static TrainedModel trained;

  @BeforeAll
  static void train() throws IOException {
    toy = Toy.in(folder);
    trained = toy.train("whole", "licence", "cc-by-4.0");
  }

  @Test
  void theLossFallsAndTheDevScoreRises() {
    List<Double> losses = trained.curve().losses();
    assertThat(losses).hasSize(16);
    assertThat(mean(losses.subList(12, 16))).isLessThan(0.5 * mean(losses.subList(0, 4)));
    assertThat(trained.curve().best().spearman())
        .isGreaterThan(trained.curve().before().spearman() + 0.1);
    assertThat(trained.curve().scores())
        .extracting(DevScore::step)
        .containsExactly(0L, 5L, 10L, 15L, 16L);
  }

  @Test
  void theRateRisesAndFallsAsTheScheduleSays() {
    assertThat(trained.curve().learningRates().get(0)).isZero();
    assertThat(trained.curve().learningRates().get(2)).isCloseTo(2e-3, within(1e-12));
    assertThat(trained.curve().learningRates().get(15)).isCloseTo(2e-3 / 14, within(1e-12));
  }

  @Test
  void theManifestListsEveryFileAndTheCardItsLicence() throws IOException {
    JsonNode manifest =
        JsonMapper.builder().build().readTree(toy.path("whole/training.json").toFile());
    List<String> listed = new ArrayList<>();
    for (JsonNode file : manifest.get("files")) {
      Path path = toy.path("whole").resolve(file.get("name").asText());
      listed.add(file.get("name").asText());
      assertThat(Files.size(path)).isEqualTo(file.get("size").asLong());
      assertThat(Checksums.sha256(path)).isEqualTo(file.get("sha256").asText());
    }
    assertThat(listed)
        .contains(
            "1_Pooling/config.json",
            "README.md",
            "bundle/bundle.json",
            "bundle/model.onnx",
            "config.json",
            "config_sentence_transformers.json",
            "model.safetensors",
            "modules.json",
            "report.html",
            "sentence_bert_config.json",
            "similarity_evaluation_dev_results.csv",
            "tokenizer.json",
            "tokenizer_config.json")
        .doesNotContain("training.json");
    assertThat(ModelCard.read(toy.path("whole")).licence()).contains("cc-by-4.0");
    assertThat(Bundle.open(trained.bundle()).manifest().licence()).isEqualTo("cc-by-4.0");
    assertThat(manifest.at("/settings/--learning-rate").asText()).isEqualTo("0.002");
    assertThat(toy.hasState("whole")).isFalse();
    assertThat(folder.toFile().list()).doesNotContain(".whole.publish");
  }

  @Test
  void scoresAreACsvFileOfSentenceTransformers() throws IOException {
    List<String> lines =
        Files.readAllLines(toy.path("whole/similarity_evaluation_dev_results.csv"));
    assertThat(lines).hasSize(6);
    assertThat(lines.get(0)).isEqualTo("epoch,steps,cosine_pearson,cosine_spearman");
    assertThat(lines.get(2)).startsWith("0.625,5,");
    assertThat(lines.get(5)).startsWith("2.0,16,");
  }

  @Test
  void theBundleHasTheTrainersVectors() {
    float[][] ofTrainer = embed(toy.path("whole"), TEXTS);
    try (SentenceEncoder encoder =
        SentenceEncoder.open(Bundle.open(trained.bundle()), TinyModel.settings())) {
      float[][] ofBundle = encoder.encode(TEXTS);
      for (int row = 0; row < ofBundle.length; row++) {
        assertThat(ofBundle[row]).containsExactly(ofTrainer[row], within(1e-5f));
      }
    }
  }

  @Test
  void anInterruptedTrainingContinuesToTheSameBits() throws IOException {
    for (int step : List.of(5, 4)) {
      assertThatThrownBy(() -> toy.train(new StopAfter(step), "stopped"))
          .hasMessage("stopped by the test");
      assertThat(toy.path("stopped")).doesNotExist();
      assertThat(toy.hasState("stopped")).isTrue();
    }
    TrainedModel continued = toy.train("stopped", "resume", "true");
    assertThat(continued.notes()).contains("Continued after step 6 of an interrupted run.");
    assertThat(continued.curve().losses()).isEqualTo(trained.curve().losses());
    assertThat(continued.curve().scores()).isEqualTo(trained.curve().scores());
    assertThat(toy.path("stopped/model.safetensors"))
        .hasSameBinaryContentAs(toy.path("whole/model.safetensors"));
    assertThat(toy.hasState("stopped")).isFalse();
  }

  @Test
  void otherSettingsThanItBeganWithAreRefusedByName() {
    assertThatThrownBy(() -> toy.train(new StopAfter(4), "other"))
        .hasMessage("stopped by the test");
    assertThatThrownBy(() -> toy.train("other", "learning-rate", "1e-3"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(
            "it began with --learning-rate 0.002, found 0.001; use the settings that it began with, or --restart");
    assertThatThrownBy(() -> toy.train("other", "where", "score > 0"))
        .hasMessageContaining("it began with --where not set, found score > 0");
    TrainedModel anew = toy.train("other", "epochs", "1", "restart", "true");
    assertThat(anew.curve().steps()).isEqualTo(8);
  }

  @Test
  void otherWeightsThanItBeganWithAreRefused() throws IOException {
    Path model = toy.path("changing");
    RandomCheckpoint.write(RandomCheckpoint.Shape.parse("2,32,2,64,600,64"), model);
    String[] settings = {"model", model.toString(), "freeze", "embeddings"};
    assertThatThrownBy(() -> toy.train(new StopAfter(4), "mixed", settings))
        .hasMessage("stopped by the test");
    try (FileChannel file =
        FileChannel.open(model.resolve("model.safetensors"), StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(new byte[4000]), file.size() / 2);
    }
    assertThatThrownBy(() -> toy.train("mixed", settings))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("it began with weights of the model ")
        .hasMessageEndingWith("use the settings that it began with, or --restart to begin anew");
  }

  @Test
  void aDamagedStateIsSaidBeforeAnyStep() throws IOException {
    assertThatThrownBy(() -> toy.train(new StopAfter(7), "broken"))
        .hasMessage("stopped by the test");
    Path state = toy.path(".broken.training");
    Path trainer = state.resolve("saved-6/trainer.bin");
    byte[] whole = Files.readAllBytes(trainer);
    Files.write(trainer, Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> toy.train("broken"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(state.resolve("saved-6").toString())
        .hasMessageEndingWith("use --restart to begin anew");
    Files.write(trainer, whole);
    Directories.delete(state.resolve("best-5"));
    assertThatThrownBy(() -> toy.train("broken"))
        .hasMessageContaining("its best weights so far are gone, found no " + state)
        .hasMessageEndingWith("use --restart to begin anew");
  }

  @Test
  void nothingSavedIsNothingToResume() throws IOException {
    Files.createDirectories(toy.path(".early.training"));
    Files.writeString(toy.path(".early.training/settings.json"), "{}");
    assertThatThrownBy(() -> toy.train("early", "resume", "true"))
        .hasMessageContaining("found nothing saved in ")
        .hasMessageEndingWith("leave out --resume");
  }

  @Test
  void nothingToResumeIsAnError() {
    assertThatThrownBy(() -> toy.train("never-begun", "resume", "true"))
        .hasMessageContaining("no interrupted run left its state")
        .hasMessageEndingWith("leave out --resume");
    assertThat(folder.toFile().list())
        .doesNotContain(".never-begun.training", ".never-begun.publish");
  }

  @Test
  void onlyATrainedModelIsOverwritten() throws IOException {
    toy.train("twice", "epochs", "1");
    assertThatThrownBy(() -> toy.train("twice"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Cannot write trained model")
        .hasMessageContaining("--mode overwrite");
    TrainedModel again = toy.train("twice", "mode", "overwrite", "epochs", "1", "seed", "7");
    assertThat(again.curve().losses()).isNotEqualTo(trained.curve().losses().subList(0, 8));
    Files.createDirectories(toy.path("photos"));
    Files.writeString(toy.path("photos/holiday.jpg"), "not ours");
    assertThatThrownBy(() -> toy.train("photos", "mode", "overwrite"))
        .hasMessageContaining("it is not a trained model, found holiday.jpg");
    assertThat(toy.path("photos/holiday.jpg")).exists();
  }

  private static float[][] embed(Path directory, List<String> texts) {
    try (TrainingCheckpoint checkpoint = TrainingCheckpoint.open(directory);
        SentenceTokenizer tokenizer =
            SentenceTokenizer.open(
                directory.resolve("tokenizer.json"),
                TextCleaner.of(Settings.NONE),
                checkpoint.prompt(),
                checkpoint.maxSeqLength(),
                LongText.CUT)) {
      PreparedModel model = PreparedModel.of(checkpoint, ModelParts.ALL, Optional.empty());
      List<Pair> pairs = texts.stream().map(text -> new Pair(text, text, 1)).toList();
      try (EncoderTrainer trainer =
          EncoderTrainer.open(model.specification(), model.weights(), evaluationOnly())) {
        return trainer.embed(TokenPairs.of(pairs, tokenizer).first());
      }
    }
  }

  private static TrainerSettings evaluationOnly() {
    return new TrainerSettings(
        new Loss.CosineSimilarity(),
        new OptimizerSettings(1e-3, 0, 0, 1, 1),
        Freeze.NOTHING,
        0,
        false,
        1,
        OptionalInt.empty());
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }

  /** Throws after some steps of a run. */
  private record StopAfter(long step) implements Progress {
    @Override
    public void steps(long done, long total, String noun, String detail) {
      if (done == step) {
        throw new IllegalStateException("stopped by the test");
      }
    }
  }
}
