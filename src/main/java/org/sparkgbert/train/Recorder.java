package org.sparkgbert.train;

import java.util.ArrayList;
import java.util.List;
import org.sparkgbert.train.torch.StepResult;

/**
 * Records how training goes.
 *
 * <p><b>Threads:</b> for one thread.
 */
final class Recorder {
  /** Steps whose mean loss is shown: that of one batch says little. */
  private static final int SHOWN = 50;

  private final List<Double> losses;
  private final List<Double> rates;
  private final List<Double> norms;
  private final List<DevScore> scores;
  private final double secondsBefore;
  private final long start = System.nanoTime();
  private long tokens;

  private Recorder(Curve before) {
    this.losses = new ArrayList<>(before.losses());
    this.rates = new ArrayList<>(before.learningRates());
    this.norms = new ArrayList<>(before.gradientNorms());
    this.scores = new ArrayList<>(before.scores());
    this.secondsBefore = before.seconds();
    this.tokens = before.tokens();
  }

  /** Continues what another run recorded. */
  static Recorder after(Curve before) {
    return new Recorder(before);
  }

  /** Begins with nothing. */
  static Recorder empty() {
    return new Recorder(new Curve(List.of(), List.of(), List.of(), List.of(), 0, 0));
  }

  void add(StepResult step) {
    losses.add(step.loss());
    rates.add(step.learningRate());
    norms.add(step.gradientNorm());
    tokens += step.tokens();
  }

  /** Adds a score; true if it is the best one after a step. */
  boolean add(DevScore score) {
    scores.add(score);
    return score.step() > 0 && curve().best().step() == score.step();
  }

  boolean hasScoreBefore() {
    return !scores.isEmpty();
  }

  /** Mean loss of the last steps. */
  double recentLoss() {
    return losses.subList(Math.max(0, losses.size() - SHOWN), losses.size()).stream()
        .mapToDouble(Double::doubleValue)
        .average()
        .orElse(Double.NaN);
  }

  Curve curve() {
    double seconds = secondsBefore + (System.nanoTime() - start) / 1e9;
    return new Curve(losses, rates, norms, scores, seconds, tokens);
  }
}
