package org.sparkgbert.job;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.sparkgbert.settings.Suggestions;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;

/** Reports a wrong command line in one line, with exit code 2. */
final class WrongUsage implements CommandLine.IParameterExceptionHandler {
  /** What spark-submit takes, as of Spark 4.1. */
  private static final Set<String> SPARK_OPTIONS =
      Set.of(
          "--archives",
          "--class",
          "--conf",
          "-c",
          "--deploy-mode",
          "--driver-class-path",
          "--driver-cores",
          "--driver-java-options",
          "--driver-library-path",
          "--driver-memory",
          "--exclude-packages",
          "--executor-cores",
          "--executor-memory",
          "--files",
          "--jars",
          "--keytab",
          "--kill",
          "--master",
          "--name",
          "--num-executors",
          "--packages",
          "--principal",
          "--properties-file",
          "--proxy-user",
          "--py-files",
          "--queue",
          "--remote",
          "--repositories",
          "--status",
          "--supervise",
          "--total-executor-cores");

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
    String option = argument.replaceAll("=.*", "");
    if (SPARK_OPTIONS.contains(option)) {
      return "%s is an option of Spark: these stand before --, those of the job after it"
          .formatted(option);
    }
    if (argument.startsWith("-")) {
      return "unknown option " + argument + suggestion(argument, options);
    }
    Collection<String> jobs = command.getSubcommands().keySet();
    return jobs.isEmpty()
        ? "unexpected argument '%s'; see --help".formatted(argument)
        : "unknown job '" + argument + "'" + suggestion(argument, jobs);
  }

  private static String suggestion(String argument, Collection<String> known) {
    return Suggestions.nearest(argument, known)
        .map(", did you mean %s?"::formatted)
        .orElse("; see --help");
  }

  private static String name(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
  }
}
