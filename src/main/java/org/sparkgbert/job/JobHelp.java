package org.sparkgbert.job;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.sparkgbert.settings.Setting;
import org.sparkgbert.settings.SettingGroup;
import org.sparkgbert.settings.ValueType.Form;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The help text of a job, made from the declarations of its settings. */
final class JobHelp {
  private static final char REQUIRED = '*';

  private JobHelp() {}

  /**
   * Describes a job: how it is launched, its settings in their groups, and an example.
   *
   * @param arguments what picocli parses for each setting
   */
  static void describe(Job job, CommandSpec spec, Map<Setting<?>, ArgSpec> arguments) {
    UsageMessageSpec usage = spec.usageMessage();
    usage
        .customSynopsis(synopsis(job))
        .description(job.description())
        .requiredOptionMarker(REQUIRED)
        .autoWidth(true)
        .footer(footer(job));
    usage.sectionMap().put(UsageMessageSpec.SECTION_KEY_PARAMETER_LIST, help -> "");
    usage
        .sectionMap()
        .put(
            UsageMessageSpec.SECTION_KEY_OPTION_LIST,
            help ->
                job.groups().stream()
                        .map(group -> section(group, help, arguments))
                        .collect(Collectors.joining())
                    + standard(help));
  }

  /** The launcher, and what must be given. */
  private static String synopsis(Job job) {
    String required =
        job.settings().stream()
            .filter(setting -> setting.isRequired() || setting.isArgument())
            .map(JobHelp::inSynopsis)
            .collect(Collectors.joining());
    return job.launcher()
        + (job.usesSpark() ? " [SPARK OPTIONS --]" : "")
        + required
        + " [OPTIONS]";
  }

  private static String inSynopsis(Setting<?> setting) {
    if (setting.isArgument()) {
      return (setting.isRequired() ? " %s" : " [%s]").formatted(setting.label());
    }
    return " " + setting.option() + " " + placeholder(setting);
  }

  private static String[] footer(Job job) {
    String example = "Example: " + job.launcher() + " " + job.example();
    return job.settings().stream().anyMatch(Setting::isRequired)
        ? new String[] {"", REQUIRED + " must be given.", example}
        : new String[] {"", example};
  }

  private static String section(SettingGroup group, Help help, Map<Setting<?>, ArgSpec> arguments) {
    List<ArgSpec> shown =
        group.settings().stream()
            .<ArgSpec>map(arguments::get)
            .filter(Predicate.not(ArgSpec::hidden))
            .toList();
    Help.Layout layout = help.createDefaultLayout();
    for (ArgSpec argument : shown) {
      if (argument instanceof OptionSpec option) {
        layout.addOption(option, help.parameterLabelRenderer());
      } else {
        layout.addPositionalParameter(
            (PositionalParamSpec) argument, help.parameterLabelRenderer());
      }
    }
    return "%n%s:%n".formatted(group.title()) + layout;
  }

  private static String standard(Help help) {
    Help.Layout layout = help.createDefaultLayout();
    for (String name : List.of("--help", "--version")) {
      layout.addOption(help.commandSpec().findOption(name), help.parameterLabelRenderer());
    }
    return "%nHelp:%n".formatted() + layout;
  }

  /** What stands for a setting's value. */
  static String placeholder(Setting<?> setting) {
    return setting.label()
        + switch (setting.type().form()) {
          case LIST -> "[,...]";
          case WORDS -> "...";
          case SINGLE, OPTIONAL, ARGUMENT, FLAG, REPEATED, PAIRS -> "";
        };
  }

  /** What a setting means, and its default. */
  static String meaning(Setting<?> setting) {
    boolean hasDefault =
        !setting.isRequired()
            && !setting.defaultText().isEmpty()
            && setting.type().form() != Form.FLAG;
    String after = hasDefault ? " Default: " + setting.defaultText() + "." : "";
    // A percent sign starts a format specifier in picocli.
    return (setting.meaning() + after).replace("%", "%%");
  }
}
