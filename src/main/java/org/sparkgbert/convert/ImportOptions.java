package org.sparkgbert.convert;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.sparkgbert.convert.graph.ElementType;
import org.sparkgbert.convert.graph.Pooling;
import org.sparkgbert.lake.WriteMode;
import org.sparkgbert.settings.Setting;
import org.sparkgbert.settings.ValueType;

/** Settings of {@link ImportModel}; {@link ImportSettings#of} reads them. */
public final class ImportOptions {
  /** Where the model comes from. */
  public static final Setting<String> SOURCE =
      Setting.argument("source")
          .meaning("Hub id OWNER/NAME[@REVISION], a checkpoint's directory, or an ONNX file.");

  /** Where the bundle is written. */
  public static final Setting<Optional<Path>> OUTPUT =
      Setting.optional("output", ValueType.PATH).label("DIR").meaning("Directory of the bundle.");

  /** What happens if it exists. */
  public static final Setting<WriteMode> MODE =
      Setting.choice("mode", WriteMode.ERROR)
          .meaning("error or overwrite: what happens if the bundle exists.");

  /** How matrices are stored. */
  public static final Setting<ElementType> PRECISION =
      Setting.choice("precision", ElementType.FLOAT32)
          .meaning("float32, int8 for CPUs, or float16 for GPUs.");

  /** Whether attention is int8 where much would be lost by it. */
  public static final Setting<Int8Attention> INT8_ATTENTION =
      Setting.choice("int8-attention", Int8Attention.MEASURED)
          .onlyIf(
              settings -> settings.get(PRECISION) == ElementType.INT8, "requires --precision int8")
          .meaning(
              "measured, that of the first half of the layers stays float32 if too much is lost at"
                  + " some length of texts; or always, whatever is lost, which is faster.");

  /** Text put before each sentence. */
  public static final Setting<Optional<String>> PROMPT =
      Setting.optional("prompt", ValueType.TEXT)
          .label("TEXT")
          .meaning("Text put before each sentence, instead of the model's default prompt.");

  /** Maximum number of tokens per text. */
  public static final Setting<Optional<Integer>> MAX_SEQ_LENGTH =
      Setting.optional("max-seq-length", ValueType.INTEGER)
          .label("N")
          .meaning("Maximum number of tokens per text, at most the model's limit.");

  /** The tokenizer of an ONNX file. */
  public static final Setting<Optional<Path>> TOKENIZER =
      Setting.optional("tokenizer", ValueType.PATH)
          .label("FILE")
          .meaning("tokenizer.json of an ONNX file, if it is not next to it.");

  /** How an ONNX file's token vectors become one vector. */
  public static final Setting<List<Pooling>> POOLING =
      Setting.choices("pooling", Pooling.class, List.of())
          .meaning(
              "For an ONNX file: mean, cls, max, mean_sqrt_len, or several; mean if none is"
                  + " named.");

  /** Whether embeddings of an ONNX file are scaled to unit length. */
  public static final Setting<Boolean> NORMALIZE =
      Setting.flag("normalize").meaning("For an ONNX file: scale embeddings to unit length.");

  /** All settings of the action. */
  public static final List<Setting<?>> ALL =
      List.of(
          SOURCE,
          OUTPUT,
          MODE,
          PRECISION,
          INT8_ATTENTION,
          PROMPT,
          MAX_SEQ_LENGTH,
          TOKENIZER,
          POOLING,
          NORMALIZE);

  private ImportOptions() {}
}
