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
