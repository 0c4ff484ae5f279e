package org.sparkgbert.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.sparkgbert.convert.checkpoint.WeightFiles;
import org.sparkgbert.convert.checkpoint.Weights;
import org.sparkgbert.convert.encoder.ConfigFile;
import org.sparkgbert.convert.encoder.TrainableEncoder;
import org.sparkgbert.convert.graph.EncoderWeights;
import org.sparkgbert.convert.graph.Pooling;

/**
 * A checkpoint that can be trained: BERT, RoBERTa or XLM-RoBERTa, mean pooling or the first token's
 * vector, and optionally unit length. Everything else is refused by name.
 *
 * <p><b>Ownership:</b> owns the open weights; close it when done.
 *
 * <p><b>Threads:</b> for one thread.
 */
public final class TrainingCheckpoint implements AutoCloseable {
  private static final String CONFIG = "config.json";
  private static final String POOLER_WEIGHT = "pooler.dense.weight";
  private static final String POOLER_BIAS = "pooler.dense.bias";

  private final SentenceModel model;
  private final TrainableEncoder encoder;
  private final ImportedTokenizer tokenizer;
  private final Map<String, String> specialTokens;
  private final Optional<JsonNode> settings;
  private final Weights weights;
  private final EncoderWeights named;

  private TrainingCheckpoint(CheckpointFiles snapshot, SentenceModel model, Weights weights) {
    this.model = model;
    this.encoder = TrainableEncoder.of(model.encoder());
    int rows = encoder.shape().vocabulary();
    this.tokenizer = TokenizerJson.read(model.transformer(), model.lowerCase(), rows);
    TokenIds.requireAtMost(tokenizer.content(), rows);
    this.specialTokens = specialTokens(model.transformer());
    this.settings =
        snapshot.has("modules.json") ? snapshot.json(ModelSettings.FILE) : Optional.empty();
    this.weights = weights;
    this.named = new EncoderWeights(weights, model.encoder().tensors());
  }

  /**
   * Opens a checkpoint.
   *
   * @param directory a checkpoint of transformers or sentence-transformers
   * @throws IllegalArgumentException if a file is missing or damaged, or something in it cannot be
   *     trained; the message names it
   * @throws UncheckedIOException if a file cannot be read
   */
  public static TrainingCheckpoint open(Path directory) {
    CheckpointFiles snapshot = new CheckpointFiles(directory);
    SentenceModel model = SentenceModelReader.read(snapshot);
    requireTrainable(model);
    Weights weights = WeightFiles.open(model.transformer().directory());
    try {
      return new TrainingCheckpoint(snapshot, model, weights);
    } catch (RuntimeException e) {
      weights.close();
      throw e;
    }
  }

  private static void requireTrainable(SentenceModel model) {
    TrainableEncoder.of(model.encoder());
    List<Pooling> pooling = model.head().pooling();
    if (pooling.size() != 1 || !List.of(Pooling.MEAN, Pooling.CLS).containsAll(pooling)) {
      throw refused("pooling must be mean or cls", ModelImporter.name(pooling));
    }
    if (!model.head().dense().isEmpty()) {
      throw refused(
          "it must have no Dense module", model.head().dense().size() + " in modules.json");
    }
    if (model.head().truncation().isPresent()) {
      throw refused(
          "it must keep all elements of an embedding",
          "truncate_dim " + model.head().truncation().getAsInt());
    }
    if (!model.includePrompt() && !model.prompt().isEmpty()) {
      throw refused(
          "its prompt must be pooled (include_prompt)", "prompt '" + model.prompt() + "'");
    }
  }

  private static IllegalArgumentException refused(String rule, String found) {
    return new IllegalArgumentException("Cannot train model: %s, found %s".formatted(rule, found));
  }

  /** Only what the tokenizer knows: its files may name tokens that it lacks. */
  private static Map<String, String> specialTokens(CheckpointFiles transformer) {
    TokenizerConfig config = new TokenizerConfig(transformer);
    Map<String, String> tokens = new TreeMap<>();
    config
        .named(config.tokenizerClass())
        .forEach((name, token) -> tokens.put(name, token.content()));
    return tokens;
  }

