package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;

class ConfigFileTest {
  private static final Path SHIPPED = Path.of("conf", "embed.properties");

  @TempDir private Path folder;

  @Test
  void aFileCountsMoreThanTheDefault() throws IOException {
    EmbedOptions options = parse("window-rows=7\nlong-text=chunks\n");
    assertThat(options.model.windowRows).isEqualTo(7);
    assertThat(options.model.longText).hasToString("CHUNKS");
    assertThat(options.model.tokenBudget).isZero();
  }

  @Test
  void theCommandLineCountsMoreThanAFile() throws IOException {
    EmbedOptions spaced = parse("window-rows=7\nmode=overwrite\n", "--window-rows", "9");
    EmbedOptions joined = parse("window-rows=7\nmode=overwrite\n", "--window-rows=9");
    assertThat(List.of(spaced.model.windowRows, joined.model.windowRows)).containsOnly(9);
    assertThat(spaced.output.mode).hasToString("OVERWRITE");
  }

  @Test
  void aFileMayHoldWhatIsRequired() throws IOException {
    Path file = Files.writeString(folder.resolve("s"), "input=in\noutput=out\n");
    EmbedOptions options = parse(new String[] {"embed", "--config=" + file});
    assertThat(options.input.input).containsExactly("in");
    assertThat(options.output.output).isEqualTo("out");
  }

  @Test
  void listsAreSeparatedByCommasOutsideOfBraces() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("s"),
            "input=a/{x,y}/*.parquet , b\noutput=out\nkeep-columns=id, Größe\npartition-by=\n");
    EmbedOptions options = parse(new String[] {"embed", "--config", file.toString()});
    assertThat(options.input.input).containsExactly("a/{x,y}/*.parquet", "b");
    assertThat(options.keepColumns).containsExactly("id", "Größe");
    assertThat(options.output.partitionBy).isEmpty();
  }

  @Test
  void inputsOnTheCommandLineReplaceThoseOfTheFile() throws IOException {
    EmbedOptions options = parse("input=a,b\n", "--input", "c", "d");
    assertThat(options.input.input).containsExactly("c", "d");
  }

  @Test
  void pairsHaveALineEach() throws IOException {
    EmbedOptions options = parse("read-option.header=true\nread-option.sep.x=a=b\n");
    assertThat(options.input.readOptions)
        .containsOnly(Map.entry("header", "true"), Map.entry("sep.x", "a=b"));
  }

  @Test
  void conditionsKeepTheirCommasAndQuotes() throws IOException {
    EmbedOptions options = parse("where=lang in ('de', 'at') and size > 3\n");
    assertThat(options.input.where).isEqualTo("lang in ('de', 'at') and size > 3");
  }

  @Test
  void theShippedFileHoldsEveryOptionWithItsDefault() throws IOException {
    Map<String, String> shipped = new LinkedHashMap<>();
    Matcher lines =
        Pattern.compile("(?m)^#?([a-z][a-z-]+)((?:\\.\\w+)?)=(.*)$")
            .matcher(Files.readString(SHIPPED));
    while (lines.find()) {
      boolean hasNoDefault = lines.group().startsWith("#");
      shipped.put(lines.group(1), hasNoDefault ? "" : lines.group(3));
    }
    Map<String, String> options = new LinkedHashMap<>();
    for (OptionSpec option : options()) {
      String value = option.defaultValue();
      options.put(option.longestName().substring(2), value == null ? "" : value);
    }
    assertThat(shipped).containsExactlyEntriesOf(options);
  }

  @Test
  void everyKeyOfTheShippedFileHasItsMeaningBefore() throws IOException {
    List<String> blocks = List.of(Files.readString(SHIPPED).split("\\n\\s*\\n", -1));
    List<String> settings = new ArrayList<>(blocks.subList(1, blocks.size()));
    assertThat(settings)
        .hasSize(options().size())
        .allSatisfy(block -> assertThat(block.strip()).matches("(# [^\\n]{10,}\\n)+#?[a-z.-]+=.*"));
  }

  @Test
  void theShippedFileChangesNothing() throws IOException {
    String[] plain = {"embed", "--input", "in", "--output", "out"};
    String[] configured = {
      "embed", "--config", SHIPPED.toString(), "--input", "in", "--output", "out"
    };
    assertThat(parse(configured))
        .usingRecursiveComparison()
        .ignoringFields("run.config")
        .isEqualTo(parse(plain));
  }

  private static List<OptionSpec> options() {
    Set<String> notSettings = Set.of("--config", "--verbose", "--help", "--version");
    return commands(new EmbedOptions())
        .getSubcommands()
        .get("embed")
        .getCommandSpec()
        .options()
        .stream()
        .filter(option -> !notSettings.contains(option.longestName()))
        .toList();
  }

  private EmbedOptions parse(String settings, String... more) throws IOException {
    Path file = Files.writeString(folder.resolve("s.properties"), settings);
    List<String> args =
        new ArrayList<>(List.of("embed", "--config", file.toString(), "--output", "out"));
    args.addAll(List.of(more));
    if (!settings.startsWith("input=") && !args.contains("--input")) {
      args.addAll(List.of("--input", "in"));
    }
    return parse(args.toArray(String[]::new));
  }

  private static EmbedOptions parse(String[] args) {
    EmbedOptions options = new EmbedOptions();
    CommandLine commands = commands(options);
    commands.setCaseInsensitiveEnumValuesAllowed(true);
    commands.parseArgs(ConfigFile.expand(args, commands));
    return options;
  }

  private static CommandLine commands(EmbedOptions options) {
    return new CommandLine(new Top()).addSubcommand("embed", options);
  }

  @Command
  private static final class Top {}
}
