package org.sparkgbert.train.torch;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.sparkgbert.convert.graph.EncoderShape;

/**
 * The matrices of low-rank adaptation: for each adapted matrix W, A {@code [rank, hidden]} and B
 * {@code [hidden, rank]}, so that W + B A takes its place. Alpha is the rank: B A is not scaled.
 *
 * <p><b>Source:</b> Hu et al., "LoRA", 2022; initial values and adapted matrices of peft.
 */
final class LoraMatrices {
  /** What follows the name of the adapted matrix, without {@code .weight}, in the name of A. */
  static final String DOWN = ".lora_A.weight";

  /** The same for B. */
  static final String UP = ".lora_B.weight";

  private static final List<String> ADAPTED =
      List.of("attention.self.query", "attention.self.value");

  private LoraMatrices() {}

  /** First values of all matrices of a training; none if its rank is 0. */
  static List<WeightTensor> initial(EncoderShape shape, TrainerSettings settings) {
    List<WeightTensor> matrices = new ArrayList<>();
    if (settings.loraRank() == 0) {
      return matrices;
    }
    int rank = settings.loraRank();
    int hidden = shape.hiddenSize();
    SplittableRandom random = new SplittableRandom(settings.seed());
    for (int layer = settings.freeze().layers(); layer < shape.layers(); layer++) {
      for (String adapted : ADAPTED) {
        String name = TensorShapes.prefix(layer) + adapted;
        float[] uniform = kaimingUniform(random, rank, hidden);
        matrices.add(new WeightTensor(name + DOWN, new long[] {rank, hidden}, uniform));
        matrices.add(
            new WeightTensor(name + UP, new long[] {hidden, rank}, new float[hidden * rank]));
      }
    }
    return matrices;
  }

  /** Uniform between -1 / sqrt(columns) and 1 / sqrt(columns): Kaiming's with a = sqrt(5). */
  private static float[] kaimingUniform(SplittableRandom random, int rows, int columns) {
    double bound = 1 / Math.sqrt(columns);
    float[] values = new float[Math.multiplyExact(rows, columns)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble(-bound, bound);
    }
    return values;
  }

  /** The name of a matrix without {@code .weight}; other names as they are. */
  static String adaptedBy(String weight) {
    return weight.endsWith(".weight")
        ? weight.substring(0, weight.length() - ".weight".length())
        : weight;
  }
}
