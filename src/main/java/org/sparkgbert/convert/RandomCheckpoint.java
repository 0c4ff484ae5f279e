package org.sparkgbert.convert;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.sparkgbert.convert.checkpoint.SafetensorsWriter;

/**
 * Writes BERT checkpoints of any shape in the layout of sentence-transformers, for measurements:
 * speed and memory depend on the shape, not on values. Weights are N(0, 0.02) from a fixed seed,
 * float32, LayerNorm's around 1; mean pooling; words are made up.
 */
public final class RandomCheckpoint {
  private static final long SEED = 20_240_229;
  private static final double DEVIATION = 0.02;
  private static final List<String> SPECIALS =
      List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");
  private static final String LETTERS =
      "abcdefghijklmnopqrstuvwxyzäöüßABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÜ0123456789";
  private static final String SIGNS = ".,;:!?-()\"'%/&+";
  private static final String CONSONANTS = "bdfghjklmnprstvwz";
  private static final String VOWELS = "aeiouäöü";

  private final Shape shape;
  private final Map<String, long[]> tensors = new LinkedHashMap<>();

  private RandomCheckpoint(Shape shape) {
    this.shape = shape;
    listTensors();
  }

  /**
   * The sizes in a checkpoint's {@code config.json}.
   *
   * @param layers number of transformer layers
   * @param hidden width of the hidden states, a multiple of the heads
   * @param heads attention heads per layer
   * @param intermediate width inside feed-forward blocks
   * @param vocabulary token embeddings
   * @param positions maximum number of tokens per text
   */
  public record Shape(
      int layers, int hidden, int heads, int intermediate, int vocabulary, int positions) {
    static final Shape GBERT_LARGE = new Shape(24, 1024, 16, 4096, 31_102, 512);
    static final Shape BASE = new Shape(12, 768, 12, 3072, 31_102, 512);
    static final Shape SMALL = new Shape(12, 384, 12, 1536, 31_102, 512);
    static final Shape TINY = new Shape(2, 32, 2, 64, 600, 64);

    private static final String SIZES = "[1-9]\\d{0,7}(,[1-9]\\d{0,7}){5}";

    /**
     * @throws IllegalArgumentException if a size is not positive, heads do not divide the hidden
     *     size, or the vocabulary has no room for single characters
     */
    public Shape {
      if (IntStream.of(layers, hidden, heads, intermediate, positions).min().orElse(0) < 1
          || hidden % heads != 0) {
        throw new IllegalArgumentException(
            "Cannot make model: sizes must be positive, and heads must divide the hidden size,"
                + " found %d layers, hidden size %d, %d heads, inner size %d, %d positions"
                    .formatted(layers, hidden, heads, intermediate, positions));
      }
      if (vocabulary < characters().size()) {
        throw new IllegalArgumentException(
            "Cannot make model: its vocabulary needs at least %d words, found %d"
                .formatted(characters().size(), vocabulary));
      }
    }

    /**
     * Reads {@code gbert-large}, {@code base}, {@code small}, or six numbers in the order of the
     * components, separated by commas.
     *
     * @throws IllegalArgumentException if the text is neither, or a model cannot have such a shape
     */
    public static Shape parse(String text) {
      return switch (text) {
        case "gbert-large" -> GBERT_LARGE;
        case "base" -> BASE;
        case "small" -> SMALL;
        default -> ofSizes(text);
      };
    }

    private static Shape ofSizes(String text) {
      if (!text.matches(SIZES)) {
        throw new IllegalArgumentException(
            "Cannot make model: a shape must be gbert-large, base, small, or six numbers"
                + " LAYERS,HIDDEN,"
                + "HEADS,INNER,VOCABULARY,POSITIONS, found '%s'".formatted(text));
      }
      int[] sizes = Arrays.stream(text.split(",")).mapToInt(Integer::parseInt).toArray();
      return new Shape(sizes[0], sizes[1], sizes[2], sizes[3], sizes[4], sizes[5]);
    }
  }

