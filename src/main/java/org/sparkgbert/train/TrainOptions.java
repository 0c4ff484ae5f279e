package org.sparkgbert.train;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.sparkgbert.convert.ImportOptions;
import org.sparkgbert.corpus.InputOptions;
import org.sparkgbert.embed.EmbedOptions;
import org.sparkgbert.lake.WriteMode;
import org.sparkgbert.onnx.DeviceOptions;
import org.sparkgbert.settings.Setting;
import org.sparkgbert.settings.ValueType;
import org.sparkgbert.settings.ValueType.Form;
import org.sparkgbert.sts.PairOptions;
import org.sparkgbert.train.torch.Freeze;

/** Settings of {@link TrainEncoder}; {@link TrainSettings#of} reads them. */
public final class TrainOptions {
  private static final String EMBEDDINGS = "embeddings";
  private static final String FIRST_LAYERS = "layers=";

  /** Written as {@code embeddings} or {@code layers=6}. */
  private static final ValueType<Freeze> FREEZE_TYPE =
      ValueType.single("embeddings or layers=N", TrainOptions::freeze, TrainOptions::text);

  /** What is trained. */
  public static final Setting<String> MODEL =
      Setting.required("model")
          .label("CHECKPOINT")
          .meaning(
              "Checkpoint to train: a directory, a Hub id OWNER/NAME[@REVISION], or default for the"
                  + " model that comes with spark-gbert.");

  /** Pairs to learn from. */
  public static final Setting<List<String>> TRAIN =
      Setting.requiredPaths("train")
          .meaning("Pairs to learn from: files, directories or globs, several allowed.");

  /** Pairs to evaluate on. */
  public static final Setting<List<String>> DEV =
      Setting.requiredPaths("dev")
          .meaning("Pairs with gold scores that choose the best checkpoint; never learnt from.");

  /** Condition for them. */
  public static final Setting<String> DEV_WHERE =
      Setting.text("dev-where", "")
          .label("SQL")
          .meaning("Condition that selects rows of --dev, as --where does for --train.");

  /** Column with gold scores. */
  public static final Setting<String> SCORE_COLUMN =
      Setting.text("score-column", "score")
          .notBlank()
          .label("NAME")
          .meaning("Column with the gold score of a pair, a number.");

  /** The range of gold scores. */
  public static final Setting<ScoreRange> SCORE_RANGE =
      Setting.of("score-range", ScoreRange.TYPE, ScoreRange.UNIT)
          .label("LOW,HIGH")
          .meaning("Range of the gold scores, such as 0,5; training maps it to 0 to 1.");

  /** From which score on a pair counts as similar. */
  public static final Setting<Double> LABEL_THRESHOLD =
      Setting.number("label-threshold", "0.5")
          .share()
          .meaning(
              "For contrastive and multiple-negatives-ranking: a pair is similar if its mapped score"
                  + " is at least this.");

  /** Where the model is written. */
  public static final Setting<Path> OUTPUT =
      Setting.requiredPath("output")
          .label("DIR")
          .meaning("Directory to write: checkpoint, bundle, report and figures.");

  /** What happens if it exists. */
  public static final Setting<WriteMode> MODE =
      Setting.choice("mode", WriteMode.ERROR)
          .meaning("error or overwrite: what happens if the trained model exists.");

  /** The licence of what is written. */
  public static final Setting<Optional<String>> LICENCE =
      Setting.optional("licence", ValueType.TEXT)
          .label("NAME")
          .meaning("Licence of the trained model for its card, such as mit.");

  /** What training makes small. */
  public static final Setting<LossChoice> LOSS =
      Setting.choice("loss", LossChoice.CONTRASTIVE)
          .meaning(
              "contrastive (cosine distance, margin 0.5), cosine-similarity, cosent, or"
                  + " multiple-negatives-ranking.");

  /** Passes over the pairs. */
  public static final Setting<Integer> EPOCHS =
      count("epochs", 4).atMost(10_000).meaning("Passes over the pairs. From 1 to 10000.");

  /** Pairs of a batch. */
  public static final Setting<Integer> BATCH_SIZE =
      count("batch-size", 4).atMost(65_536).meaning("Pairs per batch. From 1 to 65536.");

  /** Batches of a step. */
  public static final Setting<Integer> ACCUMULATE =
      count("accumulate", 1).atMost(65_536).meaning("Batches per step. From 1 to 65536.");

  /** The peak of the learning rate. */
  public static final Setting<Double> LEARNING_RATE =
      Setting.number("learning-rate", "5e-6")
          .where(rate -> rate > 0 && rate <= 1, "must be above 0 and at most 1")
          .meaning("Learning rate of AdamW after warm-up; then it falls linearly to 0.");

  /** Steps until the peak. */
  public static final Setting<Integer> WARMUP_STEPS =
      Setting.integer("warmup-steps", 576)
          .atLeast(0)
          .meaning("Steps in which the learning rate rises from 0. At least 0.");

  /** How much weights shrink. */
  public static final Setting<Double> WEIGHT_DECAY =
      Setting.number("weight-decay", "0.01")
          .share()
          .meaning("Weight decay of AdamW; none on biases and LayerNorm.");

