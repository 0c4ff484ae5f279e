package org.sparkgbert.convert;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.sparkgbert.convert.encoder.ConfigFile;
import org.sparkgbert.convert.encoder.EncoderFamilies;
import org.sparkgbert.convert.graph.DenseLayer;
import org.sparkgbert.convert.graph.Encoder;
import org.sparkgbert.convert.graph.EncoderShape;
import org.sparkgbert.convert.graph.Head;
import org.sparkgbert.convert.graph.Pooling;
import org.sparkgbert.convert.hub.ModelCard;

/**
 * Reads the modules of a sentence-transformers checkpoint. If a file is missing, that library's
 * default is used.
 *
 * <p><b>Source:</b> sentence-transformers 5.1, {@code modules.json} and the modules' own files.
 */
final class SentenceModelReader {
  private static final String OWN_MODULES = "sentence_transformers.";

  private final CheckpointFiles snapshot;
  private final List<String> notes = new ArrayList<>();
  private final List<Pooling> pooling = new ArrayList<>();
  private final List<DenseLayer> dense = new ArrayList<>();
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
    Optional<JsonNode> modules = snapshot.json("modules.json");
    if (modules.isPresent()) {
      addAll(modules.get());
    } else {
      notes.add("no modules.json: mean pooling, no normalization");
      pooling.add(Pooling.MEAN);
    }
    Encoder encoder = encoder();
    Head head = new Head(pooling, dense, normalize);
    head.dimension(encoder.shape().hiddenSize());
    return new SentenceModel(
        encoder,
        head,
        transformer,
        maxSeqLength(encoder.shape()),
        sentenceBert().map(settings -> settings.flag("do_lower_case", false)).orElse(false),
        prompt(),
        ModelCard.read(snapshot.directory()).licence().orElse(""),
        List.copyOf(notes));
  }

  private Encoder encoder() {
    String file = "config.json";
    return EncoderFamilies.read(
        new ConfigFile(
            file,
            transformer
                .json(file)
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "Cannot import %s: it has no %s"
                                .formatted(transformer.directory(), file)))));
  }

  private void addAll(JsonNode modules) {
    List<String> order = new ArrayList<>();
    for (JsonNode module : modules) {
      ConfigFile settings = new ConfigFile("modules.json", module);
      String type = settings.text("type", "");
      add(type, settings.text("path", ""));
      order.add(type.substring(type.lastIndexOf('.') + 1));
    }
    if (!String.join(" ", order).matches("Transformer Pooling( Dense)*( Normalize)?")) {
      throw new IllegalArgumentException(
          "Cannot import model: its modules must be Transformer, Pooling, any number of Dense, and"
              + " optionally Normalize, found "
              + order);
    }
  }

  private void add(String type, String path) {
    String name =
        type.startsWith(OWN_MODULES) ? type.substring(type.lastIndexOf('.') + 1) : "not its own";
    switch (name) {
      case "Transformer" -> transformer = snapshot.inside(path);
      case "Pooling" -> addPooling(path);
      case "Dense" -> dense.add(DenseReader.read(snapshot.inside(path)));
      case "Normalize" -> normalize = true;
      default ->
          throw new IllegalArgumentException(
              "Cannot import model: its module %s is not supported".formatted(type));
    }
  }

  private void addPooling(String path) {
    String file = path + "/config.json";
    Optional<JsonNode> config = snapshot.json(file);
    if (config.isEmpty()) {
      notes.add("no %s: mean pooling".formatted(file));
      pooling.add(Pooling.MEAN);
      return;
    }
    ConfigFile settings = new ConfigFile(file, config.get());
    Optional<String> mode = settings.optionalText("pooling_mode");
    if (mode.isPresent()) {
      pooling.add(pooling(mode.get().toLowerCase(Locale.ROOT)));
    } else {
      addPoolingByFlags(settings);
    }
    if (!settings.flag("include_prompt", true) && !prompt().isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot import model: pooling without the prompt (include_prompt false) is not"
              + " supported");
    }
  }

  /** A mode given as text takes precedence over the flags. */
  private static Pooling pooling(String mode) {
    return switch (mode) {
      case "cls" -> Pooling.CLS;
      case "max" -> Pooling.MAX;
      case "mean" -> Pooling.MEAN;
      case "mean_sqrt_len_tokens" -> Pooling.MEAN_SQRT_LEN;
      default ->
          throw new IllegalArgumentException(
              "Cannot import model: pooling_mode %s is not supported".formatted(mode));
    };
  }

  private void addPoolingByFlags(ConfigFile settings) {
    for (String mode : List.of("weightedmean_tokens", "lasttoken")) {
      if (settings.flag("pooling_mode_" + mode, false)) {
        throw new IllegalArgumentException(
            "Cannot import model: pooling_mode_%s is not supported".formatted(mode));
      }
    }
    addIf(settings, "cls_token", false, Pooling.CLS);
    addIf(settings, "max_tokens", false, Pooling.MAX);
    addIf(settings, "mean_tokens", true, Pooling.MEAN);
    addIf(settings, "mean_sqrt_len_tokens", false, Pooling.MEAN_SQRT_LEN);
  }

  private void addIf(ConfigFile settings, String mode, boolean otherwise, Pooling added) {
    if (settings.flag("pooling_mode_" + mode, otherwise)) {
      pooling.add(added);
    }
  }

  private Optional<ConfigFile> sentenceBert() {
    return Stream.of(
            "sentence_bert_config.json",
            "sentence_roberta_config.json",
            "sentence_xlm-roberta_config.json")
        .filter(transformer::has)
        .findFirst()
        .map(file -> new ConfigFile(file, transformer.json(file).orElseThrow()));
  }

  /** What the module says; else the smaller of the tokenizer's limit and the position table's. */
  private int maxSeqLength(EncoderShape shape) {
    Optional<Integer> said =
        sentenceBert().flatMap(settings -> settings.optionalInteger("max_seq_length"));
    if (said.isEmpty()) {
      said =
          transformer
              .json("tokenizer_config.json")
              .map(json -> new ConfigFile("tokenizer_config.json", json))
              .flatMap(settings -> settings.optionalLimit("model_max_length"));
      notes.add("no max_seq_length: that of tokenizer and position table");
    }
    int limit = Math.min(said.orElse(shape.maxTokens()), shape.maxTokens());
    if (limit < 1) {
      throw new IllegalArgumentException(
          "Cannot import model: max_seq_length must be positive, found " + limit);
    }
    return limit;
  }

  private String prompt() {
    String file = "config_sentence_transformers.json";
    Optional<ConfigFile> config = snapshot.json(file).map(json -> new ConfigFile(file, json));
    Optional<String> name =
        config.flatMap(settings -> settings.optionalText("default_prompt_name"));
    if (name.isEmpty()) {
      return "";
    }
    JsonNode prompt = config.orElseThrow().values().path("prompts").path(name.get());
    if (!prompt.isTextual()) {
      throw new IllegalArgumentException(
          "Cannot import model: %s has no prompt '%s'".formatted(file, name.get()));
    }
    return prompt.asText();
  }
}
