package org.sparkgbert.job;

import java.util.Collection;
import java.util.List;
import org.sparkgbert.settings.Suggestions;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;

/** Reports a wrong command line in one line, with exit code 2. */
final class WrongUsage implements CommandLine.IParameterExceptionHandler {
  @Override
  public int handleParseException(ParameterException error, String[] args) {
    error.getCommandLine().getErr().println("spark-gbert: Cannot run: " + reason(error));
    return Main.WRONG_USAGE;
  }

  /** An unknown option may be why another is missing, so it is reported first. */
  private static String reason(ParameterException error) {
    CommandLine command = error.getCommandLine();
    List<String> unknown = command.getUnmatchedArguments();
    if (!unknown.isEmpty()) {
      return unmatched(unknown.get(0), command);
    }
    if (error instanceof OverwrittenOptionException twice) {
      return name(twice.getOverwritten()) + " may be given only once";
    }
    return error.getMessage().lines().findFirst().orElse("wrong usage");
  }

  private static String unmatched(String argument, CommandLine command) {
    Collection<String> options = command.getCommandSpec().optionsMap().keySet();
    if (argument.startsWith("-")) {
      return "unknown option %s, did you mean %s?"
          .formatted(argument, Suggestions.nearest(argument, options));
    }
    Collection<String> jobs = command.getSubcommands().keySet();
    return jobs.isEmpty()
        ? "unexpected argument '%s'; see --help".formatted(argument)
        : "unknown job '%s', did you mean %s?"
            .formatted(argument, Suggestions.nearest(argument, jobs));
  }

  private static String name(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
  }
}
