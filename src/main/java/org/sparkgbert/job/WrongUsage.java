package org.sparkgbert.job;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Answers a wrong command line with one line and exit code 2. */
final class WrongUsage implements CommandLine.IParameterExceptionHandler {
  @Override
  public int handleParseException(ParameterException error, String[] args) {
    error.getCommandLine().getErr().println("spark-gbert: " + message(error));
    return Main.WRONG_USAGE;
  }

  private static String message(ParameterException error) {
    if (error instanceof UnmatchedArgumentException unmatched) {
      String unknown = unmatched.getUnmatched().get(0);
      List<String> known =
          error.getCommandLine().getCommandSpec().optionsMap().keySet().stream().toList();
      return unknown.startsWith("-")
          ? "Cannot run: unknown option %s, did you mean %s?"
              .formatted(unknown, Suggestions.nearest(unknown, known))
          : "Cannot run: unexpected argument '%s'; see --help".formatted(unknown);
    }
    return "Cannot run: " + error.getMessage().lines().findFirst().orElse("wrong usage");
  }
}
