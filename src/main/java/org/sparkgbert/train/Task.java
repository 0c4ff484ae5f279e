package org.sparkgbert.train;

import java.util.Locale;
import org.sparkgbert.action.Amount;
import org.sparkgbert.train.torch.Freeze;
import org.sparkgbert.train.torch.Loss;
import org.sparkgbert.train.torch.OptimizerSettings;
import org.sparkgbert.train.torch.TrainerSettings;

/**
 * What a trainer is given to do.
 *
 * @param recipe how it learns
 * @param parts what of the model is trained
 * @param pairs pairs to learn from
 * @param dev pairs to evaluate on
 * @param order which pairs each step sees
 * @param threshold from which score on a pair is similar
 */
record Task(
    Recipe recipe,
    ModelParts parts,
    TokenPairs pairs,
    DevSet dev,
    DataOrder order,
    double threshold) {
  static Task of(TrainSettings settings, TokenPairs train, TokenPairs dev) {
    return new Task(
        settings.recipe(),
        settings.parts(),
        train,
        new DevSet(dev),
        new DataOrder(train.size(), settings.recipe()),
        settings.pairs().threshold());
  }

  /** Steps of all epochs. */
  long steps() {
    return recipe.epochs() * order.stepsPerEpoch();
  }

  /** What the loss needs of each pair: a label, a score, or nothing. */
  float[] labels() {
    float[] labels = new float[recipe.loss().needsScores() ? pairs.size() : 0];
    for (int i = 0; i < labels.length; i++) {
      double score = pairs.scores()[i];
      labels[i] =
          recipe.loss() == LossChoice.CONTRASTIVE ? (score >= threshold ? 1 : 0) : (float) score;
    }
    return labels;
  }

  /** Pairs that count as similar; all of them for a loss that knows no others. */
  long similar() {
    if (recipe.loss() != LossChoice.CONTRASTIVE) {
      return pairs.size();
    }
    long similar = 0;
    for (float label : labels()) {
      similar += label > 0 ? 1 : 0;
    }
    return similar;
  }

  /**
   * Says what is unusual about it.
   *
   * @throws IllegalArgumentException if contrastive loss has pairs of one kind only
   */
  void describe(Notes notes) {
    if (recipe.loss() == LossChoice.CONTRASTIVE) {
      long similar = similar();
      if (similar == 0 || similar == pairs.size()) {
        throw new IllegalArgumentException(
            "Cannot train: --loss contrastive needs pairs that are similar and pairs that are not, found %d of %d similar; see --score-range and --label-threshold"
                .formatted(similar, pairs.size()));
      }
      notes.add(
          "%,d of %s count as similar: their mapped score is at least %s."
              .formatted(similar(), Amount.of(pairs.size(), "pair"), threshold));
    }
    if (recipe.warmupSteps() >= steps()) {
      notes.add(
          String.format(
              Locale.ROOT,
              "Warm-up takes %s, but training ends after %s: the learning rate only rises, to %.2e;"
                  + " lower --warmup-steps.",
              Amount.of(recipe.warmupSteps(), "step"),
              Amount.of(steps(), "step"),
              optimizer().learningRate(steps() - 1)));
    }
  }

  private OptimizerSettings optimizer() {
    return new OptimizerSettings(
        recipe.learningRate(),
        recipe.weightDecay(),
        recipe.warmupSteps(),
        steps(),
        recipe.maxGradientNorm());
  }

  TrainerSettings settings(TrainingDevice device) {
    return new TrainerSettings(
        loss(),
        optimizer(),
        parts.freeze().orElse(Freeze.NOTHING),
        parts.lora().orElse(0),
        true,
        recipe.seed(),
        device.gpu());
  }

  private Loss loss() {
    return switch (recipe.loss()) {
      case CONTRASTIVE -> new Loss.Contrastive(Loss.Contrastive.MARGIN);
      case COSINE_SIMILARITY -> new Loss.CosineSimilarity();
      case COSENT -> new Loss.CoSent(Loss.CoSent.SCALE);
      case MULTIPLE_NEGATIVES_RANKING ->
          new Loss.MultipleNegativesRanking(Loss.MultipleNegativesRanking.SCALE);
    };
  }
}
