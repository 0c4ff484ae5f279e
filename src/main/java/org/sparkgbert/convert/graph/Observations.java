package org.sparkgbert.convert.graph;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Statistics of the inputs of an encoder's matrices, gathered from runs of a graph that {@link
 * EncoderGraph#writeObserved} wrote.
 *
 * <p><b>Threads:</b> for one thread.
 */
public final class Observations {
  static final String LEAST = ".least";
  static final String LARGEST = ".largest";
  static final String SUM = ".sum";

  private final Map<String, InputStatistics> statistics = new LinkedHashMap<>();

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

  /** How to round each input if one channel in this many stays float32. */
  Map<String, InputQuantization> quantize(int channelsPerOutlier) {
    Map<String, InputQuantization> inputs = new LinkedHashMap<>();
    statistics.forEach(
        (name, seen) ->
            inputs.put(name, InputQuantization.of(seen, seen.channels() / channelsPerOutlier)));
    return inputs;
  }
}
