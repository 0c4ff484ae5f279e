package org.sparkgbert.job;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.sparkgbert.settings.Setting;
import org.sparkgbert.settings.Settings;
import org.sparkgbert.settings.ValueType.Form;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/**
 * A job as a picocli command: one option per setting.
 *
 * <p>picocli only splits the command line; the settings themselves parse values.
 */
final class JobCommand implements Callable<Integer> {
  private final Job job;
  private final Console console;
  private final CommandSpec spec;
  private final Map<Setting<?>, ArgSpec> arguments = new LinkedHashMap<>();

  private JobCommand(Job job, Console console) {
    this.job = job;
    this.console = console;
    this.spec = CommandSpec.wrapWithoutInspection(this);
  }

  /** The command of a job. */
  static CommandLine of(Job job, Console console) {
    JobCommand command = new JobCommand(job, console);
    CommandSpec spec = command.spec;
    spec.name(job.name()).mixinStandardHelpOptions(true);
    job.settings().forEach(command::add);
    CommandLine line = new CommandLine(spec);
    JobHelp.describe(job, spec, command.arguments);
    return line;
  }

  private void add(Setting<?> setting) {
    ArgSpec argument =
        setting.isArgument()
            ? spec.addPositional(positional(setting)).positionalParameters().get(0)
            : spec.addOption(option(setting)).findOption(setting.option());
    arguments.put(setting, argument);
  }

  private static PositionalParamSpec positional(Setting<?> argument) {
    return PositionalParamSpec.builder()
        .paramLabel(argument.label())
        .type(String.class)
        .required(argument.isRequired())
        .arity(argument.isRequired() ? "1" : "0..1")
        .description(JobHelp.meaning(argument))
        .build();
  }

  private static OptionSpec option(Setting<?> setting) {
    OptionSpec.Builder option =
        OptionSpec.builder(setting.option())
            .paramLabel(JobHelp.placeholder(setting))
            .hideParamSyntax(true)
            .required(setting.isRequired())
            .hidden(setting.meaning().isEmpty())
            .description(JobHelp.meaning(setting));
    return switch (setting.type().form()) {
      case SINGLE, OPTIONAL, ARGUMENT -> option.type(String.class).arity("1").build();
      case FLAG -> option.type(Boolean.class).arity("0").build();
      case LIST -> texts(option).splitRegex(",").arity("1").build();
      case REPEATED, PAIRS -> texts(option).arity("1").build();
      case WORDS ->
          texts(option)
              .arity("1..*")
              .parameterConsumer(new Words(setting))
              .initialValue(List.of())
              .build();
    };
  }

  private static OptionSpec.Builder texts(OptionSpec.Builder option) {
    return option.type(List.class).auxiliaryTypes(String.class);
  }

  @Override
  public Integer call() {
    ParseResult parsed = spec.commandLine().getParseResult();
    Settings settings = Settings.NONE;
    for (Setting<?> setting : job.settings()) {
      List<String> texts = texts(arguments.get(setting));
      if (!texts.isEmpty()) {
        settings = settings.parse(setting, texts);
      }
    }
    try {
      TemporaryDirectory.requireUsable();
      return job.run(new Job.Invocation(settings, words(parsed), console));
    } catch (Error e) {
      throw new FailedRun.FatalError(e);
    }
  }

  /** Empty if it was not given. */
  private static List<String> texts(ArgSpec argument) {
    Object value = argument.getValue();
    if (value instanceof List<?> several) {
      return several.stream().map(String::valueOf).toList();
    }
    return value == null ? List.of() : List.of(String.valueOf(value));
  }

  private static List<String> words(ParseResult parsed) {
    List<String> all = parsed.commandSpec().root().commandLine().getParseResult().originalArgs();
    return all.isEmpty() ? all : all.subList(1, all.size());
  }

  /** Whether an option takes key-value pairs. */
  boolean hasPairs(String option) {
    return setting(option).filter(found -> found.type().form() == Form.PAIRS).isPresent();
  }

  /** Whether an option that is left out is blank. */
  boolean isBlankByDefault(String option) {
    return setting(option)
        .filter(found -> !found.isRequired() && found.defaultText().isEmpty())
        .isPresent();
  }

  private Optional<Setting<?>> setting(String option) {
    return job.settings().stream().filter(each -> each.option().equals(option)).findFirst();
  }
}
