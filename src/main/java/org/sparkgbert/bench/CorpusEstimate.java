package org.sparkgbert.bench;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import org.sparkgbert.action.Amount;

/**
 * What it takes to embed the whole corpus from which texts were measured, if the rows that were
 * read stand for all, and no text occurs twice.
 *
 * @param rows its rows, those without text included
 * @param rowsRead those from which the others are extrapolated
 * @param rowsWithoutText those that take no tokens, no time and no vector
 * @param tokens of all its rows
 * @param rateOf {@code job}, or {@code encoder} if jobs were left out: whose rate it is
 * @param cores that were measured; one thread each
 * @param hours on these cores or on the GPU, without the start
 * @param hoursOn1000Cores on a thousand executor cores, each as fast as one of these when all are
 *     busy; null on a GPU
 * @param vectorBytes of the embeddings in float32, before compression
 */
@JsonNaming(SnakeCaseStrategy.class)
public record CorpusEstimate(
    long rows,
    long rowsRead,
    long rowsWithoutText,
    long tokens,
    String rateOf,
    int cores,
    double hours,
    Double hoursOn1000Cores,
    long vectorBytes) {
  private static final double SECONDS_PER_HOUR = 3600;
  private static final double LEAST_SECONDS = 0.1;
  private static final int MANY_CORES = 1000;

  /**
   * @throws IllegalArgumentException if there is no row, or no core
   */
  public CorpusEstimate {
    Checks.positive("rows", rows);
    Objects.requireNonNull(rateOf, "rateOf");
    Checks.positive("cores", cores);
  }

  /**
   * How fast it goes.
   *
   * @param of what was measured: {@code job} or {@code encoder}
   * @param tokensPerSecond on all these cores, or on the GPU
   * @param onCpu whether cores are what does the work
   */
  record Rate(String of, double tokensPerSecond, int cores, boolean onCpu) {}

  /**
   * @param dimension elements of an embedding
   */
  static CorpusEstimate of(CorpusSample sample, Rate rate, int dimension) {
    double hours = sample.allTokens() / rate.tokensPerSecond() / SECONDS_PER_HOUR;
    return new CorpusEstimate(
        sample.rows(),
        sample.read(),
        sample.rows() - sample.rowsWithText(),
        sample.allTokens(),
        rate.of(),
        rate.cores(),
        hours,
        rate.onCpu() ? hours * rate.cores() / MANY_CORES : null,
        sample.rowsWithText() * dimension * Float.BYTES);
  }

  /** Its rows, in words. */
  public String extent() {
    return rowsWithoutText == 0
        ? Amount.of(rows, "row")
        : String.format(
            Locale.ROOT,
            "%s, %s%,d without text",
            Amount.of(rows, "row"),
            about(),
            rowsWithoutText);
  }

  /** What is read and written of it, in words. */
  public String size() {
    return "%s%s, %s of vectors"
        .formatted(about(), Amount.of(tokens, "token"), Amount.bytes(vectorBytes));
  }

  private String about() {
    return rowsRead == rows ? "" : "about ";
  }

  /** How long it takes, in words. */
  public String time() {
    return hoursOn1000Cores == null
        ? duration(hours) + " on the GPU"
        : "%s on %s, %s on 1,000 executor cores"
            .formatted(duration(hours), Amount.of(cores, "core"), duration(hoursOn1000Cores));
  }

  private static String duration(double hours) {
    if (hours >= 1) {
      return String.format(Locale.ROOT, "%,.1f h", hours);
    }
    double seconds = hours * SECONDS_PER_HOUR;
    return seconds < LEAST_SECONDS
        ? "under 0.1 s"
        : Amount.time(Duration.ofMillis(Math.round(seconds * 1e3)));
  }
}