  /**
   * Writes a checkpoint into a directory, which is created.
   *
   * @throws IOException if it cannot be written, or already has one
   */
  public static void write(Shape shape, Path directory) throws IOException {
    RandomCheckpoint checkpoint = new RandomCheckpoint(shape);
    Files.createDirectories(directory.resolve("1_Pooling"));
    Files.writeString(directory.resolve("config.json"), checkpoint.config());
    Files.write(directory.resolve("vocab.txt"), words(shape.vocabulary()));
    Files.writeString(
        directory.resolve("tokenizer_config.json"),
        json(Map.of("do_lower_case", false, "model_max_length", shape.positions())));
    Files.writeString(
        directory.resolve("modules.json"),
        json(List.of(module("Transformer", ""), module("Pooling", "1_Pooling"))));
    Files.writeString(
        directory.resolve("1_Pooling/config.json"),
        json(Map.of("word_embedding_dimension", shape.hidden(), "pooling_mode_mean_tokens", true)));
    Files.writeString(
        directory.resolve("sentence_bert_config.json"),
        json(Map.of("max_seq_length", shape.positions(), "do_lower_case", false)));
    checkpoint.writeWeights(directory.resolve("model.safetensors"));
  }

  private static Map<String, Object> module(String type, String path) {
    return Map.of("path", path, "type", "sentence_transformers.models." + type);
  }

  private static String json(Object value) throws IOException {
    return JsonMapper.builder().build().writeValueAsString(value);
  }

  private String config() throws IOException {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("architectures", List.of("BertModel"));
    values.put("model_type", "bert");
    values.put("vocab_size", shape.vocabulary());
    values.put("hidden_size", shape.hidden());
    values.put("num_hidden_layers", shape.layers());
    values.put("num_attention_heads", shape.heads());
    values.put("intermediate_size", shape.intermediate());
    values.put("hidden_act", "gelu");
    values.put("max_position_embeddings", shape.positions());
    values.put("type_vocab_size", 2);
    values.put("layer_norm_eps", 1e-12);
    values.put("pad_token_id", 0);
    return json(values);
  }

  /**
   * Special tokens, characters, and words of made-up syllables; every other one is a continuation.
   */
  static List<String> words(int count) {
    List<String> words = characters();
    for (int number = 0; words.size() < count; number++) {
      words.add((number % 2 == 0 ? "" : "##") + syllables(number));
    }
    return words;
  }

  private static List<String> characters() {
    List<String> words = new ArrayList<>(SPECIALS);
    LETTERS.chars().mapToObj(Character::toString).forEach(words::add);
    LETTERS.chars().mapToObj(letter -> "##" + Character.toString(letter)).forEach(words::add);
    SIGNS.chars().mapToObj(Character::toString).forEach(words::add);
    return words;
  }

  /** At least two letters, another word for each number. */
  private static String syllables(int number) {
    int all = CONSONANTS.length() * VOWELS.length();
    int last = number % all;
    String syllable =
        "" + CONSONANTS.charAt(last / VOWELS.length()) + VOWELS.charAt(last % VOWELS.length());
    return number < all ? syllable : syllables(number / all) + syllable;
  }

  private void listTensors() {
    int hidden = shape.hidden();
    tensors.put("embeddings.word_embeddings.weight", new long[] {shape.vocabulary(), hidden});
    tensors.put("embeddings.position_embeddings.weight", new long[] {shape.positions(), hidden});
    tensors.put("embeddings.token_type_embeddings.weight", new long[] {2, hidden});
    addNorm("embeddings.LayerNorm");
    for (int layer = 0; layer < shape.layers(); layer++) {
      String name = "encoder.layer." + layer + ".";
      for (String part : List.of("self.query", "self.key", "self.value", "output.dense")) {
        addLinear(name + "attention." + part, hidden, hidden);
      }
      addNorm(name + "attention.output.LayerNorm");
      addLinear(name + "intermediate.dense", shape.intermediate(), hidden);
      addLinear(name + "output.dense", hidden, shape.intermediate());
      addNorm(name + "output.LayerNorm");
    }
    addLinear("pooler.dense", hidden, hidden);
  }

  private void addNorm(String name) {
    tensors.put(name + ".weight", new long[] {shape.hidden()});
    tensors.put(name + ".bias", new long[] {shape.hidden()});
  }

  private void addLinear(String name, int out, int in) {
    tensors.put(name + ".weight", new long[] {out, in});
    tensors.put(name + ".bias", new long[] {out});
  }

  private void writeWeights(Path file) throws IOException {
    SplittableRandom random = new SplittableRandom(SEED);
    SafetensorsWriter.write(file, tensors, name -> values(name, random));
  }

  private float[] values(String name, SplittableRandom random) {
    double mean = name.endsWith("LayerNorm.weight") ? 1 : 0;
    long elements = Arrays.stream(tensors.get(name)).reduce(1, Math::multiplyExact);
    float[] values = new float[Math.toIntExact(elements)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian(mean, DEVIATION);
    }
    return values;
  }
}
