package org.sparkgbert.report;

import java.util.Optional;
import org.sparkgbert.bench.Candidate;
import org.sparkgbert.bench.EncoderRate;
import org.sparkgbert.bench.JobRate;

/** What a reader wants of a candidate first. */
final class BenchFacts {
  private BenchFacts() {}

  /** The encoder on the most cores. */
  static EncoderRate most(Candidate candidate) {
    return candidate.encoder().get(candidate.encoder().size() - 1);
  }

  /** The whole job on the most cores. */
  static Optional<JobRate> mostOfJob(Candidate candidate) {
    return candidate.jobs().isEmpty()
        ? Optional.empty()
        : Optional.of(candidate.jobs().get(candidate.jobs().size() - 1));
  }

  static String cores(int cores) {
    return cores == 1 ? "1 core" : Numbers.count(cores) + " cores";
  }
}
