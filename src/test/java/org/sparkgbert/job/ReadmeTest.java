package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sparkgbert.convert.KnownModel;
import org.sparkgbert.settings.Setting;

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

  /** All of the embed job, then what the others have besides, or mean otherwise. */
  private static List<String> expected() {
    List<String> embed = rows(new EmbedJob());
    List<String> rows = new ArrayList<>(embed);
    List<List<String>> others = new ArrayList<>();
    Main.jobs().forEach(job -> others.add(rows(job)));
    others.forEach(job -> job.stream().filter(row -> !embed.contains(row)).forEach(rows::add));
    return rows;
  }

  private static List<String> rows(Job job) {
    return job.settings().stream()
        .filter(setting -> !setting.meaning().isEmpty() && !setting.isArgument())
        .map(
            setting ->
                "| `%s` | %s | %s |"
                    .formatted(setting.option(), defaultOf(setting), setting.meaning()))
        .toList();
  }

  private static String defaultOf(Setting<?> setting) {
    if (setting.isRequired()) {
      return "required";
    }
    return setting.defaultText().isEmpty() ? "" : "`" + setting.defaultText() + "`";
  }
}
