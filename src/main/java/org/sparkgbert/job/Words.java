package org.sparkgbert.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Stack;
import org.sparkgbert.settings.Setting;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * Consumes several words, up to the next option, even a misspelt one: no word begins with a dash.
 *
 * @param setting the setting that they belong to
 */
record Words(Setting<?> setting) implements IParameterConsumer {
  @Override
  public void consumeParameters(Stack<String> args, ArgSpec option, CommandSpec command) {
    List<String> paths = new ArrayList<>(option.<List<String>>getValue());
    int before = paths.size();
    while (!args.isEmpty() && !args.peek().startsWith("-")) {
      paths.add(args.pop());
    }
    if (paths.size() == before) {
      throw new ParameterException(
          command.commandLine(),
          "Missing required parameter for option '%s' (%s)"
              .formatted(setting.option(), setting.label()));
    }
    option.setValue(paths);
  }
}
