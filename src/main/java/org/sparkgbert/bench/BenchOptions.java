package org.sparkgbert.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.sparkgbert.convert.graph.ElementType;
import org.sparkgbert.embed.EmbedOptions;
import org.sparkgbert.onnx.DeviceOptions;
import org.sparkgbert.settings.Setting;
import org.sparkgbert.settings.ValueType;

/** Settings of {@link RunBench}; {@link BenchSettings#of} reads them. */
public final class BenchOptions {
  private static final int MOST_CORES = 1_024;

  /** Bundles to measure. */
  public static final Setting<List<String>> MODEL =
      Setting.repeated("model")
          .label("BUNDLE")
          .meaning(
              "default, or a bundle's directory; repeatable: models are measured alternately."
                  + " default if neither model nor shape is given.");

  /** Models with random weights to measure. */
  public static final Setting<List<String>> SHAPE =
      Setting.repeated("shape")
          .label("SHAPE")
          .meaning(
              "gbert-large, base, small, or LAYERS,HIDDEN,HEADS,INNER,VOCABULARY,POSITIONS: a"
                  + " model of random weights; repeatable.");

  /** Their precisions. */
  public static final Setting<List<ElementType>> PRECISION =
      Setting.choices("precision", ElementType.class, List.of(ElementType.FLOAT32))
          .requires(SHAPE)
          .meaning("Precisions of models of a shape, several allowed.");

  /** A corpus to measure with. */
  public static final Setting<Optional<String>> INPUT =
      Setting.optional("input", ValueType.TEXT)
          .label("PATH")
          .meaning("Corpus in Parquet to measure with, instead of generated texts.");

  /** Its column with the text. */
  public static final Setting<String> TEXT_COLUMN = EmbedOptions.TEXT_COLUMN.requires(INPUT);

  /** Length of generated texts. */
  public static final Setting<TextLengths> LENGTHS =
      Setting.choice("lengths", TextLengths.STSB)
          .excludes(INPUT)
          .meaning("stsb (sentences) or news (100 to 400 tokens): length of generated texts.");

  /** Number of texts per pass. */
  public static final Setting<String> TEXTS =
      Setting.text("texts", "auto")
          .matching("auto|[1-9]\\d{0,6}|10000000", "must be auto or a number from 1 to 10000000")
          .label("N")
          .meaning("Number of texts per pass: auto (as many as take --seconds), or a number.");

  /** Time per pass. */
  public static final Setting<Integer> SECONDS =
      Setting.integer("seconds", 20)
          .onlyIf(
              settings -> settings.get(TEXTS).equals("auto"),
              "does not apply with a number of --texts")
          .atLeast(1)
          .label("N")
          .meaning("Time that the encoder should take per pass. At least 1.");

  /** Number of rounds, after a warm-up. */
  public static final Setting<Integer> ROUNDS =
      Setting.integer("rounds", 3)
          .atLeast(1)
          .label("N")
          .meaning("Number of rounds, after a warm-up. At least 1.");

  /** Number of cores. */
  public static final Setting<Integer> CORES =
      Setting.integer("cores", 0)
          .atMost(MOST_CORES)
          .atLeast(0)
          .label("N")
          .meaning("Number of cores to measure besides one; 0 for all. At most 1024.");

  /** Whether to leave jobs out. */
  public static final Setting<Boolean> SKIP_JOB =
      Setting.flag("skip-job").meaning("Leave Spark out.");

  /** Number of concurrent tasks whose memory is measured. */
  public static final Setting<Integer> MEMORY_TASKS =
      Setting.integer("memory-tasks", 4)
          .excludes(SKIP_JOB)
          .atMost(MOST_CORES)
          .atLeast(0)
          .label("N")
          .meaning(
              "Number of concurrent tasks whose memory is compared with that of one; 0 for none.");

  /** Where models of a shape are kept. */
  public static final Setting<Optional<Path>> WORK_DIR =
      Setting.optional("work-dir", ValueType.PATH)
          .requires(SHAPE)
          .label("DIR")
          .meaning("Directory that keeps models of a shape; a temporary one if none is named.");

  /** The launcher of the embed job, which the launcher of the bench passes. */
  public static final Setting<Optional<Path>> LAUNCHER =
      Setting.optional("launcher", ValueType.PATH).label("FILE");

  /** All settings of the action. */
  public static final List<Setting<?>> ALL =
      List.of(
          MODEL,
          SHAPE,
          PRECISION,
          LENGTHS,
          INPUT,
          TEXT_COLUMN,
          TEXTS,
          SECONDS,
          ROUNDS,
          CORES,
          DeviceOptions.DEVICE,
          MEMORY_TASKS,
          SKIP_JOB,
          WORK_DIR,
          LAUNCHER);

  private BenchOptions() {}
}
