package org.sparkgbert.convert;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.sparkgbert.settings.Settings;

/**
 * What {@link VerifyModel} should do.
 *
 * @param bundle directory of the bundle
 * @param reference file of {@link Reference}s to compare with
 * @param threads threads per run, 0 for all cores
 */
public record VerifySettings(Path bundle, Optional<Path> reference, int threads) {
  /**
   * @throws IllegalArgumentException if a value is out of range
   */
  public VerifySettings {
    Objects.requireNonNull(bundle, "bundle");
    Objects.requireNonNull(reference, "reference");
    VerifyOptions.THREADS.require(threads);
  }

  /**
   * Reads the settings of {@link VerifyOptions}.
   *
   * @throws IllegalArgumentException if a required one is missing
   */
  public static VerifySettings of(Settings settings) {
    return new VerifySettings(
        Path.of(settings.get(VerifyOptions.BUNDLE)),
        settings.get(VerifyOptions.REFERENCE),
        settings.get(VerifyOptions.THREADS));
  }

  int usedThreads() {
    return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
  }
}
