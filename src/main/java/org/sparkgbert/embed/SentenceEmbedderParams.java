package org.sparkgbert.embed;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.sparkgbert.encode.EncoderSettings;
import org.sparkgbert.lake.EmbeddingColumns;
import org.sparkgbert.onnx.DeviceChoice;
import org.sparkgbert.onnx.DeviceSettings;
import org.sparkgbert.onnx.DeviceSettings.ArenaGrowth;
import org.sparkgbert.tokenize.LongText;
import org.sparkgbert.tokenize.TextCleaner;
import org.sparkgbert.tokenize.UnicodeForm;

/** The Params of {@link SentenceEmbedder}, with their defaults and ranges. */
abstract class SentenceEmbedderParams extends Transformer {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final Param<String> model;
  private final Param<String> modelCache;
  private final Param<String> inputCol;
  private final Param<String> outputCol;
  private final Param<String> normalizeUnicode;
  private final IntParam maxCharacters;
  private final IntParam maxSeqLength;
  private final Param<String> longText;
  private final IntParam tokenBudget;
  private final IntParam windowRows;
  private final BooleanParam dedupe;
  private final Param<String> device;
  private final IntParam threads;
  private final LongParam gpuMemoryLimit;
  private final Param<String> gpuArena;

  /** A Param takes its owner's uid when it is made, so the uid comes first. */
  SentenceEmbedderParams(String uid) {
    this.uid = uid;
    model = text("model", "bundle: default, a directory, a name from --archives, or a Hadoop URI");
    modelCache = text("modelCache", "directory on each node for copies of Hadoop URIs");
    inputCol = text("inputCol", "column with the text");
    outputCol = text("outputCol", "column for the embedding, prefix of its companions");
    normalizeUnicode = choice("normalizeUnicode", UnicodeForm.values());
    maxCharacters = integer("maxCharacters", "UTF-16 units of a text that are read", 1);
    maxSeqLength =
        integer("maxSeqLength", "tokens of a text that are read, 0 for the model's limit", 0);
    longText = choice("longText", LongText.values());
    tokenBudget =
        integer("tokenBudget", "tokens of a batch, padding included, 0 for the device's own", 0);
    windowRows = integer("windowRows", "rows that are sorted and batched together", 1);
    dedupe = new BooleanParam(this, "dedupe", "encode equal texts of a window once");
    device = choice("device", DeviceChoice.values());
    threads = integer("threads", "threads of a run on the CPU, 0 for spark.task.cpus", 0);
    gpuMemoryLimit =
        new LongParam(
            this,
            "gpuMemoryLimit",
            "bytes of the GPU's memory to use, 0 for no limit",
            ParamValidators.gtEq(0));
    gpuArena = choice("gpuArena", ArenaGrowth.values());
    setDefault(model, ModelReference.DEFAULT);
    setDefault(modelCache, "");
    setDefault(inputCol, "text");
    setDefault(outputCol, EmbeddingColumns.DEFAULT_PREFIX);
    setDefault(normalizeUnicode, label(UnicodeForm.NFC));
    setDefault(maxCharacters, EncoderSettings.MAX_CHARACTERS);
    setDefault(maxSeqLength, 0);
    setDefault(longText, label(LongText.CUT));
    setDefault(tokenBudget, 0);
    setDefault(windowRows, EncoderSettings.WINDOW_ROWS);
    setDefault(dedupe, true);
    setDefault(device, label(DeviceChoice.AUTO));
    setDefault(threads, 0);
    setDefault(gpuMemoryLimit, 0L);
    setDefault(gpuArena, label(ArenaGrowth.SAME_AS_REQUESTED));
  }

  @Override
  public String uid() {
    return uid;
  }

  /**
   * Which bundle: {@code default}, a directory that every node has, a name unpacked by {@code
   * --archives}, or a Hadoop URI.
   */
  public Param<String> model() {
    return model;
  }

