package org.sparkgbert.train;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.sparkgbert.convert.TrainingCheckpoint;
import org.sparkgbert.convert.encoder.TrainableEncoder;
import org.sparkgbert.convert.graph.EncoderShape;
import org.sparkgbert.train.torch.EncoderSpecification;
import org.sparkgbert.train.torch.HiddenActivation;
import org.sparkgbert.train.torch.TensorShapes;
import org.sparkgbert.train.torch.WeightSource;

/**
 * What of a checkpoint is trained: all of it, or some layers and token embeddings.
 *
 * @param checkpoint the whole checkpoint; not owned
 * @param layers numbers of the layers that are kept
 * @param cut the vocabulary, if it is cut
 * @param maxSeqLength maximum number of tokens per text
 */
record PreparedModel(
    TrainingCheckpoint checkpoint,
    List<Integer> layers,
    Optional<VocabularyCut> cut,
    int maxSeqLength) {
  /**
   * @throws IllegalArgumentException if the checkpoint has tensors missing or beyond those of its
   *     encoder, or lacks a layer or so many positions
   */
  static PreparedModel of(
      TrainingCheckpoint checkpoint, ModelParts parts, Optional<VocabularyCut> cut) {
    int all = checkpoint.encoder().shape().layers();
    int most = checkpoint.maxSeqLength();
    PreparedModel whole = new PreparedModel(checkpoint, everyLayer(all), Optional.empty(), most);
    checkpoint.requireOnly(TensorShapes.of(whole.specification()));
    for (int layer : parts.layers()) {
      if (layer >= all) {
        throw new IllegalArgumentException(
            "Cannot run: --layers must be from 0 to %d, the last layer of the model, found %d"
                .formatted(all - 1, layer));
      }
    }
    List<Integer> layers = parts.layers().isEmpty() ? everyLayer(all) : parts.layers();
    requireSomethingToTrain(parts, layers.size());
    return new PreparedModel(checkpoint, layers, cut, maxSeqLength(parts, most));
  }

  private static List<Integer> everyLayer(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  private static void requireSomethingToTrain(ModelParts parts, int layers) {
    int frozen = parts.freeze().map(freeze -> freeze.layers()).orElse(0);
    if (frozen >= layers) {
      throw new IllegalArgumentException(
          "Cannot run: --freeze must leave a layer of %d to train, found layers=%d"
              .formatted(layers, frozen));
    }
  }

  static int maxSeqLength(ModelParts parts, int most) {
    int wanted = parts.maxSeqLength().orElse(most);
    if (wanted < 3 || wanted > most) {
      throw new IllegalArgumentException(
          "Cannot run: --max-seq-length must be from 3 to %d, the model's own, found %d"
              .formatted(most, wanted));
    }
    return wanted;
  }

  /** The encoder that remains. */
  EncoderSpecification specification() {
    TrainableEncoder encoder = checkpoint.encoder();
    EncoderShape shape = encoder.shape();
    return new EncoderSpecification(
        new EncoderShape(
            shape.family(),
            layers.size(),
            shape.hiddenSize(),
            shape.heads(),
            shape.intermediateSize(),
            cut.map(each -> each.rows().length).orElse(shape.vocabulary()),
            shape.positions(),
            shape.firstPosition()),
        newId(checkpoint.paddingToken()).orElseThrow(),
        encoder.epsilon(),
        encoder.isExactGelu() ? HiddenActivation.GELU : HiddenActivation.GELU_TANH,
        encoder.tokenTypes(),
        checkpoint.hiddenDropout(),
        checkpoint.attentionDropout(),
        checkpoint.pooling(),
        checkpoint.isNormalized());
  }

  /** Its weights before training. */
  WeightSource weights() {
    int[] rows =
        cut.map(VocabularyCut::rows)
            .orElseGet(
                () -> IntStream.range(0, checkpoint.encoder().shape().vocabulary()).toArray());
    return new StartingWeights(checkpoint, TensorShapes.of(specification()), layers, rows);
  }

  /** Its {@code tokenizer.json}. */
  ObjectNode tokenizer() {
    return cut.map(VocabularyCut::tokenizer).orElseGet(checkpoint::tokenizer);
  }

  /** The id that a token of the checkpoint has now. */
  OptionalInt newId(int id) {
    return cut.map(each -> each.newId(id)).orElse(OptionalInt.of(id));
  }
}
