package org.sparkgbert.encode;

import java.util.List;
import org.sparkgbert.onnx.DeviceOptions;
import org.sparkgbert.settings.Setting;
import org.sparkgbert.tokenize.TextOptions;

/** Settings for encoding texts; {@link EncoderSettings#of} reads them. */
public final class EncoderOptions {
  /** Tokens of a text that are read. */
  public static final Setting<Integer> MAX_SEQ_LENGTH =
      Setting.integer("max-seq-length", 0)
          .atLeast(0)
          .label("N")
          .meaning(
              "Maximum number of tokens per text, at most the model's limit; 0 for that limit.");

  /** Whether embeddings get unit length. */
  public static final Setting<Boolean> NORMALIZE =
      Setting.flag("normalize")
          .meaning(
              "Give embeddings unit length; a zero vector stays zero. No change for models that do"
                  + " so themselves.");

  /** Elements of an embedding that are kept. */
  public static final Setting<Integer> DIMENSIONS =
      Setting.integer("dimensions", 0)
          .atLeast(0)
          .label("N")
          .meaning(
              "Keep the first N elements of an embedding, at unit length; 0 for all. For models"
                  + " trained for it (Matryoshka).");

  /** Tokens of a batch. */
  public static final Setting<Integer> TOKEN_BUDGET =
      Setting.integer("token-budget", 0)
          .atLeast(0)
          .label("N")
          .meaning(
              "Maximum number of tokens per batch, padding included; 0 for 512 on a CPU and 16384"
                  + " on a GPU.");

  /** Rows of a window. */
  public static final Setting<Integer> WINDOW_ROWS =
      Setting.integer("window-rows", 2_048)
          .atLeast(1)
          .label("N")
          .meaning("Number of rows that are sorted and batched together. At least 1.");

  /** Whether equal texts of a window are encoded once. */
  public static final Setting<Boolean> DEDUPE =
      Setting.truth("dedupe", true).meaning("true or false: encode equal texts of a window once.");

  /** All settings of an encoder, including those of texts and devices. */
  public static final List<Setting<?>> ALL =
      List.of(
          TextOptions.NORMALIZE_UNICODE,
          TextOptions.MAX_CHARACTERS,
          MAX_SEQ_LENGTH,
          TextOptions.LONG_TEXT,
          NORMALIZE,
          DIMENSIONS,
          TOKEN_BUDGET,
          WINDOW_ROWS,
          DEDUPE,
          DeviceOptions.DEVICE,
          DeviceOptions.THREADS,
          DeviceOptions.GPU_MEMORY_LIMIT,
          DeviceOptions.GPU_ARENA);

  private EncoderOptions() {}
}