  /** Directory on each node for copies of Hadoop URIs; empty for one in the temporary directory. */
  public Param<String> modelCache() {
    return modelCache;
  }

  /** Column with the text, a string. */
  public Param<String> inputCol() {
    return inputCol;
  }

  /** Column for the embedding, and prefix of its companions; see {@link EmbeddingColumns}. */
  public Param<String> outputCol() {
    return outputCol;
  }

  /** {@code nfc} or {@code none}: whether letters and combining marks become one character. */
  public Param<String> normalizeUnicode() {
    return normalizeUnicode;
  }

  /** UTF-16 units of a text that are read, at least 1. */
  public IntParam maxCharacters() {
    return maxCharacters;
  }

  /** Tokens of a text that are read; 0 for the model's limit, which it must not exceed. */
  public IntParam maxSeqLength() {
    return maxSeqLength;
  }

  /** {@code cut} or {@code chunks}: what becomes of texts with more tokens. */
  public Param<String> longText() {
    return longText;
  }

  /** Tokens of a batch, padding included, at least 1. */
  public IntParam tokenBudget() {
    return tokenBudget;
  }

  /** Rows that are sorted and batched together, at least 1. */
  public IntParam windowRows() {
    return windowRows;
  }

  /** Whether equal texts of a window are encoded once. */
  public BooleanParam dedupe() {
    return dedupe;
  }

  /** {@code auto}, {@code cpu} or {@code cuda}. */
  public Param<String> device() {
    return device;
  }

  /** Threads of a run on the CPU; 0 for as many as {@code spark.task.cpus}. */
  public IntParam threads() {
    return threads;
  }

  /** Bytes of the GPU's memory to use; 0 for no limit. */
  public LongParam gpuMemoryLimit() {
    return gpuMemoryLimit;
  }

  /**
   * {@code same_as_requested} or {@code next_power_of_two}: how ONNX Runtime's arena grows on the
   * GPU.
   */
  public Param<String> gpuArena() {
    return gpuArena;
  }

  /** The settings of the encoder, as the Params say. */
  EncoderSettings encoderSettings(int taskCpus) {
    int threadsOrDefault = integer(threads) == 0 ? taskCpus : integer(threads);
    return new EncoderSettings(
        new TextCleaner(value(UnicodeForm.class, normalizeUnicode), integer(maxCharacters)),
        integer(maxSeqLength),
        value(LongText.class, longText),
        integer(tokenBudget),
        integer(windowRows),
        EncoderSettings.WINDOW_CHARACTERS,
        (Boolean) getOrDefault(dedupe),
        new DeviceSettings(
            value(DeviceChoice.class, device),
            threadsOrDefault,
            "0",
            (Long) getOrDefault(gpuMemoryLimit),
            value(ArenaGrowth.class, gpuArena)));
  }

  /** Where the bundle is. */
  ModelReference modelReference() {
    return new ModelReference(getOrDefault(model), getOrDefault(modelCache));
  }

  /** The columns that are added. */
  EmbeddingColumns columns() {
    return new EmbeddingColumns(getOrDefault(outputCol));
  }

  private int integer(IntParam param) {
    return (Integer) getOrDefault(param);
  }

  private <E extends Enum<E>> E value(Class<E> type, Param<String> param) {
    return Enum.valueOf(type, getOrDefault(param).toUpperCase(Locale.ROOT));
  }

  private Param<String> text(String name, String meaning) {
    return new Param<>(this, name, meaning);
  }

  private IntParam integer(String name, String meaning, int least) {
    return new IntParam(this, name, meaning, ParamValidators.gtEq(least));
  }

  private <E extends Enum<E>> Param<String> choice(String name, E[] values) {
    List<String> labels = Stream.of(values).map(SentenceEmbedderParams::label).toList();
    return new Param<>(
        this, name, "one of " + String.join(", ", labels), ParamValidators.inArray(labels));
  }

  static String label(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
