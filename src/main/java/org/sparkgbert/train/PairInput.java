package org.sparkgbert.train;

import org.apache.spark.sql.SparkSession;
import org.sparkgbert.action.Amount;

/**
 * Reads the pairs of a training.
 *
 * @param spark the session
 * @param reading where they are
 * @param loss what it needs
 * @param notes is told what was left out
 */
record PairInput(SparkSession spark, PairReading reading, LossChoice loss, Notes notes) {
  /**
   * Pairs to learn from.
   *
   * @throws IllegalArgumentException if they cannot be read, or none is left
   */
  PairTable train() {
    PairTable all = reader().read(reading.train(), loss.needsScores());
    noteSkipped("--train", all);
    if (loss.needsScores()) {
      return all;
    }
    PairTable similar = all.similar(reading.threshold());
    if (similar.pairs().isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot train: --train has no pair with a mapped score of at least %s (--label-threshold), found %d others"
              .formatted(reading.threshold(), all.pairs().size()));
    }
    int others = all.pairs().size() - similar.pairs().size();
    if (others > 0) {
      notes.add(
          "%s of --train have a mapped score below %s and are left out."
              .formatted(Amount.of(others, "pair"), reading.threshold()));
    }
    return similar;
  }

  /**
   * Pairs to evaluate on.
   *
   * @throws IllegalArgumentException if they cannot be read, or have equal gold scores
   */
  PairTable dev() {
    PairTable dev = reader().read(reading.dev(), true);
    noteSkipped("--dev", dev);
    dev.requireDifferentScores("--dev");
    return dev;
  }

  private PairReader reader() {
    return new PairReader(spark, reading, notes.progress());
  }

  private void noteSkipped(String option, PairTable table) {
    if (table.skipped() > 0) {
      notes.add(
          "%s of %s without a sentence or a score: left out."
              .formatted(Amount.of(table.skipped(), "row"), option));
    }
  }
}
