package org.sparkgbert.comparison;

import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Reports wrong usage in one line, with exit code 2; whatever else fails keeps its trace. */
final class OneLine
    implements CommandLine.IParameterExceptionHandler, CommandLine.IExecutionExceptionHandler {
  @Override
  public int handleParseException(ParameterException error, String[] args) {
    return report(firstLine(error) + " (--help lists all options)", error.getCommandLine());
  }

  @Override
  public int handleExecutionException(Exception error, CommandLine command, ParseResult parsed)
      throws Exception {
    if (error instanceof IllegalArgumentException) {
      return report(firstLine(error), command);
    }
    throw error;
  }

  private static String firstLine(Exception error) {
    return Objects.toString(error.getMessage(), "").lines().findFirst().orElse("Wrong usage");
  }

  private static int report(String line, CommandLine command) {
    command.getErr().println(line);
    return ExitCode.USAGE;
  }
}
