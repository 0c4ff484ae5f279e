package org.sparkgbert.embed;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.sparkgbert.encode.EncoderSettings;
import org.sparkgbert.lake.EmbeddingColumns;
import org.sparkgbert.settings.Setting;
import org.sparkgbert.settings.Settings;
import org.sparkgbert.settings.ValueType;

/**
 * The Params of {@link SentenceEmbedder}: {@code inputCol}, {@code outputCol}, and one for each
 * setting of {@link EmbedderOptions}.
 */
abstract class SentenceEmbedderParams extends Transformer {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final Param<String> inputCol;
  private final Param<String> outputCol;

  /** By the names of settings. */
  private final Map<String, Param<Object>> ofSettings = new LinkedHashMap<>();

  /** A Param takes its owner's uid when it is made, so the uid comes first. */
  SentenceEmbedderParams(String uid) {
    this.uid = uid;
    inputCol = new Param<>(this, "inputCol", EmbedOptions.TEXT_COLUMN.meaning());
    outputCol = new Param<>(this, "outputCol", EmbedOptions.EMBEDDING_COLUMN.meaning());
    EmbedderOptions.ALL.forEach(setting -> ofSettings.put(setting.name(), param(setting)));
    setDefault(inputCol, EmbedOptions.TEXT_COLUMN.defaultText());
    setDefault(outputCol, EmbedOptions.EMBEDDING_COLUMN.defaultText());
    EmbedderOptions.ALL.forEach(this::setDefaultOf);
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // Params of numbers are Params of Object in Java.
  private Param<Object> param(Setting<?> setting) {
    String name = setting.param();
    ParamRange range = new ParamRange(setting.name());
    Param<?> param;
    if (setting.type().equals(ValueType.INTEGER)) {
      param = new IntParam(this, name, setting.meaning(), range);
    } else if (setting.type().equals(ValueType.SIZE)) {
      param = new LongParam(this, name, setting.meaning(), range);
    } else if (setting.defaultValue().orElseThrow() instanceof Boolean) {
      param = new BooleanParam(this, name, setting.meaning());
    } else {
      param = new Param<>(this, name, setting.meaning(), range);
    }
    return (Param) param;
  }

  private <T> void setDefaultOf(Setting<T> setting) {
    setDefault(param(setting.name()), asParam(setting, setting.defaultValue().orElseThrow()));
  }

  /** Numbers and booleans as they are, everything else as a string. */
  static <T> Object asParam(Setting<T> setting, T value) {
    return value instanceof Number || value instanceof Boolean
        ? value
        : setting.type().writer().apply(value);
  }

  @Override
  public String uid() {
    return uid;
  }

  /** All Params; by reflection MLlib finds only those that have a method of their own. */
  @Override
  public Param<?>[] params() {
    return Stream.concat(Stream.of(inputCol, outputCol), ofSettings.values().stream())
        .toArray(Param<?>[]::new);
  }

  /** The Param of a setting, by its name. */
  Param<Object> param(String setting) {
    return ofSettings.get(setting);
  }

  /** Column with the text, a string. */
  public Param<String> inputCol() {
    return inputCol;
  }

  /** Column for the embedding, and prefix of its companions; see {@link EmbeddingColumns}. */
  public Param<String> outputCol() {
    return outputCol;
  }

  /** The settings of the model and its encoder, as the Params say. */
  private Settings settings() {
    Settings settings = Settings.NONE;
    for (Setting<?> setting : EmbedderOptions.ALL) {
      String text = String.valueOf(getOrDefault(param(setting.name())));
      settings = settings.parse(setting, List.of(text));
    }
    return settings;
  }

  /** The settings of the encoder, as the Params say. */
  EncoderSettings encoderSettings(int taskCpus) {
    return EncoderSettings.of(settings(), taskCpus);
  }

  /** Where the bundle is. */
  ModelReference modelReference() {
    return ModelReference.of(settings());
  }

  /** The columns that are added. */
  EmbeddingColumns columns() {
    return new EmbeddingColumns(getOrDefault(outputCol));
  }
}
