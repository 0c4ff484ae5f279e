package org.sparkgbert.convert.graph;

import java.util.LinkedHashMap;
import java.util.Map;
import org.sparkgbert.convert.checkpoint.FiniteCheck;
import org.sparkgbert.convert.checkpoint.Weights;

/**
 * Statistics of the inputs of an encoder's matrices, gathered from runs of a graph that {@link
 * EncoderGraph#writeObserved} wrote, or recorded earlier.
 *
 * <p><b>Threads:</b> for one thread.
 */
public final class Observations {
  static final String LEAST = ".least";
  static final String LARGEST = ".largest";
  static final String SUM = ".sum";
  static final String MEAN = ".mean";

  private final Map<String, InputStatistics> statistics = new LinkedHashMap<>();

  /**
   * Observations that were made earlier.
   *
   * @param recorded for each input NAME the tensors NAME.least, NAME.largest and NAME.mean, one
   *     value for each channel
   * @throws IllegalArgumentException if one of them is missing, has another length than the others,
   *     or a value that is not finite
   */
  public static Observations recorded(Weights recorded) {
    Observations seen = new Observations();
    for (String tensor : recorded.names()) {
      if (tensor.endsWith(LEAST)) {
        String name = tensor.substring(0, tensor.length() - LEAST.length());
        float[] least = channels(recorded, tensor, -1);
        InputStatistics one = new InputStatistics(least.length);
        one.add(
            least,
            channels(recorded, name + LARGEST, least.length),
            channels(recorded, name + MEAN, least.length),
            1);
        seen.statistics.put(name, one);
      }
    }
    return seen;
  }

  private static float[] channels(Weights recorded, String tensor, int expected) {
    recorded.forEachBlock(tensor, new FiniteCheck(tensor, (values, count) -> {}));
    float[] values = recorded.floats(tensor);
    if (expected >= 0 && values.length != expected) {
      throw new IllegalArgumentException(
          "Cannot read %s: tensor %s must have %d values, found %d"
              .formatted(recorded.source(), tensor, expected, values.length));
    }
    return values;
  }

  /**
   * Adds the outputs of a run.
   *
   * @param outputs all outputs of the graph by their names
   * @param tokens number of tokens of the run, which had no padding
   */
  public void add(Map<String, float[]> outputs, int tokens) {
    for (String output : outputs.keySet()) {
      if (output.endsWith(LEAST)) {
        String name = output.substring(0, output.length() - LEAST.length());
        float[] least = outputs.get(output);
        statistics
            .computeIfAbsent(name, key -> new InputStatistics(least.length))
            .add(least, outputs.get(name + LARGEST), outputs.get(name + SUM), tokens);
      }
    }
  }

  /**
   * What was seen of the input of a matrix.
   *
   * @param width number of channels
   * @throws IllegalArgumentException if nothing was seen of it, or another number of channels
   */
  InputStatistics of(String name, int width) {
    InputStatistics seen = statistics.get(name);
    if (seen == null || seen.channels() != width) {
      throw new IllegalArgumentException(
          "Cannot write int8 graph: it needs observations of the input %s of width %d, found %s"
              .formatted(name, width, seen == null ? "none" : "width " + seen.channels()));
    }
    return seen;
  }
}
