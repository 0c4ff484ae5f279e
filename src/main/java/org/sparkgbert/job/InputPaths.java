package org.sparkgbert.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Stack;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Takes several paths, up to the next option, a misspelt one too: no path begins with a dash. */
final class InputPaths implements IParameterConsumer {
  @Override
  public void consumeParameters(Stack<String> args, ArgSpec option, CommandSpec command) {
    List<String> paths = new ArrayList<>(option.<List<String>>getValue());
    int before = paths.size();
    while (!args.isEmpty() && !args.peek().startsWith("-")) {
      paths.add(args.pop());
    }
    if (paths.size() == before) {
      throw new ParameterException(
          command.commandLine(), "Missing required parameter for option '--input' (PATH)");
    }
    option.setValue(paths);
  }
}
