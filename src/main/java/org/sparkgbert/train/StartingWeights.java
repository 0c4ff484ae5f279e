package org.sparkgbert.train;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sparkgbert.convert.TrainingCheckpoint;
import org.sparkgbert.convert.graph.EncoderShape;
import org.sparkgbert.train.torch.WeightSource;
import org.sparkgbert.train.torch.WeightTensor;

/**
 * A checkpoint's weights without the layers and the token embeddings that are not kept.
 *
 * @param checkpoint the whole checkpoint
 * @param shapes tensors of the encoder that remains
 * @param layers for each remaining layer its number in the checkpoint
 * @param rows for each remaining token the row of its embedding there
 */
record StartingWeights(
    TrainingCheckpoint checkpoint, Map<String, long[]> shapes, List<Integer> layers, int[] rows)
    implements WeightSource {
  private static final Pattern LAYER = Pattern.compile("encoder\\.layer\\.(\\d+)\\.(.*)");
  private static final String WORDS = "embeddings.word_embeddings.weight";

  @Override
  public List<String> names() {
    return List.copyOf(shapes.keySet());
  }

  @Override
  public WeightTensor read(String name) {
    long[] shape = shapes.get(name);
    if (shape == null) {
      throw new IllegalArgumentException("Cannot read tensor %s: there is none".formatted(name));
    }
    float[] values =
        name.equals(WORDS) ? words((int) shape[1]) : checkpoint.floats(stored(name), shape);
    return new WeightTensor(name, shape, values);
  }

  private String stored(String name) {
    Matcher layer = LAYER.matcher(name);
    return layer.matches()
        ? "encoder.layer.%d.%s"
            .formatted(layers.get(Integer.parseInt(layer.group(1))), layer.group(2))
        : name;
  }

  private float[] words(int width) {
    EncoderShape whole = checkpoint.encoder().shape();
    float[] all = checkpoint.floats(WORDS, whole.vocabulary(), width);
    if (isIdentity(whole.vocabulary())) {
      return all;
    }
    float[] kept = new float[Math.multiplyExact(rows.length, width)];
    for (int row = 0; row < rows.length; row++) {
      System.arraycopy(all, rows[row] * width, kept, row * width, width);
    }
    return kept;
  }

  private boolean isIdentity(int vocabulary) {
    int[] all = new int[vocabulary];
    Arrays.setAll(all, i -> i);
    return Arrays.equals(all, rows);
  }
}
