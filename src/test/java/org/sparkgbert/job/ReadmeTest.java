package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** What the README says of settings is what the job knows. */
class ReadmeTest {
  @Test
  void theTableOfSettingsHasEveryOptionWithDefaultAndMeaning() throws IOException {
    List<String> rows =
        Files.readAllLines(Path.of("README.md")).stream()
            .filter(line -> line.startsWith("| `--"))
            .toList();
    assertThat(rows).containsExactlyElementsOf(expected());
  }

  @Test
  void theTableOfKnownModelsIsWhatTheJobLists() throws IOException {
    List<String> rows =
        Files.readAllLines(Path.of("README.md")).stream()
            .dropWhile(line -> !line.startsWith("| model | dimension |"))
            .skip(2)
            .takeWhile(line -> line.startsWith("|"))
            .toList();
    assertThat(rows)
        .containsExactlyElementsOf(
            KnownModel.ALL.stream()
                .map(
                    model ->
                        "| `%s` | %d | %s | %s | %s |"
                            .formatted(
                                model.id(),
                                model.dimension(),
                                model.pooling(),
                                model.licence(),
                                model.stsb().isEmpty()
                                    ? "-"
                                    : "%s (%s)".formatted(model.stsb(), model.source())))
                .toList());
  }

  private static List<String> expected() {
    CommandLine embed = new CommandLine(new EmbedJob(new Console(System.out, System.err)));
    List<String> rows = new ArrayList<>();
    for (OptionSpec option : embed.getCommandSpec().options()) {
      if (!option.usageHelp() && !option.versionHelp()) {
        rows.add(
            "| `%s` | %s | %s |"
                .formatted(
                    option.longestName(),
                    defaultOf(option),
                    String.join(" ", option.description())));
      }
    }
    return rows;
  }

  private static String defaultOf(OptionSpec option) {
    if (option.required()) {
      return "required";
    }
    String value = option.defaultValue() == null ? "" : option.defaultValue();
    if (value.isEmpty() && option.arity().max() == 0) {
      value = "false";
    }
    return value.isEmpty() ? "" : "`" + value + "`";
  }
}
