package org.sparkgbert.convert;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.sparkgbert.convert.encoder.ConfigFile;
import org.sparkgbert.convert.encoder.EncoderFamilies;
import org.sparkgbert.convert.encoder.KnownKeys;
import org.sparkgbert.convert.graph.DenseLayer;
import org.sparkgbert.convert.graph.Encoder;
import org.sparkgbert.convert.graph.EncoderShape;
import org.sparkgbert.convert.graph.Head;
import org.sparkgbert.convert.hub.ModelCard;

/**
 * Reads the modules of a sentence-transformers checkpoint. If a file is missing, that library's
 * default is used.
 *
 * <p><b>Source:</b> sentence-transformers 5.1 and 6.2, {@code modules.json} and the modules' own
 * files.
 */
final class SentenceModelReader {
  private static final String MODULES = "modules.json";
  private static final String CONFIG = "config.json";
  private static final String ADAPTER = "adapter_config.json";
  private static final KnownKeys MODULE_KEYS =
      KnownKeys.NONE.read("type", "path").harmless("idx", "name", "kwargs");
  private static final String SENTENCES = "\"sentence_embedding\"";
  private static final KnownKeys NORMALIZE_KEYS =
      KnownKeys.NONE
          .only("module_input_name", SENTENCES)
          .only("module_output_name", SENTENCES, "null");

  private final CheckpointFiles snapshot;
  private final List<String> notes = new ArrayList<>();
  private final List<DenseLayer> dense = new ArrayList<>();
  private PoolingSettings pooling = PoolingSettings.MEAN;
  private ModelSettings settings = ModelSettings.NONE;
  private TransformerSettings ofTransformer = TransformerSettings.NONE;
  private CheckpointFiles transformer;
  private boolean normalize;

  private SentenceModelReader(CheckpointFiles snapshot) {
    this.snapshot = snapshot;
    this.transformer = snapshot;
  }

  /**
   * @throws IllegalArgumentException if a file is damaged or requires something that is not
   *     supported
   */
  static SentenceModel read(CheckpointFiles snapshot) {
    return new SentenceModelReader(snapshot).read();
  }

  private SentenceModel read() {
    Optional<JsonNode> modules = snapshot.json(MODULES);
    if (modules.isPresent()) {
      addAll(modules.get());
      settings = config(snapshot, ModelSettings.FILE).map(ModelSettings::read).orElse(settings);
      ofTransformer = TransformerSettings.read(transformer);
    } else {
      useDefaults();
    }
    Encoder encoder = encoder();
    Head head = new Head(pooling.modes(), dense, normalize, settings.truncation());
    int dimension = head.dimension(encoder.shape().hiddenSize());
    settings
        .truncation()
        .ifPresent(
            kept -> notes.add("truncate_dim: embeddings have %d elements".formatted(dimension)));
    return new SentenceModel(
        encoder,
        head,
        transformer,
        maxSeqLength(encoder.shape()),
        ofTransformer.lowerCase(),
        settings.prompt(),
        settings.queryPrompt(),
        pooling.includePrompt(),
        ModelCard.read(snapshot.directory()).licence().orElse(""),
        config(transformer, CONFIG).flatMap(MatryoshkaDimensions::of),
        List.copyOf(notes));
  }

  /** Without its list of modules, a checkpoint is a plain transformer to that library. */
  private void useDefaults() {
    notes.add("no modules.json: mean pooling, no normalization");
    List<ConfigFile> unread = new ArrayList<>(TransformerSettings.files(snapshot));
    config(snapshot, ModelSettings.FILE).ifPresent(unread::add);
    unread.forEach(file -> notes.add("no modules.json: %s is not read".formatted(file.file())));
    boolean chats =
        snapshot.has("chat_template.jinja")
            || config(snapshot, "tokenizer_config.json")
                .filter(file -> file.has("chat_template"))
                .isPresent();
    if (chats) {
      throw new IllegalArgumentException(
          "Cannot import model: without modules.json, a chat_template (in tokenizer_config.json or"
              + " chat_template.jinja) changes texts, which is not supported");
    }
  }

