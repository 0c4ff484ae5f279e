package org.sparkgbert.convert;

import java.util.Optional;
import org.sparkgbert.model.Bundle;

/**
 * What {@link VerifyModel} found.
 *
 * @param bundle the bundle, whose files match its manifest
 * @param alone German sentences alone, compared with the same sentences in a batch
 * @param reference sentences compared with a reference, if there is one
 * @param blank texts of the reference that have no embedding here, and were left out
 */
public record Verification(
    Bundle bundle,
    ModelVerification.Result alone,
    Optional<ModelVerification.Result> reference,
    int blank) {
  /** Whether every text agrees. */
  public boolean holds() {
    return alone.holds() && reference.stream().allMatch(ModelVerification.Result::holds);
  }
}
