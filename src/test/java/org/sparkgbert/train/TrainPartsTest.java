package org.sparkgbert.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.TestSpark;
import org.sparkgbert.convert.TrainingCheckpoint;
import org.sparkgbert.convert.checkpoint.WeightFiles;
import org.sparkgbert.convert.checkpoint.Weights;
import org.sparkgbert.model.Bundle;

/** Parts of a model: some of its layers, its vocabulary, its weights. */
class TrainPartsTest {
  private static final String WORDS = "embeddings.word_embeddings.weight";
  private static final String QUERY = "encoder.layer.%d.attention.self.query.weight";
  private static final String OUTPUT = "encoder.layer.%d.output.dense.weight";

  @TempDir static Path folder;

  private static Toy toy;

  @BeforeAll
  static void write() throws IOException {
    toy = Toy.in(folder);
  }

  @Test
  void keptLayersAreRenumberedAndFrozenEmbeddingsStay() throws IOException {
    toy.train(
        "one-layer",
        "layers",
        "1",
        "freeze",
        "embeddings",
        "loss",
        "contrastive",
        "epochs",
        "1",
        "max-seq-length",
        "16");
    JsonNode config = json("one-layer/config.json");
    assertThat(config.get("num_hidden_layers").asInt()).isEqualTo(1);
    assertThat(json("one-layer/sentence_bert_config.json").get("max_seq_length").asInt())
        .isEqualTo(16);
    try (Weights before = WeightFiles.open(toy.path("base"));
        Weights after = WeightFiles.open(toy.path("one-layer"))) {
      assertThat(after.names())
          .contains(OUTPUT.formatted(0), "pooler.dense.weight")
          .doesNotContain(OUTPUT.formatted(1));
      assertThat(after.floats(WORDS)).isEqualTo(before.floats(WORDS));
      assertThat(after.floats("pooler.dense.weight"))
          .isEqualTo(before.floats("pooler.dense.weight"));
      // Trained from those of layer 1, so much nearer to them than to those of layer 0.
      float[] trained = after.floats(OUTPUT.formatted(0));
      assertThat(distance(trained, before.floats(OUTPUT.formatted(1)))).isBetween(1e-6, 0.5);
      assertThat(distance(trained, before.floats(OUTPUT.formatted(0)))).isGreaterThan(0.9);
    }
    assertThat(Bundle.open(toy.path("one-layer/bundle")).manifest().maxSeqLength()).isEqualTo(16);
  }

  @Test
  void aPrunedModelWithMergedLoraIsACheckpoint() throws IOException {
    TestSpark.texts(List.of("gaba düba", "Äpfel"), 1)
        .write()
        .parquet(toy.path("corpus").toString());
    TrainedModel trained =
        toy.train(
            "pruned",
            "prune-vocabulary",
            toy.path("corpus").toString(),
            "lora",
            "4",
            "loss",
            "multiple-negatives-ranking",
            "epochs",
            "1");
    assertThat(trained.pairs().train()).isEqualTo(Toy.TRAIN / 2);
    JsonNode config = json("pruned/config.json");
    assertThat(config.get("vocab_size").asInt()).isBetween(100, 400);
    assertThat(trained.notes())
        .contains(
            "Vocabulary: %d of 600 token embeddings are kept."
                .formatted(config.get("vocab_size").asInt()))
        .contains("32 pairs of --train have a mapped score below 0.5 and are left out.");
    try (Weights before = WeightFiles.open(toy.path("base"));
        Weights after = WeightFiles.open(toy.path("pruned"))) {
      assertThat(after.names()).noneMatch(name -> name.contains("lora"));
      assertThat(after.floats(OUTPUT.formatted(0))).isEqualTo(before.floats(OUTPUT.formatted(0)));
      assertThat(after.floats(QUERY.formatted(0))).isNotEqualTo(before.floats(QUERY.formatted(0)));
    }
    try (TrainingCheckpoint again = TrainingCheckpoint.open(toy.path("pruned"))) {
      assertThat(again.specialTokens()).containsEntry("pad_token", "[PAD]");
      PreparedModel.of(again, ModelParts.ALL, Optional.empty());
    }
  }

  private static double distance(float[] left, float[] right) {
    double squares = 0;
    double norm = 0;
    for (int i = 0; i < left.length; i++) {
      squares += (left[i] - right[i]) * (left[i] - right[i]);
      norm += right[i] * right[i];
    }
    return Math.sqrt(squares / norm);
  }

  private static JsonNode json(String file) throws IOException {
    return JsonMapper.builder().build().readTree(Files.readString(toy.path(file)));
  }
}
