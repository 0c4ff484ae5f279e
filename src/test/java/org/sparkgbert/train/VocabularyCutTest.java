package org.sparkgbert.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.convert.TrainingCheckpoint;
import org.sparkgbert.settings.Settings;
import org.sparkgbert.tokenize.LongText;
import org.sparkgbert.tokenize.SentenceTokenizer;
import org.sparkgbert.tokenize.TextCleaner;
import org.sparkgbert.train.torch.EncoderTrainer;
import org.sparkgbert.train.torch.Freeze;
import org.sparkgbert.train.torch.Loss;
import org.sparkgbert.train.torch.OptimizerSettings;
import org.sparkgbert.train.torch.TrainerSettings;

/** Texts whose tokens are kept have the same tokens, under new ids, and the same vectors. */
class VocabularyCutTest {
  private static final Path CHECKPOINTS = Path.of("src/test/resources/checkpoints");
  private static final List<String> TEXTS =
      List.of(
          "Guten Morgen, wie geht es Ihnen?",
          "Der Zug nach Köln fährt heute später ab.",
          "Ein Zeichen, das fehlt: 漢 und noch eines: ☃");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {"bert-plain-hf", "bert-uncased", "bert-cased-vocab", "xlmr-unigram", "camembert"})
  void keptTokensGiveTheSameVectors(String name) throws IOException {
    try (TrainingCheckpoint checkpoint = TrainingCheckpoint.open(CHECKPOINTS.resolve(name))) {
      PreparedModel whole = PreparedModel.of(checkpoint, ModelParts.ALL, Optional.empty());
      TokenPairs before = tokens(checkpoint.tokenizer(), checkpoint);
      BitSet used = new BitSet();
      used.set(checkpoint.paddingToken());
      for (int[] text : before.first()) {
        for (int id : text) {
          used.set(id);
        }
      }
      VocabularyCut cut = VocabularyCut.of(checkpoint.tokenizer(), used);
      PreparedModel less = PreparedModel.of(checkpoint, ModelParts.ALL, Optional.of(cut));
      TokenPairs after = tokens(cut.tokenizer(), checkpoint);
      assertThat(cut.rows().length).isLessThan(checkpoint.encoder().shape().vocabulary());
      for (int row = 0; row < before.size(); row++) {
        assertThat(oldIds(after.first()[row], cut)).containsExactly(before.first()[row]);
      }
      float[][] vectorsBefore = embed(whole, before);
      float[][] vectorsAfter = embed(less, after);
      for (int row = 0; row < vectorsBefore.length; row++) {
        assertThat(vectorsAfter[row]).containsExactly(vectorsBefore[row], within(1e-6f));
      }
    }
  }

  @Test
  void singleCharactersStay() throws IOException {
    try (TrainingCheckpoint checkpoint =
        TrainingCheckpoint.open(CHECKPOINTS.resolve("bert-plain-hf"))) {
      ObjectNode all = checkpoint.tokenizer();
      VocabularyCut cut = VocabularyCut.of(checkpoint.tokenizer(), new BitSet());
      cut.tokenizer()
          .at("/model/vocab")
          .fieldNames()
          .forEachRemaining(word -> assertThat(word).matches("(##)?.|\\[[A-Z]+]"));
      all.at("/model/vocab")
          .properties()
          .forEach(
              word -> {
                if (word.getKey().replaceFirst("^##(?=.)", "").length() == 1) {
                  assertThat(cut.newId(word.getValue().asInt())).isPresent();
                }
              });
    }
  }

  @Test
  void otherTokenizersAreRefusedByName() throws IOException {
    try (TrainingCheckpoint checkpoint = TrainingCheckpoint.open(CHECKPOINTS.resolve("roberta"))) {
      assertThatThrownBy(() -> VocabularyCut.of(checkpoint.tokenizer(), new BitSet()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "Cannot prune vocabulary: the tokenizer must be WordPiece or Unigram, found BPE");
    }
  }

  private static int[] oldIds(int[] ids, VocabularyCut cut) {
    int[] old = new int[ids.length];
    for (int i = 0; i < ids.length; i++) {
      old[i] = cut.rows()[ids[i]];
    }
    return old;
  }

  private TokenPairs tokens(ObjectNode tokenizer, TrainingCheckpoint checkpoint)
      throws IOException {
    Path file = folder.resolve("tokenizer.json");
    Files.writeString(file, tokenizer.toString());
    List<Pair> pairs = TEXTS.stream().map(text -> new Pair(text, text, 1)).toList();
    try (SentenceTokenizer opened =
        SentenceTokenizer.open(
            file,
            TextCleaner.of(Settings.NONE),
            checkpoint.prompt(),
            checkpoint.maxSeqLength(),
            LongText.CUT)) {
      return TokenPairs.of(pairs, opened);
    }
  }

  private static float[][] embed(PreparedModel model, TokenPairs tokens) {
    TrainerSettings settings =
        new TrainerSettings(
            new Loss.CosineSimilarity(),
            new OptimizerSettings(1e-3, 0, 0, 1, 1),
            Freeze.NOTHING,
            0,
            false,
            1,
            OptionalInt.empty());
    try (EncoderTrainer trainer =
        EncoderTrainer.open(model.specification(), model.weights(), settings)) {
      return trainer.embed(tokens.first());
    }
  }
}
