package org.sparkgbert.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.sparkgbert.action.Progress;
import org.sparkgbert.train.torch.EncoderTrainer;
import org.sparkgbert.train.torch.PairBatch;

/**
 * Trains step by step, evaluates and saves.
 *
 * <p><b>Threads:</b> for one thread.
 */
final class TrainingLoop {
  private final EncoderTrainer trainer;
  private final Task task;
  private final float[] labels;
  private final Map<String, long[]> shapes;
  private final TrainingState state;

  /**
   * @param trainer the encoder; not owned
   * @param task what to do
   * @param shapes the encoder's tensors
   * @param state where to save
   */
  TrainingLoop(EncoderTrainer trainer, Task task, Map<String, long[]> shapes, TrainingState state) {
    this.trainer = trainer;
    this.task = task;
    this.labels = task.labels();
    this.shapes = shapes;
    this.state = state;
  }

  /**
   * Runs all steps that are left.
   *
   * @param recorder what was recorded so far
   * @param progress is told the loss
   * @return how training went
   */
  Curve run(Recorder recorder, Progress progress) {
    long total = task.steps();
    long first = trainer.steps();
    if (!recorder.hasScoreBefore()) {
      recorder.add(score(0));
    }
    for (long step = first + 1; step <= total; step++) {
      recorder.add(trainer.step(batches(step - 1)));
      keep(step, recorder);
      progress.steps(
          step - first,
          total - first,
          "step",
          String.format(Locale.ROOT, "loss %.4f", recorder.recentLoss()));
    }
    return recorder.curve();
  }

  private void keep(long step, Recorder recorder) {
    boolean isLast = step == task.steps();
    if (isLast || step % task.recipe().evaluationSteps() == 0) {
      boolean isBest = recorder.add(score(step));
      if (isBest) {
        state.keepBest(step, shapes, trainer.weights());
      }
    }
    if (isLast || step % task.recipe().saveSteps() == 0) {
      state.save(trainer, recorder.curve());
    }
  }

  private DevScore score(long step) {
    return task.dev().evaluate(trainer::embed, task.order().epochs(step), step);
  }

  private List<PairBatch> batches(long step) {
    List<PairBatch> batches = new ArrayList<>();
    for (int[] rows : task.order().batches(step)) {
      int[][] first = new int[rows.length][];
      int[][] second = new int[rows.length][];
      float[] wanted = new float[labels.length == 0 ? 0 : rows.length];
      for (int row = 0; row < rows.length; row++) {
        first[row] = task.pairs().first()[rows[row]];
        second[row] = task.pairs().second()[rows[row]];
      }
      for (int row = 0; row < wanted.length; row++) {
        wanted[row] = labels[rows[row]];
      }
      batches.add(new PairBatch(first, second, wanted));
    }
    return batches;
  }
}
