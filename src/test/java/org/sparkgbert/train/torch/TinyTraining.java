package org.sparkgbert.train.torch;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Trainings of the tiny encoder on the batches of a golden training, with other settings.
 *
 * @param golden where encoder, weights and batches come from
 * @param settings how it is trained here
 */
record TinyTraining(GoldenTraining golden, TrainerSettings settings) {
  /** Trained as the golden training of this name. */
  static TinyTraining of(String name) {
    GoldenTraining golden = GoldenTraining.read(name);
    return new TinyTraining(golden, golden.settings());
  }

  TinyTraining with(Freeze freeze, int loraRank, boolean dropout) {
    return new TinyTraining(
        golden,
        new TrainerSettings(
            settings.loss(),
            settings.optimizer(),
            freeze,
            loraRank,
            dropout,
            settings.seed(),
            OptionalInt.empty()));
  }

  EncoderTrainer open() {
    return EncoderTrainer.open(golden.specification(), golden.before(), settings);
  }

  EncoderTrainer open(WeightSource weights) {
    return EncoderTrainer.open(golden.specification(), weights, settings);
  }

  /** The batch of a step. */
  PairBatch batch(int step) {
    return golden.steps().get(step).batch();
  }

  /** Trains on the batches from one step to another, which is left out. */
  void train(EncoderTrainer trainer, int from, int to) {
    for (int step = from; step < to; step++) {
      trainer.step(List.of(batch(step)));
    }
  }

  /** All weights by name. */
  static Map<String, float[]> values(WeightSource weights) {
    Map<String, float[]> values = new LinkedHashMap<>();
    weights.names().forEach(name -> values.put(name, weights.read(name).values()));
    return values;
  }

  /** The pairs of a batch from one to another, which is left out. */
  static PairBatch part(PairBatch batch, int from, int to) {
    return new PairBatch(
        Arrays.copyOfRange(batch.first(), from, to),
        Arrays.copyOfRange(batch.second(), from, to),
        Arrays.copyOfRange(batch.labels(), from, to));
  }
}
