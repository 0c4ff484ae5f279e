package org.sparkgbert.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.sparkgbert.corpus.CorpusSource;
import org.sparkgbert.corpus.InputOptions;
import org.sparkgbert.files.Secrets;
import org.sparkgbert.settings.Labels;
import org.sparkgbert.settings.Setting;
import org.sparkgbert.sts.PairOptions;

/** Settings by their names for users: all that the trained weights depend on. */
final class SettingsText {
  private final Map<String, String> texts = new LinkedHashMap<>();

  private SettingsText() {}

  /**
   * Settings as text, in an order for readers.
   *
   * @param maxSeqLength the limit that applies
   */
  static Map<String, String> of(TrainSettings settings, int maxSeqLength) {
    SettingsText all = new SettingsText();
    all.put(TrainOptions.MODEL, settings.model());
    all.texts.put("--max-seq-length", String.valueOf(maxSeqLength));
    all.addParts(settings.parts());
    all.addPairs(settings.pairs());
    all.addRecipe(settings.recipe());
    return all.texts;
  }

  private void put(Setting<?> setting, Object value) {
    texts.put(setting.option(), Secrets.hide(String.valueOf(value)));
  }

  private static String paths(CorpusSource source) {
    return source.paths().stream().map(Secrets::hide).collect(Collectors.joining(", "));
  }

  private static String numbers(List<Integer> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  private void addParts(ModelParts parts) {
    put(TrainOptions.FREEZE, parts.freeze().map(TrainOptions::text).orElse(""));
    put(TrainOptions.LAYERS, numbers(parts.layers()));
    put(TrainOptions.PRUNE_VOCABULARY, parts.vocabulary().map(SettingsText::paths).orElse(""));
    put(TrainOptions.LORA, parts.lora().map(String::valueOf).orElse(""));
  }

  private void addPairs(PairReading pairs) {
    put(TrainOptions.TRAIN, paths(pairs.train()));
    put(TrainOptions.DEV, paths(pairs.dev()));
    put(InputOptions.FORMAT, pairs.train().format());
    put(InputOptions.WHERE, pairs.train().where());
    put(TrainOptions.DEV_WHERE, pairs.dev().where());
    put(PairOptions.SENTENCE1_COLUMN, pairs.first());
    put(PairOptions.SENTENCE2_COLUMN, pairs.second());
    put(TrainOptions.SCORE_COLUMN, pairs.score());
    put(TrainOptions.SCORE_RANGE, pairs.range());
    put(TrainOptions.LABEL_THRESHOLD, pairs.threshold());
  }

  private void addRecipe(Recipe recipe) {
    put(TrainOptions.LOSS, Labels.of(recipe.loss()));
    put(TrainOptions.EPOCHS, recipe.epochs());
    put(TrainOptions.BATCH_SIZE, recipe.batchSize());
    put(TrainOptions.ACCUMULATE, recipe.accumulate());
    put(TrainOptions.LEARNING_RATE, recipe.learningRate());
    put(TrainOptions.WARMUP_STEPS, recipe.warmupSteps());
    put(TrainOptions.WEIGHT_DECAY, recipe.weightDecay());
    put(TrainOptions.MAX_GRADIENT_NORM, recipe.maxGradientNorm());
    put(TrainOptions.EVALUATION_STEPS, recipe.evaluationSteps());
    put(TrainOptions.SEED, recipe.seed());
  }
}
