package org.sparkgbert.job;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.commons.lang3.StringUtils;
import org.sparkgbert.corpus.SparkErrors;
import org.sparkgbert.settings.Suggestions;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Settings from a file: {@code key=value} lines in UTF-8, whose keys are the names of options. The
 * command line takes precedence over the file, and the file over the default.
 *
 * <p>Several values of an option are separated by commas, not counting those inside braces; an
 * option that takes pairs has one line per pair, as in {@code read-option.header=true}.
 */
final class ConfigFile {
  private static final String OPTION = "--config";

  /** What is no setting of a run. */
  private static final Set<String> COMMAND_LINE = Set.of(OPTION, "--help", "--version");

  private static final Pattern KEY = Pattern.compile("^\\s*[^\\s=:]+\\s*=");

  /** No comment, and an odd number of backslashes at the end. */
  private static final Pattern CONTINUED =
      Pattern.compile("\\A(?!\\s*[#!])(?s:.*)(?<!\\\\)\\\\(?:\\\\\\\\)*\\z");

  private static final int SHOWN = 80;

  private ConfigFile() {}

  /**
   * Adds the settings of the {@code --config} file to a command line.
   *
   * @throws IllegalArgumentException if the file cannot be read or has an unknown key
   */
  static String[] expand(String[] args, CommandLine commands) {
    String file = valueOf(args);
    CommandLine job = args.length == 0 ? null : commands.getSubcommands().get(args[0]);
    if (file == null || job == null) {
      return args;
    }
    List<String> expanded = new ArrayList<>();
    expanded.add(args[0]);
    Map<String, String> settings = load(Path.of(file));
    for (String key : settings.keySet()) {
      OptionSpec option = option(key, job, file);
      if (Arrays.stream(args).noneMatch(arg -> sets(arg, option))) {
        expanded.addAll(arguments(key, option, command(job), settings.get(key).trim()));
      }
    }
    expanded.addAll(Arrays.asList(args).subList(1, args.length));
    return expanded.toArray(String[]::new);
  }

  private static String valueOf(String[] args) {
    for (int i = 0; i < args.length; i++) {
      if (args[i].startsWith(OPTION + "=")) {
        return args[i].substring(OPTION.length() + 1);
      }
      if (args[i].equals(OPTION) && i + 1 < args.length) {
        return args[i + 1];
      }
    }
    return null;
  }

  private static Map<String, String> load(Path file) {
    try {
      return parse(file, Files.readString(file));
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(
          "Cannot read settings file %s: there is no such file".formatted(file), e);
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          "Cannot read settings file %s: it is not UTF-8".formatted(file), e);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "Cannot read settings file %s: %s".formatted(file, SparkErrors.oneLine(e)), e);
    }
  }

  /** As Java's properties, except that each line has its equals sign, and each key one line. */
  private static Map<String, String> parse(Path file, String text) {
    Map<String, String> settings = new TreeMap<>();
    for (String line : logicalLines(text)) {
      Properties one = new Properties();
      try {
        one.load(new StringReader(line));
      } catch (IOException | IllegalArgumentException e) {
        throw wrong(file, e.getMessage(), line);
      }
      if (!one.isEmpty() && !KEY.matcher(line).find()) {
        throw wrong(file, "each line must be KEY=VALUE", line);
      }
      for (String key : one.stringPropertyNames()) {
        if (settings.put(key, one.getProperty(key)) != null) {
          throw wrong(file, "the key " + key + " may be there only once", line);
        }
      }
    }
    return settings;
  }

  private static IllegalArgumentException wrong(Path file, String rule, String line) {
    return new IllegalArgumentException(
        "Cannot use settings file %s: %s, found '%s'"
            .formatted(file, rule, StringUtils.abbreviate(line.strip(), SHOWN)));
  }

  /** Lines, each with those that continue it after a backslash; comments are not continued. */
  private static List<String> logicalLines(String text) {
    List<String> logical = new ArrayList<>();
    StringBuilder open = new StringBuilder();
    for (String line : text.lines().toList()) {
      open.append(open.isEmpty() ? "" : "\n").append(line);
      if (!CONTINUED.matcher(open).find()) {
        logical.add(open.toString());
        open.setLength(0);
      }
    }
    logical.add(open.toString());
    return logical;
  }

  private static OptionSpec option(String key, CommandLine job, String file) {
    OptionSpec option = job.getCommandSpec().findOption("--" + key.replaceAll("\\..*", ""));
    boolean isPair = key.contains(".");
    if (option == null || isForCommandLine(option) || hasPairs(option, job) != isPair) {
      List<String> known =
          job.getCommandSpec().options().stream()
              .filter(each -> !isForCommandLine(each))
              .map(each -> each.longestName().substring(2) + (hasPairs(each, job) ? ".KEY" : ""))
              .toList();
      throw new IllegalArgumentException(
          "Cannot use settings file %s: unknown key '%s'%s"
              .formatted(
                  file,
                  key,
                  Suggestions.nearest(key, known)
                      .map(", did you mean '%s'?"::formatted)
                      .orElse("")));
    }
    return option;
  }

  private static boolean isForCommandLine(OptionSpec option) {
    return COMMAND_LINE.contains(option.longestName());
  }

  private static boolean hasPairs(OptionSpec option, CommandLine job) {
    return command(job).hasPairs(option.longestName());
  }

  private static JobCommand command(CommandLine job) {
    return (JobCommand) job.getCommandSpec().userObject();
  }

  private static boolean sets(String arg, OptionSpec option) {
    return arg.equals(option.longestName()) || arg.startsWith(option.longestName() + "=");
  }

  private static List<String> arguments(
      String key, OptionSpec option, JobCommand job, String value) {
    if (job.hasPairs(option.longestName())) {
      String pair = key.substring(key.indexOf('.') + 1) + "=" + value;
      return List.of(option.longestName(), pair);
    }
    if (option.arity().max() == 0) {
      return flag(key, option, value);
    }
    if (value.isEmpty() && job.isBlankByDefault(option.longestName())) {
      return List.of();
    }
    if (!option.isMultiValue()) {
      return List.of(option.longestName() + "=" + value);
    }
    List<String> arguments = new ArrayList<>();
    for (String each : value.split("\\s*,(?![^{}]*\\})\\s*", -1)) {
      arguments.add(option.longestName() + "=" + each);
    }
    return arguments;
  }

  private static List<String> flag(String key, OptionSpec option, String value) {
    return switch (value) {
      case "true" -> List.of(option.longestName());
      case "false" -> List.of();
      default ->
          throw new IllegalArgumentException(
              "Cannot run: --%s must be true or false, found '%s'".formatted(key, value));
    };
  }
}
