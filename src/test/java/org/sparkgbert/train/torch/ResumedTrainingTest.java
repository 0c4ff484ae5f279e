package org.sparkgbert.train.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A training that was interrupted goes on as if it had not been. */
class ResumedTrainingTest {
  private static final TinyTraining TRAINING = TinyTraining.of("cosine-similarity");

  @ParameterizedTest
  @ValueSource(ints = {0, 3})
  void everyBitIsTheSame(int loraRank) throws IOException {
    TinyTraining training = TRAINING.with(Freeze.EMBEDDINGS, loraRank, true);
    try (EncoderTrainer uninterrupted = training.open();
        EncoderTrainer first = training.open();
        EncoderTrainer second = training.open()) {
      training.train(uninterrupted, 0, 8);
      training.train(first, 0, 4);
      second.readState(new ByteArrayInputStream(state(first)));
      assertThat(second.steps()).isEqualTo(4);
      training.train(second, 4, 8);
      assertThat(state(second)).isEqualTo(state(uninterrupted));
      assertThat(TinyTraining.values(second.weights()))
          .usingRecursiveComparison()
          .isEqualTo(TinyTraining.values(uninterrupted.weights()));
    }
  }

  @Test
  void dropoutDropsOtherElementsInEachStep() {
    TinyTraining dropping = TRAINING.with(Freeze.NOTHING, 0, true);
    try (EncoderTrainer all = TRAINING.open();
        EncoderTrainer some = dropping.open()) {
      double whole = all.step(List.of(TRAINING.batch(0))).loss();
      double first = some.step(List.of(TRAINING.batch(0))).loss();
      // The learning rate of the first step is 0.
      double second = some.step(List.of(TRAINING.batch(0))).loss();
      assertThat(whole).isNotEqualTo(first);
      assertThat(second).isNotEqualTo(first);
    }
  }

  @Test
  void aDamagedStateIsRefused() throws IOException {
    byte[] state = trainedState();
    byte[] flipped = state.clone();
    flipped[state.length / 2] ^= 1;
    requireRefused(flipped, "Cannot resume training: the checksum of its state must be ");
    requireRefused(
        Arrays.copyOf(state, state.length - 20),
        "Cannot resume training: its state must be complete, found the end of a damaged one");
    requireRefused(new byte[100], "Cannot resume training: the format of its state must be ");
  }

  @Test
  void theStateOfAnotherTrainingIsRefused() throws IOException {
    byte[] state = trainedState();
    try (EncoderTrainer other = TRAINING.with(Freeze.EMBEDDINGS, 0, false).open()) {
      assertThatThrownBy(() -> other.readState(new ByteArrayInputStream(state)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "Cannot resume training: the frozen part of its state must be"
                  + " Freeze[embeddings=true, layers=0], found Freeze[embeddings=false, layers=0]");
    }
  }

  private static void requireRefused(byte[] state, String message) {
    try (EncoderTrainer trainer = TRAINING.open()) {
      assertThatThrownBy(() -> trainer.readState(new ByteArrayInputStream(state)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith(message);
    }
  }

  private static byte[] trainedState() throws IOException {
    try (EncoderTrainer trainer = TRAINING.open()) {
      TRAINING.train(trainer, 0, 2);
      return state(trainer);
    }
  }

  private static byte[] state(EncoderTrainer trainer) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    trainer.writeState(out);
    return out.toByteArray();
  }
}
