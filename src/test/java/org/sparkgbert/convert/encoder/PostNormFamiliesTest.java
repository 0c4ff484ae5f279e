package org.sparkgbert.convert.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.convert.graph.EncoderShape;

/** What architectures with BERT's layers take from {@code config.json}, and what they refuse. */
class PostNormFamiliesTest {
  private final TestConfig config = new TestConfig();

  private void bertKeys(String type) {
    config.change(
        json ->
            json.put("model_type", type)
                .put("num_hidden_layers", 12)
                .put("hidden_size", 768)
                .put("num_attention_heads", 12)
                .put("intermediate_size", 3072)
                .put("vocab_size", 30_527)
                .put("max_position_embeddings", 514));
  }

  private void distilBertKeys() {
    config.change(
        json ->
            json.put("model_type", "distilbert")
                .put("n_layers", 6)
                .put("dim", 768)
                .put("n_heads", 12)
                .put("hidden_dim", 3072)
                .put("vocab_size", 31_102)
                .put("max_position_embeddings", 512));
  }

  private PostNormEncoder read() {
    return (PostNormEncoder) config.read();
  }

  @Test
  void distilBertHasKeysOfItsOwnAndNoTokenTypes() {
    distilBertKeys();
    EncoderShape shape = new EncoderShape("distilbert", 6, 768, 12, 3072, 31_102, 512, 0);
    assertThat(read().shape()).isEqualTo(shape);
    assertThat(read().embeddings()).isEqualTo(new AbsoluteEmbeddings(shape, 768, 0, 1e-12));
    config.change(json -> json.put("activation", "relu"));
    config.assertRefused("activation must be a kind of gelu, found 'relu'");
  }

  /** LayerNorm's epsilon is not one of DistilBERT's settings. */
  @Test
  void distilBertsEpsilonIsFixed() {
    distilBertKeys();
    config.change(json -> json.put("layer_norm_eps", 1e-5));
    assertThat(read().epsilon()).isEqualTo(1e-12);
  }

  @Test
  void distilBertsKeysMayHaveTheUsualNamesToo() {
    distilBertKeys();
    config.change(json -> json.put("hidden_size", 768));
    assertThat(read().shape().hiddenSize()).isEqualTo(768);
    config.change(json -> json.put("hidden_size", 1024));
    config.assertRefused("hidden_size must be 768, found '1024'");
  }

  @Test
  void distilBertsKeysAreNamed() {
    distilBertKeys();
    config.change(json -> json.remove("dim"));
    config.assertMessage("Cannot read config.json: dim is missing");
  }

  @Test
  void electrasEmbeddingsMayBeNarrower() {
    bertKeys("electra");
    assertThat(read().embeddings().width()).isEqualTo(128);
    config.change(json -> json.put("embedding_size", 768));
    assertThat(read().embeddings().width()).isEqualTo(768);
    assertThat(read().embeddings().tokenTypes()).isEqualTo(2);
    config.change(json -> json.put("embedding_size", 0));
    config.assertMessage("Cannot build encoder: embedding_size must be from 1 to 65536, found 0");
  }

  @Test
  void mpnetCountsPositionsFromTwoWhateverThePaddingsId() {
    bertKeys("mpnet");
    config.change(json -> json.put("pad_token_id", 7));
    assertThat(read().shape().firstPosition()).isEqualTo(2);
    assertThat(read().shape().maxTokens()).isEqualTo(512);
    assertThat(read().embeddings().tokenTypes()).isZero();
    assertThat(read().relative()).isPresent();
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 31, 33})
  void mpnetHasThirtyTwoBuckets(int buckets) {
    bertKeys("mpnet");
    config.change(json -> json.put("relative_attention_num_buckets", buckets));
    config.assertRefused(
        "relative_attention_num_buckets must be 32, found '%d'".formatted(buckets));
  }

  @Test
  void camembertIsARoberta() {
    bertKeys("camembert");
    assertThat(read().shape().firstPosition()).isEqualTo(2);
    assertThat(read().shape().maxTokens()).isEqualTo(512);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert", "electra", "roberta", "camembert", "xlm-roberta"})
  void relativePositionsOfQueryAndKeyAreRefused(String type) {
    bertKeys(type);
    config.change(json -> json.put("position_embedding_type", "relative_key"));
    config.assertRefused("position_embedding_type must be absolute, found 'relative_key'");
  }

  /** By the formula of T5, in both directions. */
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-1, 1",
    "-7, 7",
    "-8, 8",
    "-11, 8",
    "-12, 9",
    "-16, 10",
    "-31, 11",
    "-32, 12",
    "-63, 13",
    "-64, 14",
    "-90, 14",
    "-91, 15",
    "-128, 15",
    "-100000, 15",
    "1, 17",
    "7, 23",
    "8, 24",
    "15, 25",
    "16, 26",
    "32, 28",
    "64, 30",
    "511, 31",
  })
  void distancesFallIntoBuckets(int distance, int bucket) {
    assertThat(RelativePositions.bucket(distance)).isEqualTo(bucket);
  }
}
