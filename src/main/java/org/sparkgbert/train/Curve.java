package org.sparkgbert.train;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Locale;

/**
 * How training went.
 *
 * @param losses loss of each step
 * @param learningRates learning rate of each step
 * @param gradientNorms norm of each step's gradient, before it was scaled
 * @param scores scores on the dev pairs, the one before training first; at least one
 * @param seconds time of steps and evaluations, those of interrupted runs included
 * @param tokens tokens of all steps, without padding
 */
@JsonNaming(SnakeCaseStrategy.class)
public record Curve(
    List<Double> losses,
    List<Double> learningRates,
    List<Double> gradientNorms,
    List<DevScore> scores,
    double seconds,
    long tokens) {
  /** Copies the lists. */
  public Curve {
    losses = List.copyOf(losses);
    learningRates = List.copyOf(learningRates);
    gradientNorms = List.copyOf(gradientNorms);
    scores = List.copyOf(scores);
  }

  /** Steps done. */
  @JsonIgnore
  public long steps() {
    return losses.size();
  }

  /** The score before training. */
  @JsonIgnore
  public DevScore before() {
    return scores.get(0);
  }

  /**
   * The best score after a step, the first of equal ones, and the last if none is defined; the one
   * before training if no step was scored.
   */
  @JsonIgnore
  public DevScore best() {
    DevScore best = scores.size() > 1 ? scores.get(1) : scores.get(0);
    for (DevScore each : scores) {
      boolean isLater = best.spearman() == null;
      best = each.step() > 0 && (isLater || each.isBetterThan(best)) ? each : best;
    }
    return best;
  }

  /** Says if training did not help. */
  void describe(Notes notes) {
    if (best().spearman() == null) {
      notes.add(
          "All cosines of the dev pairs are equal at every evaluation, so that none is the best: what is written is the last step.");
    } else if (!best().isBetterThan(before())) {
      notes.add(
          String.format(
              Locale.ROOT,
              "Training did not help: on the dev pairs the model had %.4f before, and what is written has %.4f.",
              before().spearman(),
              best().spearman()));
    }
  }
}
