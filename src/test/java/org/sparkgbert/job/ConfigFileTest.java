package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.corpus.InputOptions;
import org.sparkgbert.embed.EmbedOptions;
import org.sparkgbert.encode.EncoderOptions;
import org.sparkgbert.lake.OutputOptions;
import org.sparkgbert.settings.Setting;
import org.sparkgbert.settings.Settings;
import org.sparkgbert.tokenize.TextOptions;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class ConfigFileTest {
  private static final Path SHIPPED = Path.of("conf", "embed.properties");

  @TempDir private Path folder;

  @Test
  void aFileTakesPrecedenceOverTheDefault() throws IOException {
    Settings options = parse("window-rows=7\nlong-text=chunks\n");
    assertThat(options.get(EncoderOptions.WINDOW_ROWS)).isEqualTo(7);
    assertThat(options.get(TextOptions.LONG_TEXT)).hasToString("CHUNKS");
    assertThat(options.get(EncoderOptions.TOKEN_BUDGET)).isZero();
  }

  @Test
  void theCommandLineTakesPrecedenceOverAFile() throws IOException {
    Settings spaced = parse("window-rows=7\nmode=overwrite\n", "--window-rows", "9");
    Settings joined = parse("window-rows=7\nmode=overwrite\n", "--window-rows=9");
    assertThat(
            List.of(spaced.get(EncoderOptions.WINDOW_ROWS), joined.get(EncoderOptions.WINDOW_ROWS)))
        .containsOnly(9);
    assertThat(spaced.get(OutputOptions.MODE)).hasToString("OVERWRITE");
  }

  @Test
  void aFileMayHoldWhatIsRequired() throws IOException {
    Path file = Files.writeString(folder.resolve("s"), "input=in\noutput=out\n");
    Settings options = parse(new String[] {"embed", "--config=" + file});
    assertThat(options.get(InputOptions.INPUT)).containsExactly("in");
    assertThat(options.get(OutputOptions.OUTPUT)).isEqualTo("out");
  }

  @Test
  void listsAreSeparatedByCommasOutsideOfBraces() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("s"),
            "input=a/{x,y}/*.parquet , b\noutput=out\nkeep-columns=id, Größe\npartition-by=\n");
    Settings options = parse(new String[] {"embed", "--config", file.toString()});
    assertThat(options.get(InputOptions.INPUT)).containsExactly("a/{x,y}/*.parquet", "b");
    assertThat(options.get(EmbedOptions.KEEP_COLUMNS)).containsExactly("id", "Größe");
    assertThat(options.get(OutputOptions.PARTITION_BY)).isEmpty();
  }

  @Test
  void inputsOnTheCommandLineReplaceThoseOfTheFile() throws IOException {
    Settings options = parse("input=a,b\n", "--input", "c", "d");
    assertThat(options.get(InputOptions.INPUT)).containsExactly("c", "d");
  }

  @Test
  void flagsAreWrittenOut() throws IOException {
    assertThat(parse("verbose=true\n").get(JobOptions.VERBOSE)).isTrue();
    assertThat(parse("verbose=false\n").get(JobOptions.VERBOSE)).isFalse();
    assertThatThrownBy(() -> parse("verbose=\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot run: --verbose must be true or false, found ''");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          window-rows=7;mode=error;window-rows=9 | the key window-rows may be there only once, found 'window-rows=9'
          read-option.a=1;read-option.a=2        | the key read-option.a may be there only once, found 'read-option.a=2'
          mode overwrite                         | each line must be KEY=VALUE, found 'mode overwrite'
          mode                                   | each line must be KEY=VALUE, found 'mode'
          mode: overwrite                        | each line must be KEY=VALUE, found 'mode: overwrite'
          help=true                              | unknown key 'help'
          version=true                           | unknown key 'version'
          config=other.properties                | unknown key 'config'
          """)
  void aLineThatCouldMeanSomethingElseIsRefused(String lines, String message) {
    assertThatThrownBy(() -> parse(lines.replace(";", "\n") + "\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot use settings file")
        .hasMessageContaining(message)
        .hasMessageNotContaining("mean 'config'")
        .hasMessageNotContaining("mean 'help'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dedupe", "files", "window-rows", "mode"})
  void whatHasADefaultIsNotBlank(String key) throws IOException {
    Path file = Files.writeString(folder.resolve("s"), key + "=\n");
    JobRun run = JobRun.withoutSpark("embed", "--config=" + file, "--input=in", "--output=out");
    assertThat(run.code()).isEqualTo(Main.WRONG_USAGE);
    assertThat(run.err())
        .singleElement()
        .asString()
        .startsWith("spark-gbert: Cannot run: --%s must be ".formatted(key))
        .endsWith("found ''");
  }

  @Test
  void aLineMayGoOnAfterABackslashAndACommentDoesNot() throws IOException {
    Settings options = parse("# C:\\\nwhere=a = 1 \\\n  and b = '\\\\'\nfiles=2\n");
    assertThat(options.get(InputOptions.WHERE)).isEqualTo("a = 1 and b = '\\'");
    assertThat(options.get(OutputOptions.FILES)).isEqualTo(2);
  }

  @Test
  void pairsHaveALineEach() throws IOException {
    Settings options = parse("read-option.header=true\nread-option.sep.x=a=b\n");
    assertThat(options.get(InputOptions.READ_OPTION))
        .containsOnly(Map.entry("header", "true"), Map.entry("sep.x", "a=b"));
  }

  @Test
  void conditionsKeepTheirCommasAndQuotes() throws IOException {
    Settings options = parse("where=lang in ('de', 'at') and size > 3\n");
    assertThat(options.get(InputOptions.WHERE)).isEqualTo("lang in ('de', 'at') and size > 3");
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
    options().forEach(setting -> options.put(setting.name(), setting.defaultText()));
    assertThat(shipped).containsExactlyEntriesOf(options);
  }

  @Test
  void everyKeyOfTheShippedFileHasItsMeaningBefore() throws IOException {
    List<String> blocks = List.of(Files.readString(SHIPPED).split("\\n\\s*\\n", -1));
    List<String> meanings =
        blocks.subList(1, blocks.size()).stream()
            .map(block -> block.strip().replaceAll("(?m)^# |\\n#?[a-z.-]+=.*$", ""))
            .toList();
    assertThat(meanings)
        .containsExactlyElementsOf(options().stream().map(ConfigFileTest::meaning).toList());
  }

  private static String meaning(Setting<?> setting) {
    return setting.meaning()
        + (setting.isRequired() ? " Required, here or on the command line." : "");
  }

  @Test
  void theShippedFileChangesNothing() throws IOException {
    String[] plain = {"embed", "--input", "in", "--output", "out"};
    String[] configured = {
      "embed", "--config", SHIPPED.toString(), "--input", "in", "--output", "out"
    };
    Settings expected = parse(plain);
    Settings found = parse(configured);
    assertThat(options())
        .allSatisfy(setting -> assertThat(found.get(setting)).isEqualTo(expected.get(setting)));
  }

  private static List<Setting<?>> options() {
    Set<Setting<?>> notSettings = Set.of(JobOptions.CONFIG, JobOptions.VERBOSE);
    return new EmbedJob()
        .settings().stream().filter(setting -> !notSettings.contains(setting)).toList();
  }

  private Settings parse(String settings, String... more) throws IOException {
    Path file = Files.writeString(folder.resolve("s.properties"), settings);
    List<String> args =
        new ArrayList<>(List.of("embed", "--config", file.toString(), "--output", "out"));
    args.addAll(List.of(more));
    if (!settings.startsWith("input=") && !args.contains("--input")) {
      args.addAll(List.of("--input", "in"));
    }
    return parse(args.toArray(String[]::new));
  }

  private static Settings parse(String[] args) {
    RecordedJob job = new RecordedJob(new EmbedJob());
    CommandLine commands =
        new CommandLine(new Top())
            .addSubcommand("embed", JobCommand.of(job, new Console(System.out, System.err)));
    commands.setExecutionExceptionHandler(
        (error, command, parsed) -> {
          throw error;
        });
    commands.execute(ConfigFile.expand(args, commands));
    return job.given();
  }

  @Command
  private static final class Top {}
}
