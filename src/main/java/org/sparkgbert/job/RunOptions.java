package org.sparkgbert.job;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Settings that every job has: name, default and meaning of each. */
final class RunOptions {
  @Option(
      names = "--summary-json",
      paramLabel = "FILE",
      description = "File for the summary as JSON.")
  Path summaryJson;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "File with settings; the command line takes precedence.")
  Path config;

  @Option(names = "--verbose", description = "Show stack traces.")
  boolean verbose;

  /**
   * @throws IllegalArgumentException if a file that will be written at the end cannot be
   */
  void requireWritable() {
    if (summaryJson != null) {
      OptionChecks.requireWritable("--summary-json", summaryJson);
    }
  }
}
