package org.sparkgbert.bench;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Locale;

/**
 * What it takes to embed the whole corpus from which texts were measured, if its rows are as long
 * as these texts, and none occurs twice.
 *
 * @param rows its rows, those without text included
 * @param tokens their tokens: rows times the mean of the texts measured
 * @param cores of this machine
 * @param hours on this machine, at the rate of the job, or of the encoder alone if jobs were left
 *     out; without the start
 * @param hoursOn1000Cores on a thousand executor cores, each as fast as one of these when all are
 *     busy; null on a GPU
 * @param vectorBytes of the embeddings in float32, before compression
 */
@JsonNaming(SnakeCaseStrategy.class)
public record CorpusEstimate(
    long rows, long tokens, int cores, double hours, Double hoursOn1000Cores, long vectorBytes) {
  private static final double SECONDS_PER_HOUR = 3600;
  private static final double MINUTES_PER_HOUR = 60;
  private static final int MANY_CORES = 1000;

  /**
   * @throws IllegalArgumentException if there is no row
   */
  public CorpusEstimate {
    Checks.positive("rows", rows);
  }

  /**
   * @param meanTokens per row
   * @param tokensPerSecond on all cores, or on the GPU
   * @param onCpu whether cores are what does the work
   * @param dimension elements of an embedding
   */
  static CorpusEstimate of(
      long rows,
      double meanTokens,
      double tokensPerSecond,
      int cores,
      boolean onCpu,
      int dimension) {
    double tokens = rows * meanTokens;
    double hours = tokens / tokensPerSecond / SECONDS_PER_HOUR;
    return new CorpusEstimate(
        rows,
        Math.round(tokens),
        cores,
        hours,
        onCpu ? hours * cores / MANY_CORES : null,
        rows * dimension * Float.BYTES);
  }

  /** What the corpus and its vectors are, in words. */
  public String size() {
    return String.format(
        Locale.ROOT,
        "%,d rows, about %,d tokens; %s of vectors",
        rows,
        tokens,
        vectorBytes < 1e9
            ? String.format(Locale.ROOT, "%,.1f MB", vectorBytes / 1e6)
            : String.format(Locale.ROOT, "%,.1f GB", vectorBytes / 1e9));
  }

  /** How long it takes, in words. */
  public String time() {
    String here = duration(hours) + " on this machine";
    return hoursOn1000Cores == null
        ? here
        : here + ", " + duration(hoursOn1000Cores) + " on 1,000 executor cores";
  }

  private static String duration(double hours) {
    if (hours >= 1) {
      return String.format(Locale.ROOT, "%,.1f h", hours);
    }
    double minutes = hours * MINUTES_PER_HOUR;
    return minutes >= 1
        ? String.format(Locale.ROOT, "%.1f min", minutes)
        : String.format(Locale.ROOT, "%.1f s", minutes * SECONDS_PER_HOUR / MINUTES_PER_HOUR);
  }
}