  /** Its encoder. */
  public TrainableEncoder encoder() {
    return encoder;
  }

  /** How token vectors become one vector: mean or cls. */
  public Pooling pooling() {
    return model.head().pooling().get(0);
  }

  /** Whether embeddings are scaled to unit length. */
  public boolean isNormalized() {
    return model.head().normalize();
  }

  /** Maximum number of tokens per text, special tokens included. */
  public int maxSeqLength() {
    return model.maxSeqLength();
  }

  /** Text put before each sentence, possibly empty. */
  public String prompt() {
    return model.prompt();
  }

  /** Its licence as declared, empty if there is none. */
  public String licence() {
    return model.licence();
  }

  /** Defaults that apply since no file says otherwise. */
  public List<String> notes() {
    List<String> notes = new ArrayList<>(model.notes());
    notes.addAll(tokenizer.notes());
    return notes;
  }

  /** A copy of its {@code config.json}. */
  public ObjectNode config() {
    return model.transformer().json(CONFIG).orElseThrow().deepCopy();
  }

  /** A copy of its {@code config_sentence_transformers.json}, if it has one that is read. */
  public Optional<ObjectNode> sentenceConfig() {
    return settings.map(json -> json.<ObjectNode>deepCopy());
  }

  /** Id of the padding token, whose embedding is not trained. */
  public int paddingToken() {
    int first = encoder.shape().firstPosition();
    int found =
        first > 0
            ? first - 1
            : new ConfigFile(CONFIG, config()).optionalInteger("pad_token_id").orElse(0);
    if (found < 0 || found >= encoder.shape().vocabulary()) {
      throw refused("in config.json pad_token_id must be that of a token", "" + found);
    }
    return found;
  }

  /** The share of hidden values that training sets to zero. */
  public double hiddenDropout() {
    return dropout("hidden_dropout_prob");
  }

  /** The share of attention weights that training sets to zero. */
  public double attentionDropout() {
    return dropout("attention_probs_dropout_prob");
  }

  /** transformers has the same default for all of these architectures. */
  private double dropout(String key) {
    double share = new ConfigFile(CONFIG, config()).real(key, 0.1);
    if (!(share >= 0 && share < 1)) {
      throw refused("in config.json %s must be at least 0 and below 1".formatted(key), "" + share);
    }
    return share;
  }

  /**
   * Its {@code tokenizer.json}, which alone gives the ids of transformers 5.
   *
   * @return a copy
   */
  public ObjectNode tokenizer() {
    try {
      return (ObjectNode) CheckpointFiles.mapper().readTree(tokenizer.content());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + TokenizerJson.FILE, e);
    }
  }

  /** Special tokens by their names in {@code tokenizer_config.json}, such as {@code pad_token}. */
  public Map<String, String> specialTokens() {
    return Collections.unmodifiableMap(specialTokens);
  }

  /**
   * Checks that it has tensors of these shapes and no others of an encoder.
   *
   * @param shapes by name, without a model's prefix
   * @throws IllegalArgumentException if one is missing or has another shape, or there are further
   *     ones, such as adapters
   */
  public void requireOnly(Map<String, long[]> shapes) {
    shapes.forEach(named::require);
    named.unknown();
  }

  /**
   * Shapes of the tensors that no embedding goes through, but without which transformers would make
   * random ones.
   */
  public Map<String, long[]> pooler() {
    long hidden = encoder.shape().hiddenSize();
    Map<String, long[]> shapes = new LinkedHashMap<>();
    if (named.has(POOLER_WEIGHT) && named.has(POOLER_BIAS)) {
      shapes.put(POOLER_WEIGHT, new long[] {hidden, hidden});
      shapes.put(POOLER_BIAS, new long[] {hidden});
    }
    return shapes;
  }

  /**
   * A tensor's values, row-major, in a new array.
   *
   * @throws IllegalArgumentException if there is none of this name and shape, or a value is not
   *     finite
   */
  public float[] floats(String name, long... shape) {
    return named.floats(name, shape);
  }

  @Override
  public void close() {
    weights.close();
  }
}
