package org.sparkgbert.bench;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Objects;

/**
 * Everything that one run of the bench measured; stored in {@code bench.json}.
 *
 * @param date when it ended, ISO 8601 in UTC
 * @param command the command line; empty if there was none
 * @param version version of spark-gbert
 * @param machine what it ran on
 * @param rounds number of rounds, not counting the warm-up
 * @param candidates one per model, all measured in the same rounds, one after the other
 * @param comparisons one for each candidate except the first
 */
@JsonNaming(SnakeCaseStrategy.class)
public record BenchResult(
    String date,
    String command,
    String version,
    Machine machine,
    int rounds,
    List<ModelResult> candidates,
    List<Comparison> comparisons) {
  /**
   * @throws IllegalArgumentException if there is no round or no candidate, or not exactly one
   *     comparison for each candidate except the first
   */
  public BenchResult {
    Objects.requireNonNull(date, "date");
    Objects.requireNonNull(command, "command");
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(machine, "machine");
    Checks.positive("rounds", rounds);
    candidates = List.copyOf(candidates);
    comparisons = List.copyOf(comparisons);
    Checks.positive("candidates", candidates.size());
    if (comparisons.size() != candidates.size() - 1) {
      throw new IllegalArgumentException(
          "Cannot hold result: %d candidates have %d comparisons, found %d"
              .formatted(candidates.size(), candidates.size() - 1, comparisons.size()));
    }
  }

  /** The same with the command line that requested it. */
  public BenchResult withCommand(String line) {
    return new BenchResult(date, line, version, machine, rounds, candidates, comparisons);
  }
}
