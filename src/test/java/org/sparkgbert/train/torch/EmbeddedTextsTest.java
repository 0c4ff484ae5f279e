package org.sparkgbert.train.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.convert.TestCheckpoints;
import org.sparkgbert.convert.graph.EncoderShape;
import org.sparkgbert.convert.graph.Pooling;

/** Vectors are those of sentence-transformers, as the bundles' are. */
class EmbeddedTextsTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final float TOLERANCE = 1e-5f;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bert-uncased",
        "bert-plain-hf",
        "pooling-cls",
        "gelu-new",
        "roberta",
        "camembert",
        "xlmr-unigram"
      })
  void committedCheckpointsGiveTheirGoldenVectors(String name) throws IOException {
    Path folder = TestCheckpoints.FOLDER.resolve(name);
    List<int[]> tokens = new ArrayList<>();
    List<float[]> vectors = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve("golden.jsonl"))) {
      JsonNode golden = JSON.readTree(line);
      tokens.add(JSON.convertValue(golden.get("token_ids"), int[].class));
      vectors.add(JSON.convertValue(golden.get("embedding"), float[].class));
    }
    try (EncoderTrainer trainer = open(folder, name)) {
      float[][] found = trainer.embed(tokens.toArray(int[][]::new));
      for (int i = 0; i < found.length; i++) {
        assertThat(found[i]).containsExactly(vectors.get(i), within(TOLERANCE));
      }
    }
  }

  private static EncoderTrainer open(Path folder, String name) throws IOException {
    JsonNode config = JSON.readTree(folder.resolve("config.json").toFile());
    boolean bert = config.get("model_type").asText().equals("bert");
    String prefix = name.equals("roberta") ? "roberta." : "";
    EncoderShape shape =
        new EncoderShape(
            "bert",
            2,
            config.get("hidden_size").asInt(),
            config.get("num_attention_heads").asInt(),
            config.get("intermediate_size").asInt(),
            config.get("vocab_size").asInt(),
            config.get("max_position_embeddings").asInt(),
            bert ? 0 : 2);
    EncoderSpecification specification =
        new EncoderSpecification(
            shape,
            bert ? 0 : 1,
            config.get("layer_norm_eps").asDouble(),
            name.equals("gelu-new") ? HiddenActivation.GELU_TANH : HiddenActivation.GELU,
            config.get("type_vocab_size").asInt(),
            0.1,
            0.1,
            name.equals("pooling-cls") || name.equals("roberta") ? Pooling.CLS : Pooling.MEAN,
            name.equals("bert-uncased") || name.equals("xlmr-unigram"));
    return EncoderTrainer.open(
        specification,
        StoredWeights.of(folder, prefix),
        TinyTraining.of("cosine-similarity").with(Freeze.NOTHING, 0, true).settings());
  }

  @Test
  void aTextsVectorDoesNotDependOnTheOthers() {
    TinyTraining training = TinyTraining.of("roberta-cls-normalize");
    int[][] texts = new int[200][];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = training.batch(i % 10).first()[i % 4];
    }
    try (EncoderTrainer trainer = training.open()) {
      float[][] together = trainer.embed(texts);
      for (int i = 0; i < texts.length; i += 13) {
        float[] alone = trainer.embed(new int[][] {texts[i]})[0];
        assertThat(together[i]).containsExactly(alone, within(TOLERANCE));
      }
      assertThat(trainer.embed(new int[0][])).isEmpty();
    }
  }

  @Test
  void tokensThatTheEncoderDoesNotKnowAreRefused() {
    try (EncoderTrainer trainer = TinyTraining.of("contrastive").open()) {
      assertThatThrownBy(() -> trainer.embed(new int[][] {{2, 60, 3}}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Cannot encode a text: its token ids must be from 0 to 59, found 60");
      assertThatThrownBy(() -> trainer.embed(new int[][] {new int[25]}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Cannot encode a text: it must have from 1 to 24 tokens, found 25");
      assertThatThrownBy(() -> trainer.embed(new int[][] {{}}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Cannot encode a text: it must have from 1 to 24 tokens, found 0");
    }
  }
}
