package org.sparkgbert.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.convert.checkpoint.SafetensorsWriter;
import org.sparkgbert.convert.checkpoint.WeightFiles;
import org.sparkgbert.convert.checkpoint.Weights;
import org.sparkgbert.files.Directories;

/** What cannot be trained is said in one line, and leaves nothing behind. */
class TrainRefusalsTest {
  private static final String CHECKPOINTS = "src/test/resources/checkpoints/";

  @TempDir static Path folder;

  private static Toy toy;

  @BeforeAll
  static void write() throws IOException {
    toy = Toy.in(folder);
    ToyPairs.write(
        folder.resolve("equal"),
        List.of(RowFactory.create("ba", "bu", 3.0), RowFactory.create("ta", "tu", 3.0)));
    ToyPairs.write(folder.resolve("different"), List.of(RowFactory.create("ba", "bu", 0.0)));
  }

  @AfterEach
  void nothingIsLeft() {
    assertThat(folder.toFile().list())
        .containsExactlyInAnyOrder("base", "train", "dev", "equal", "different");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "layers|2|--layers must be from 0 to 1, the last layer of the model, found 2",
        "layers|1,0|--layers must be numbers from 0 on, each above the one before, found '1,0'",
        "freeze|layers=2|--freeze must leave a layer of 2 to train, found layers=2",
        "freeze|all|--freeze must be embeddings or layers=N, found 'all'",
        "max-seq-length|65|--max-seq-length must be from 3 to 64, the model's own, found 65",
        "score-range|5,0|--score-range must be two numbers such as 0,5, found '5,0'",
        "score-range|0,4|must be from 0 to 4 (--score-range), found 5.0",
        "lora|0|--lora must be from 1 to 1024",
        "loss|triplet|--loss must be contrastive, cosine-similarity, cosent or multiple-negatives-ranking, found 'triplet'",
        "sentence2-column|answer|answer",
        "label-threshold|0.9|--label-threshold does not apply with --loss cosine-similarity",
        "epochs|0|--epochs must be at least 1, found 0",
      })
  void settingsThatCannotWork(String setting, String value, String message) {
    assertThatThrownBy(() -> toy.train("never", setting, value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot ")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dense|it must have no Dense module, found 1 in modules.json",
        "electra|its architecture must be BERT, RoBERTa or XLM-RoBERTa, found electra",
        "modernbert|its architecture must be BERT, RoBERTa or XLM-RoBERTa, found modernbert",
        "truncate-dim|it must keep all elements of an embedding, found truncate_dim ",
        "pooling-max|pooling must be mean or cls, found max",
        "pooling-cls-mean|pooling must be mean or cls, found cls+mean",
      })
  void modelsThatAreNotUnderstood(String checkpoint, String message) {
    assertThatThrownBy(() -> toy.train("never", "model", CHECKPOINTS + checkpoint))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot train model: " + message);
  }

  @Test
  void continuingAndBeginningAnew() {
    assertThatThrownBy(() -> toy.train("never", "resume", "true", "restart", "true"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot run: --restart does not apply with --resume");
  }

  @Test
  void aDevSetWithoutVariance() {
    assertThatThrownBy(() -> toy.train("never", "dev", toy.path("equal").toString()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot train: all 2 gold scores of --dev are the same");
  }

  @Test
  void noPairThatIsSimilar() {
    assertThatThrownBy(
            () ->
                toy.train(
                    "never",
                    "train",
                    toy.path("different").toString(),
                    "loss",
                    "multiple-negatives-ranking"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no pair with a mapped score of at least 0.5 (--label-threshold)");
  }

  @Test
  void contrastiveLossWithPairsOfOneKind() {
    assertThatThrownBy(
            () ->
                toy.train(
                    "never", "train", toy.path("different").toString(), "loss", "contrastive"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot train: --loss contrastive needs pairs that are similar and pairs that are not, found 0 of 1 similar; see --score-range and --label-threshold");
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:%s/train", "%s/tr?in", "%s/t*"})
  void anOutputInsideOfWhatIsReadByAnotherName(String input) {
    Path output = toy.path("train").resolve("new");
    assertThatThrownBy(
            () -> toy.train("never", "train", input.formatted(folder), "output", output.toString()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot write trained model: ")
        .hasMessageContaining("lies in the input");
  }

  @Test
  void weightsThatGiveNoFiniteVectors() throws IOException {
    Path huge = Files.createDirectories(toy.path("dev").resolve("_huge"));
    String scale = "embeddings.LayerNorm.weight";
    try (Weights weights = WeightFiles.open(toy.path("base"));
        Stream<Path> files = Files.list(toy.path("base"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".json")).toList()) {
        Files.copy(file, huge.resolve(file.getFileName()));
      }
      Files.copy(toy.path("base/vocab.txt"), huge.resolve("vocab.txt"));
      Files.delete(huge.resolve("modules.json"));
      Map<String, long[]> shapes = new LinkedHashMap<>();
      weights.names().forEach(name -> shapes.put(name, weights.info(name).shape()));
      SafetensorsWriter.write(
          huge.resolve("model.safetensors"),
          shapes,
          name -> {
            float[] values = weights.floats(name);
            if (name.equals(scale)) {
              Arrays.fill(values, 1e30f);
            }
            return values;
          });
    }
    try {
      assertThatThrownBy(() -> toy.train("never", "model", huge.toString()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("Cannot evaluate at step 0: vectors must be finite, found NaN");
    } finally {
      Directories.delete(huge);
    }
  }

  @Test
  void anOutputThatCannotBeWritten() throws IOException {
    Path file = Files.createTempFile("spark-gbert", ".file");
    try {
      assertThatThrownBy(() -> toy.train("never", "output", file.resolve("model").toString()))
          .hasMessageStartingWith("Cannot ")
          .hasMessageContaining(file.toString());
    } finally {
      Files.delete(file);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"base", "train", "dev"})
  void anOutputInsideOfWhatIsRead(String input) {
    Path output = toy.path(input).resolve("new");
    assertThatThrownBy(() -> toy.train("never", "output", output.toString()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot write trained model: ")
        .hasMessageContaining("lies in the input");
    assertThat(toy.path(input).toFile().list()).noneMatch(name -> name.contains("new"));
  }
}
