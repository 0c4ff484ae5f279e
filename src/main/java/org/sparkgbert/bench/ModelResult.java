package org.sparkgbert.bench;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The result for one model.
 *
 * @param name distinguishes it from the others
 * @param model the model's name
 * @param revision its revision
 * @param bundleChecksum SHA-256 of the bundle's manifest
 * @param precision type of its weights, such as {@code float32}
 * @param shape its shape
 * @param texts the texts that it encoded
 * @param flopPerToken operations per token of these texts
 * @param limits the machine's limits for products of this shape, by precision and cores
 * @param encoder the encoder alone, one entry per number of cores, ascending
 * @param jobs whole jobs, one entry per master, fewest cores first; none if they were left out
 * @param coresRatio all cores over one; null if there is only one
 * @param memory memory of concurrent tasks over that of one; null if it was not measured
 * @param corpus what the whole corpus takes; null if texts were generated
 */
@JsonNaming(SnakeCaseStrategy.class)
public record ModelResult(
    String name,
    String model,
    String revision,
    String bundleChecksum,
    String precision,
    ModelShape shape,
    TextsUsed texts,
    FlopPerToken flopPerToken,
    List<Limit> limits,
    List<EncoderRate> encoder,
    List<JobRate> jobs,
    CoresRatio coresRatio,
    TaskMemory memory,
    CorpusEstimate corpus) {
  /**
   * @throws IllegalArgumentException if the encoder was not measured
   */
  public ModelResult {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(precision, "precision");
    Objects.requireNonNull(shape, "shape");
    Objects.requireNonNull(texts, "texts");
    Objects.requireNonNull(flopPerToken, "flopPerToken");
    limits = List.copyOf(limits);
    encoder = List.copyOf(encoder);
    jobs = List.copyOf(jobs);
    Checks.positive("rates of the encoder", encoder.size());
  }

  /** The encoder on the largest number of cores. */
  public EncoderRate encoderOnMostCores() {
    return encoder.get(encoder.size() - 1);
  }

  /** The whole job on the largest number of cores; empty if jobs were left out. */
  public Optional<JobRate> jobOnMostCores() {
    return jobs.isEmpty() ? Optional.empty() : Optional.of(jobs.get(jobs.size() - 1));
  }

  /**
   * The speedup by more cores.
   *
   * @param cores how many, more than one
   * @param encoder tokens per second of the encoder alone on all cores over those on one
   * @param job the same for the whole job in its steady state; null if it was left out
   */
  @JsonNaming(SnakeCaseStrategy.class)
  public record CoresRatio(int cores, MedianAndRange encoder, MedianAndRange job) {
    /**
     * @throws IllegalArgumentException if there is only one core
     */
    public CoresRatio {
      Checks.positive("cores beyond the first", cores - 1.0);
      Objects.requireNonNull(encoder, "encoder");
    }
  }
}
