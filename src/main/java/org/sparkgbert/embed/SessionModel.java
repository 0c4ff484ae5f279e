package org.sparkgbert.embed;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.encode.EncoderSettings;
import org.sparkgbert.encode.SentenceEncoder;
import org.sparkgbert.encode.VectorForm;
import org.sparkgbert.lake.EmbeddingColumns;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.settings.Setting;
import org.sparkgbert.settings.Settings;
import org.sparkgbert.settings.Suggestions;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The model of {@code embed_text} as a session's configuration says: {@code spark.gbert.} and the
 * Param's name of each setting of {@link EmbedderOptions}, such as {@code
 * spark.gbert.maxSeqLength}.
 *
 * @param reference where the model is
 * @param bundle the model, on the driver
 * @param settings how texts are encoded
 */
record SessionModel(ModelReference reference, Bundle bundle, EncoderSettings settings) {
  static final String PREFIX = "spark.gbert.";

  /** Models and their lengths that leave room for a text. */
  private static final Set<List<Object>> FITTING = ConcurrentHashMap.newKeySet();

  /**
   * Reads the session's configuration. A view reads that of the session that uses it.
   *
   * @param model the model if the call names one
   * @throws IllegalArgumentException if a key is unknown, a value is out of range, or the model
   *     cannot be opened
   */
  static SessionModel of(SparkSession session, Optional<String> model) {
    Map<String, String> all =
        new TreeMap<>(CollectionConverters.asJava(session.sessionState().conf().getAllConfs()));
    Settings settings = Settings.NONE;
    for (Map.Entry<String, String> entry : all.entrySet()) {
      if (entry.getKey().startsWith(PREFIX)) {
        settings = parsed(settings, entry.getKey(), entry.getValue());
      }
    }
    if (model.isPresent()) {
      settings = settings.with(EmbedderOptions.MODEL, model.get());
    }
    settings.requireApplicable(EmbedderOptions.ALL);
    ModelReference reference = ModelReference.of(settings);
    Bundle bundle = reference.open();
    EncoderSettings encoding = EncoderSettings.of(settings, SentenceEmbedder.taskCpus(session));
    requireRoom(bundle, encoding);
    VectorForm.of(bundle.manifest(), encoding)
        .warning(bundle.manifest())
        .ifPresent(LoggedOnce::warn);
    return new SessionModel(reference, bundle, encoding);
  }

  /** The tokenizer knows how many tokens are left for a text; settings are tried once. */
  private static void requireRoom(Bundle bundle, EncoderSettings encoding) {
    List<Object> tried = List.of(bundle.identity(), encoding.maxSeqLength());
    if (encoding.maxSeqLength() > 0 && !FITTING.contains(tried)) {
      SentenceEncoder.openTokenizer(bundle, encoding).close();
      FITTING.add(tried);
    }
  }

  private static Settings parsed(Settings settings, String key, String value) {
    Setting<?> setting = named(key);
    try {
      return settings.parse(setting, List.of(value));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Cannot use %s: %s"
              .formatted(key, e.getMessage().replace("Cannot run: " + setting.option(), "it")),
          e);
    }
  }

  private static Setting<?> named(String key) {
    String name = key.substring(PREFIX.length());
    return EmbedderOptions.ALL.stream()
        .filter(setting -> setting.param().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Cannot use %s: there is no such setting%s"
                        .formatted(
                            key,
                            Suggestions.nearest(
                                    name, EmbedderOptions.ALL.stream().map(Setting::param).toList())
                                .map((", did you mean " + PREFIX + "%s?")::formatted)
                                .orElse(""))));
  }

  /** What computes the columns. */
  EmbedTexts function() {
    return new EmbedTexts(reference, bundle.identity(), settings, null);
  }

  /** The columns that {@link EmbedTexts} computes. */
  static StructType columns() {
    return new EmbeddingColumns("embedding").addTo(new StructType(), Metadata.empty());
  }

  /**
   * The metadata of a column of vectors.
   *
   * @param textColumn the column that is embedded; empty if it is none
   */
  Metadata provenance(String textColumn) {
    return EmbeddingProvenance.of(bundle, settings, textColumn).toMetadata();
  }
}