  /** The longest gradient. */
  public static final Setting<Double> MAX_GRADIENT_NORM =
      Setting.number("max-gradient-norm", "1")
          .where(norm -> norm > 0 && Double.isFinite(norm), "must be above 0")
          .meaning("Longer gradients are scaled to this norm.");

  /** Steps between evaluations. */
  public static final Setting<Integer> EVALUATION_STEPS =
      count("evaluation-steps", 500)
          .meaning("Steps between evaluations on --dev; there is one more at the end. At least 1.");

  /** Steps between savings. */
  public static final Setting<Integer> SAVE_STEPS =
      count("save-steps", 500)
          .meaning("Steps between savings from which training can continue. At least 1.");

  /** The seed of order and dropout. */
  public static final Setting<Long> SEED =
      Setting.seed("seed", 42).meaning("Seed of the order of pairs, dropout and LoRA.");

  /** What is left as it is. */
  public static final Setting<Optional<Freeze>> FREEZE =
      Setting.optional("freeze", FREEZE_TYPE)
          .label("PART")
          .meaning("embeddings, or layers=N for embeddings and the first N layers: not trained.");

  /** The layers that are kept. */
  public static final Setting<List<Integer>> LAYERS =
      Setting.of("layers", ValueType.INTEGER.several(Form.LIST), List.<Integer>of())
          .label("N")
          .where(TrainOptions::isRising, "must be numbers from 0 on, each above the one before")
          .meaning("Layers to keep, counted from 0, such as 0,2,4; all by default.");

  /** A corpus with the tokens that are kept. */
  public static final Setting<List<String>> PRUNE_VOCABULARY =
      Setting.paths("prune-vocabulary")
          .meaning(
              "Corpus, read as --train is: only token embeddings that occur in it or in the pairs,"
                  + " single characters and special tokens are kept.");

  /** The column with its texts. */
  public static final Setting<String> TEXT_COLUMN =
      EmbedOptions.TEXT_COLUMN.requires(PRUNE_VOCABULARY);

  /** Rank of the matrices of LoRA. */
  public static final Setting<Optional<Integer>> LORA =
      Setting.optional("lora", ValueType.INTEGER)
          .label("RANK")
          .where(rank -> rank.orElse(1) >= 1 && rank.orElse(1) <= 1_024, "must be from 1 to 1024")
          .meaning(
              "Train only matrices of this rank beside those of query and value; merged at the end."
                  + " From 1 to 1024.");

  /** Whether there must be something to continue. */
  public static final Setting<Boolean> RESUME =
      Setting.flag("resume")
          .meaning(
              "Fail if no interrupted run left its state. (It is continued in any case, if there is"
                  + " one.)");

  /** Whether to begin anew. */
  public static final Setting<Boolean> RESTART =
      Setting.flag("restart")
          .excludes(RESUME)
          .meaning("Delete what an interrupted run left, and begin anew.");

  /** Where the pairs come from. */
  public static final List<Setting<?>> DATA =
      List.of(
          TRAIN,
          DEV,
          InputOptions.FORMAT,
          InputOptions.READ_OPTION,
          InputOptions.WHERE,
          DEV_WHERE,
          PairOptions.SENTENCE1_COLUMN,
          PairOptions.SENTENCE2_COLUMN,
          SCORE_COLUMN,
          SCORE_RANGE,
          LABEL_THRESHOLD);

  /** How the model learns. */
  public static final List<Setting<?>> RECIPE =
      List.of(
          LOSS,
          EPOCHS,
          BATCH_SIZE,
          ACCUMULATE,
          LEARNING_RATE,
          WARMUP_STEPS,
          WEIGHT_DECAY,
          MAX_GRADIENT_NORM,
          EVALUATION_STEPS,
          SAVE_STEPS,
          SEED,
          DeviceOptions.DEVICE);

  /** What is trained. */
  public static final List<Setting<?>> PARTS =
      List.of(
          MODEL, ImportOptions.MAX_SEQ_LENGTH, FREEZE, LAYERS, PRUNE_VOCABULARY, TEXT_COLUMN, LORA);

  /** What is written. */
  public static final List<Setting<?>> RESULT =
      List.of(OUTPUT, MODE, ImportOptions.PRECISION, LICENCE, RESUME, RESTART);

  /** All of them. */
  public static final List<Setting<?>> ALL = Setting.all(PARTS, DATA, RECIPE, RESULT);

  private TrainOptions() {}

  private static Setting<Integer> count(String name, int defaultValue) {
    return Setting.integer(name, defaultValue).atLeast(1);
  }

  private static Freeze freeze(String text) {
    if (text.equals(EMBEDDINGS)) {
      return Freeze.EMBEDDINGS;
    }
    if (!text.startsWith(FIRST_LAYERS)) {
      throw new IllegalArgumentException("neither embeddings nor layers: " + text);
    }
    return Freeze.layers(Integer.parseInt(text.substring(FIRST_LAYERS.length())));
  }

  /** What is frozen, as users write it. */
  static String text(Freeze freeze) {
    return freeze.layers() == 0 ? EMBEDDINGS : FIRST_LAYERS + freeze.layers();
  }

  private static boolean isRising(List<Integer> numbers) {
    for (int i = 0; i < numbers.size(); i++) {
      if (numbers.get(i) < 0 || (i > 0 && numbers.get(i) <= numbers.get(i - 1))) {
        return false;
      }
    }
    return true;
  }
}
