package org.sparkgbert.job;

import java.util.List;
import org.sparkgbert.model.Version;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParseResult;

/** The command line of spark-gbert: one subcommand per job. */
@Command(
    name = "spark-gbert",
    description = "Sentence embeddings for German text in a data lake, on Apache Spark.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.VersionProvider.class,
    synopsisSubcommandLabel = "JOB")
public final class Main {
  /** Exit code of a run that succeeded. */
  static final int SUCCEEDED = 0;

  /** Exit code of a run that failed. */
  static final int FAILED = 1;

  /** Exit code of a command line, a setting or an input that cannot work. */
  static final int WRONG_USAGE = 2;

  /** Runs a job; the JVM ends with its exit code. */
  public static void main(String[] args) {
    Console console = new Console(System.out, System.err);
    StoppedRun stopped = new StoppedRun(console);
    int code = run(args, console, stopped::watch);
    stopped.unwatch();
    if (code != SUCCEEDED) {
      System.exit(code);
    }
  }

  /** The jobs, in the order of the help text. */
  static List<Job> jobs() {
    return List.of(
        new EmbedJob(),
        new EnrichJob(),
        new StsJob(),
        new SearchJob(),
        new IndexJob(),
        new ClusterJob(),
        new CheckJob(),
        new PruneCacheJob(),
        new QuickstartJob(),
        new ImportModelJob(),
        new VerifyModelJob(),
        new TrainJob(),
        new BenchJob());
  }

  private static CommandLine commands(Console console) {
    CommandLine commands = new CommandLine(new Main());
    jobs().forEach(job -> commands.addSubcommand(job.name(), JobCommand.of(job, console)));
    return commands;
  }

  /** Runs a job inside this JVM. */
  static int run(String[] args, Console console) {
    return run(args, console, () -> {});
  }

  /**
   * @param beforeJob is run before a job, but not before help is shown
   */
  private static int run(String[] args, Console console, Runnable beforeJob) {
    CommandLine commands = commands(console);
    for (CommandLine job : commands.getSubcommands().values()) {
      job.getCommandSpec().versionProvider(new VersionProvider());
    }
    commands.setOut(console.writer(console.out()));
    commands.setErr(console.writer(console.err()));
    commands.setExecutionStrategy(parsed -> execute(parsed, beforeJob));
    commands.setParameterExceptionHandler(new WrongUsage());
    commands.setExecutionExceptionHandler(new FailedRun(console));
    try {
      return commands.execute(ConfigFile.expand(args, commands));
    } catch (IllegalArgumentException e) {
      console.error(e.getMessage());
      return WRONG_USAGE;
    }
  }

  private static int execute(ParseResult parsed, Runnable beforeJob) {
    Integer helped = CommandLine.executeHelpRequest(parsed);
    if (helped != null) {
      return helped;
    }
    beforeJob.run();
    return new CommandLine.RunLast().execute(parsed);
  }

  /** The version of spark-gbert. */
  static final class VersionProvider implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"spark-gbert " + Version.CURRENT};
    }
  }
}