  private Encoder encoder() {
    if (transformer.has(ADAPTER) || snapshot.has(ADAPTER)) {
      throw new IllegalArgumentException(
          ("Cannot import model: %s says that the weights are an adapter (LoRA) of another model;"
                  + " merge them with merge_and_unload() and save the result, or %s")
              .formatted(ADAPTER, EncoderFamilies.READY_ONNX));
    }
    ConfigFile file =
        config(transformer, CONFIG)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "Cannot import %s: it has no %s"
                            .formatted(transformer.directory(), CONFIG)));
    if (file.has("auto_map")) {
      notes.add("code that config.json names in auto_map is not run");
    }
    requireMeanByDefault(file);
    return EncoderFamilies.read(file);
  }

  /** Version 6 of that library pools the last token of a plain model that generates text. */
  private void requireMeanByDefault(ConfigFile file) {
    String first = file.values().path("architectures").path(0).asText();
    if (!snapshot.has(MODULES) && first.endsWith("ForCausalLM")) {
      throw new IllegalArgumentException(
          "Cannot import model: in config.json architectures must not be of text generation where"
              + " there is no modules.json, found "
              + first);
    }
  }

  private static Optional<ConfigFile> config(CheckpointFiles files, String name) {
    return files.json(name).map(json -> new ConfigFile(name, json));
  }

  private void addAll(JsonNode modules) {
    if (!modules.isArray()) {
      throw new IllegalArgumentException(
          "Cannot read %s: it must be a list, found %s".formatted(MODULES, modules.getNodeType()));
    }
    List<ModuleType> order = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (JsonNode module : modules) {
      ConfigFile entry = new ConfigFile(MODULES, module);
      MODULE_KEYS.check(entry);
      order.add(add(entry));
      String name = entry.text("name", String.valueOf(names.size()));
      if (!names.add(name)) {
        throw new IllegalArgumentException(
            "Cannot import model: in modules.json names must differ, found '%s' twice"
                .formatted(name));
      }
    }
    String classes = order.stream().map(ModuleType::className).collect(Collectors.joining(" "));
    if (!classes.matches("Transformer Pooling( Dense)*( Normalize)?")) {
      throw new IllegalArgumentException(
          "Cannot import model: its modules must be Transformer, Pooling, any number of Dense, and"
              + " optionally Normalize, found "
              + order.stream().map(ModuleType::className).toList());
    }
  }

  private ModuleType add(ConfigFile entry) {
    String fullName = entry.text("type", "");
    String path = entry.text("path", "");
    ModuleType type =
        ModuleType.of(fullName)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "Cannot import model: its module %s is not supported".formatted(fullName)));
    switch (type) {
      case TRANSFORMER -> transformer = snapshot.inside(path);
      case POOLING -> pooling = pooling(path + "/" + CONFIG);
      case DENSE -> dense.add(DenseReader.read(snapshot, path));
      case NORMALIZE -> {
        config(snapshot, path + "/" + CONFIG).ifPresent(NORMALIZE_KEYS::check);
        normalize = true;
      }
    }
    return type;
  }

  private PoolingSettings pooling(String file) {
    Optional<ConfigFile> config = config(snapshot, file);
    if (config.isEmpty()) {
      notes.add("no %s: mean pooling".formatted(file));
    }
    return config.map(PoolingSettings::read).orElse(PoolingSettings.MEAN);
  }

  /** What the module says; else the smaller of the tokenizer's limit and the position table's. */
  private int maxSeqLength(EncoderShape shape) {
    Optional<Integer> said = ofTransformer.maxSeqLength();
    if (said.isEmpty()) {
      said = TransformerSettings.tokenizerLimit(transformer);
      notes.add("no max_seq_length: that of tokenizer and position table");
    }
    int limit = Math.min(said.orElse(shape.maxTokens()), shape.maxTokens());
    if (limit < 1) {
      throw new IllegalArgumentException(
          "Cannot import model: max_seq_length must be positive, found " + limit);
    }
    return limit;
  }
}
