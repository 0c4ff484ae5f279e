package org.sparkgbert.job;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;
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
    Properties settings = load(Path.of(file));
    for (String key : new TreeSet<>(settings.stringPropertyNames())) {
      OptionSpec option = option(key, job, file);
      if (Arrays.stream(args).noneMatch(arg -> sets(arg, option))) {
        expanded.addAll(
            arguments(key, option, hasPairs(option, job), settings.getProperty(key).trim()));
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

  private static Properties load(Path file) {
    Properties settings = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      settings.load(reader);
      return settings;
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(
          "Cannot read settings file %s: there is no such file".formatted(file), e);
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          "Cannot read settings file %s: it is not UTF-8".formatted(file), e);
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Cannot read settings file %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static OptionSpec option(String key, CommandLine job, String file) {
    OptionSpec option = job.getCommandSpec().findOption("--" + key.replaceAll("\\..*", ""));
    boolean isPair = key.contains(".");
    if (option == null || option.longestName().equals(OPTION) || hasPairs(option, job) != isPair) {
      List<String> known =
          job.getCommandSpec().options().stream()
              .map(each -> each.longestName().substring(2) + (hasPairs(each, job) ? ".KEY" : ""))
              .toList();
      throw new IllegalArgumentException(
          "Cannot use settings file %s: unknown key '%s', did you mean '%s'?"
              .formatted(file, key, Suggestions.nearest(key, known)));
    }
    return option;
  }

  private static boolean hasPairs(OptionSpec option, CommandLine job) {
    JobCommand command = (JobCommand) job.getCommandSpec().userObject();
    return command.hasPairs(option.longestName());
  }

  private static boolean sets(String arg, OptionSpec option) {
    return arg.equals(option.longestName()) || arg.startsWith(option.longestName() + "=");
  }

  private static List<String> arguments(
      String key, OptionSpec option, boolean hasPairs, String value) {
    if (hasPairs) {
      String pair = key.substring(key.indexOf('.') + 1) + "=" + value;
      return List.of(option.longestName(), pair);
    }
    if (option.arity().max() == 0) {
      return flag(key, option, value);
    }
    if (value.isEmpty()) {
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
